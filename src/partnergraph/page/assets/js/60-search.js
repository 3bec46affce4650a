// Type-ahead over names and other names: the name itself comes first, then what begins so, then words that do, then the rest.
const MOST_HITS = 10;

// How well a folded name fits, as Names.search in Python has it; its words stand apart.
function gradeOf(name, wanted) {
  const whole = name.replaceAll(" ", "");
  if (whole === wanted) return 0;
  if (whole.startsWith(wanted)) return 1;
  if (name.split(" ").some((word) => word.startsWith(wanted))) return 2;
  return whole.includes(wanted) ? 3 : Infinity;
}

function hitsFor(text) {
  const wanted = fold(text);
  if (!wanted) return [];
  const hits = [];
  for (const { id, folded, also } of ENTITIES) {
    let best = null;
    folded.forEach((name, index) => {
      const grade = gradeOf(name, wanted) + (index ? 0.5 : 0);
      if (grade < (best ? best.grade : Infinity)) best = { id, grade, alias: index ? also[index - 1] : "" };
    });
    if (best) hits.push(best);
  }
  return hits.sort((a, b) => a.grade - b.grade || a.id - b.id).slice(0, MOST_HITS);
}

function buildSearch() {
  const field = byId("find");
  const list = byId("hits");
  let hits = [];
  let current = -1;

  const close = () => {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
    current = -1;
  };
  const mark = (index) => {
    current = index;
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === index)));
    if (index < 0) return;
    field.setAttribute("aria-activedescendant", `hit-${index}`);
    list.children[index].scrollIntoView({ block: "nearest" });
  };
  const choose = (hit) => {
    close();
    field.value = "";
    select(hit.id, true);
    if (S.view === "map") byId("map").focus({ preventScroll: true });
  };
  const item = (hit, index) => {
    const entity = ENTITIES[hit.id];
    const onmousedown = (event) => {
      event.preventDefault();
      choose(hit);
    };
    return el(
      "li",
      { id: `hit-${index}`, role: "option", "aria-selected": "false", onmousedown },
      groupGlyph(GROUPS[entity.group], 14),
      el("span", {}, entity.label, hit.alias && el("span", { class: "alias" }, ` (${hit.alias})`)),
      el("span", { class: "n" }, entity.kind),
    );
  };

  field.addEventListener("input", () => {
    hits = hitsFor(field.value);
    if (!field.value.trim()) {
      close();
      return;
    }
    const none = el(
      "li",
      { role: "option", "aria-disabled": "true", "aria-selected": "false", class: "none" },
      "No entity has such a name.",
    );
    list.replaceChildren(...(hits.length ? hits.map(item) : [none]));
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
    if (hits.length) mark(0);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : hits.length - 1;
      if (hits.length) mark((current + step) % hits.length);
    } else if (event.key === "Enter" && hits[current]) choose(hits[current]);
    else if (event.key === "Escape") {
      close();
      field.value = "";
    }
  });
  field.addEventListener("blur", close);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || /INPUT|TEXTAREA|SELECT/.test(document.activeElement.tagName)) return;
    event.preventDefault();
    field.focus();
  });
}
