// The legend is the filter. Its numbers count what is in the view before the legend itself takes anything away,
// so that those of relations, attestations and stages each add up to all claims of the view.
function keyRow(hidden, id, glyph, label, about, count) {
  const box = el("input", { type: "checkbox" });
  box.checked = !hidden.has(id);
  box.addEventListener("change", () => {
    if (box.checked) hidden.delete(id);
    else hidden.add(id);
    update();
  });
  return el(
    "li",
    { title: about },
    el(
      "label",
      {},
      box,
      glyph,
      el("span", { class: "t" }, capital(label)),
      el("span", { class: "n" }, grouped(count)),
    ),
  );
}

function tally(valueOf) {
  const counts = new Map();
  CLAIMS.forEach((claim, index) => {
    if (!V.inTime[index]) return;
    const value = valueOf(claim, index);
    counts.set(value, (counts.get(value) || 0) + 1);
  });
  return counts;
}

function legendRows(id, rows) {
  const list = byId(id).querySelector("ul");
  const active = list.contains(document.activeElement)
    ? [...list.querySelectorAll("input")].indexOf(document.activeElement)
    : -1;
  list.replaceChildren(...rows.filter(Boolean));
  if (active >= 0) list.querySelectorAll("input")[active]?.focus();
}

function levelRows(levels, hidden, counts, none, glyphOf) {
  const rows = [...levels].reverse().map((level) => [level.rank, level.label, level.about]);
  rows.push([0, none, ""]);
  return rows
    .filter(([rank]) => counts.get(rank) || hidden.has(String(rank)))
    .map(([rank, label, about]) =>
      keyRow(hidden, String(rank), glyphOf(rank), label, about, counts.get(rank) || 0),
    );
}

function legend() {
  const inGroup = new Map();
  for (const entity of ENTITIES) {
    if (!CLAIMS_OF[entity.id].some((claim) => V.inTime[claim])) continue;
    inGroup.set(entity.group, (inGroup.get(entity.group) || 0) + 1);
  }
  const groups = GROUPS.map(
    (group, index) =>
      (inGroup.get(index) || S.hidegroup.has(group.id)) &&
      keyRow(S.hidegroup, group.id, groupGlyph(group, 18), group.label, group.about, inGroup.get(index) || 0),
  );
  const inFamily = tally(familyOf);
  const families = FAMILIES.map(
    (family, index) =>
      (inFamily.get(index) || S.hiderelation.has(family.id)) &&
      keyRow(
        S.hiderelation,
        family.id,
        lineGlyph(shade(family)),
        family.label,
        family.about,
        inFamily.get(index) || 0,
      ),
  );
  const aside = ASIDE.filter((named, index) => named && V.inTime[index]).length;
  legendRows("groups", groups);
  legendRows("families", [...families, aside > 0 && asideRow(aside)]);
  const attested = (rank) => lineGlyph(ink("ink"), rank >= 3 ? "solid" : rank === 2 ? "dash" : "dot");
  const attestations = tally((claim) => claim.a || 0);
  legendRows(
    "attestations",
    levelRows(LISTS.attestation, S.hideattestation, attestations, "not stated", attested),
  );
  legendRows(
    "stages",
    levelRows(
      LISTS.stage,
      S.hidestage,
      tally((claim) => claim.s || 0),
      "no deal",
      () => null,
    ),
  );
  const dayed = !S.compare && Boolean(S.asof || S.known);
  byId("certainties").hidden = !dayed && !S.hidesure.size;
  const certainty = tally((claim, index) => (V.possibly[index] ? "possibly" : "surely"));
  const sureRow = (id, label, about) => keyRow(S.hidesure, id, null, label, about, certainty.get(id) || 0);
  const vague = "Their dates are unknown or less precise than the day.";
  legendRows("certainties", [
    sureRow("surely", "Surely", ""),
    sureRow("possibly", "Only possibly", vague),
    S.known &&
      !S.compare &&
      flagRow("undated", "With undated sources", "Keep claims whose sources carry no date."),
  ]);
  byId("changes").hidden = !S.compare;
  if (S.compare) {
    const counts = tally((claim, index) => V.change[index]);
    const row = (change) =>
      keyRow(
        S.hidechange,
        change,
        lineGlyph(shade(CHANGES[change])),
        CHANGES[change].label,
        "",
        counts.get(change) || 0,
      );
    legendRows("changes", ["began", "ended", "both"].map(row));
  }
}

// A row that switches something on which is off at first.
function flagRow(name, label, about, glyph, note) {
  const box = el("input", { type: "checkbox" });
  box.checked = S[name];
  box.addEventListener("change", () => {
    S[name] = box.checked;
    update();
  });
  const words = el("span", { class: "t" }, label);
  return el(
    "li",
    { class: "aside", title: about },
    el("label", {}, box, glyph, words, note && el("span", { class: "n" }, note)),
  );
}

// Links between those who are only named in a claim are not asked for at first: they are many and say little.
function asideRow(count) {
  const about =
    "Also link entities that a claim names beside its two ends; these claims are counted above already.";
  return flagRow(
    "aside",
    "Also named together",
    about,
    lineGlyph(ink("muted"), "dot"),
    `(${grouped(count)})`,
  );
}
