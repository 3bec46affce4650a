// The legend is the filter. Its numbers count what is in the view before the legend itself takes anything away,
// so that those of relations, attestations and stages each add up to all claims of the view.
function keyRow(hidden, id, glyph, label, about, count, all) {
  const box = el("input", { type: "checkbox" });
  box.checked = !hidden.has(id);
  box.addEventListener("change", () => {
    if (box.checked) hidden.delete(id);
    else hidden.add(id);
    update();
  });
  const row = el(
    "label",
    {},
    box,
    glyph,
    el("span", { class: "t" }, capital(label)),
    el("span", { class: "n" }, count == null ? "" : grouped(count)),
  );
  return el("li", { title: about }, row, all && onlyButton(hidden, id, label, all));
}

// Shows one row of a list alone, and all of them again.
function onlyButton(hidden, id, label, all) {
  const others = all.filter((one) => one !== id);
  const alone = others.length > 0 && !hidden.has(id) && others.every((one) => hidden.has(one));
  const words_ = alone ? "all" : "only";
  return button(
    [words_, el("span", { class: "unseen" }, alone ? "" : ` ${label}`)],
    () => {
      hidden.clear();
      if (!alone) for (const one of others) hidden.add(one);
      update();
    },
    { class: "only" },
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
  const before = [...list.querySelectorAll("input, button")].indexOf(document.activeElement);
  list.replaceChildren(...rows.filter(Boolean));
  // One stop of the keyboard for a list; arrows go on in it.
  const stops = [...list.querySelectorAll("input, button")];
  stops.forEach((stop, at) => {
    stop.tabIndex = at === Math.max(0, before) ? 0 : -1;
  });
  if (before >= 0) stops[Math.min(before, stops.length - 1)]?.focus({ preventScroll: true });
}

function levelRows(levels, hidden, counts, none, glyphOf) {
  const rows = [...levels].reverse().map((level) => [level.rank, level.label, level.about]);
  rows.push([0, none, ""]);
  const shown = rows.filter(([rank]) => counts.get(rank) || hidden.has(String(rank)));
  const all = shown.map(([rank]) => String(rank));
  return shown.map(([rank, label, about]) =>
    keyRow(hidden, String(rank), glyphOf(rank), label, about, counts.get(rank) || 0, all),
  );
}

// Rows with an identity of their own, of those that occur or are hidden.
function namedRows(list, hidden, counts, glyphOf) {
  const shown = list
    .map((one, index) => [one, counts.get(index) || 0])
    .filter(([one, count]) => count || hidden.has(one.id));
  const all = shown.map(([one]) => one.id);
  return shown.map(([one, count]) => keyRow(hidden, one.id, glyphOf(one), one.label, one.about, count, all));
}

function legend() {
  const inGroup = new Map();
  for (const entity of ENTITIES) {
    if (!isThere(entity.id) || !CLAIMS_OF[entity.id].some((claim) => V.inTime[claim])) continue;
    inGroup.set(entity.group, (inGroup.get(entity.group) || 0) + 1);
  }
  const groups = namedRows(GROUPS, S.hidegroup, inGroup, (group) => groupGlyph(group, 18));
  const families = namedRows(FAMILIES, S.hiderelation, tally(familyOf), (family) =>
    lineGlyph(shade(family), "solid", SIGNS[FAMILIES.indexOf(family)]),
  );
  const aside = ASIDE.filter((named, index) => named && V.inTime[index]).length;
  legendRows("groups", groups);
  legendRows("families", [...families, aside > 0 && asideRow(aside)]);
  const inKind = tally((claim) => claim.k);
  const kinds = KINDS.map((kind, index) => [kind, index]).sort((a, b) => (a[0].label < b[0].label ? -1 : 1));
  const kindRows = namedRows(
    kinds.map(([kind]) => kind),
    S.hidekind,
    new Map(kinds.map(([, index], at) => [at, inKind.get(index)])),
    () => null,
  );
  legendRows("kinds", kindRows);
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
  legendRows(
    "tiers",
    levelRows(LISTS.tier, S.hidetier, tally(bestTier), "no tier", () => null),
  );
  const dayed = !S.compare && Boolean(S.asof || S.known);
  byId("certainties").hidden = !dayed && !S.hidesure.size;
  const certainty = tally((claim, index) => (V.possibly[index] ? "possibly" : "surely"));
  const sureRow = (id, label, about) =>
    keyRow(S.hidesure, id, null, label, about, certainty.get(id) || 0, ["surely", "possibly"]);
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
    const all = ["began", "ended", "changed", "both", "unknown"];
    const row = (change) => {
      const { label, sign } = CHANGES[change];
      const glyph = lineGlyph(shade(CHANGES[change]), "solid", sign);
      return keyRow(S.hidechange, change, glyph, label, "", counts.get(change) || 0, all);
    };
    legendRows("changes", all.map(row));
  }
  const inPurpose = new Map();
  for (const entry of S.view === "money" && !moneyMissing() ? entriesOn(dayNumber(S.asof)) : []) {
    if (entry.p >= 0 && entry.q >= 0) inPurpose.set(entry.u, (inPurpose.get(entry.u) || 0) + 1);
  }
  legendRows(
    "money",
    namedRows(LEDGER.purposes, S.hidepurpose, inPurpose, (one) =>
      lineGlyph(shade(one), "solid", signsOf(LEDGER.purposes)[LEDGER.purposes.indexOf(one)]),
    ),
  );
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
