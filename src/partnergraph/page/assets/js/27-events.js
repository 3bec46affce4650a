// The timeline: events and intervals in order.
const MOST_EVENTS = 400;
const ROW = 25;

// Events and intervals in order: of what is selected, else of the links on the map.
function timelineScene() {
  const about = timelineClaims();
  const dated = about.filter((index) => CLAIMS[index].t && (CLAIMS[index].t[0] || CLAIMS[index].t[2]));
  const undated = about.length - dated.length;
  const start = (index) => CLAIMS[index].t[0] || CLAIMS[index].t[2];
  const rows = dated
    .sort((a, b) => start(b) - start(a) || (CLAIMS[a].i < CLAIMS[b].i ? -1 : 1))
    .slice(0, MOST_EVENTS);
  rows.reverse();
  if (!rows.length)
    return { marks: [], empty: "No dated claim passes these filters on this day.", upright: true };
  const days = rows.flatMap((index) => [start(index), CLAIMS[index].t[3] || 0]).filter(Boolean);
  const [first, last] = [
    Math.min(...days.map(yearOf)),
    Math.ceil(Math.max(...days.map(yearOf), RANGE.last / 12) + 0.001),
  ];
  const whole = Math.max(560, (mapBox().width || 900) - 2 * MARGIN);
  const span = Math.round(whole * (whole < 700 ? 0.3 : 0.4));
  const at = (day) => ((yearOf(day) - Math.floor(first)) / (last - Math.floor(first) || 1)) * span;
  const [marks, items] = [[], []];
  const bottom = rows.length * ROW;
  const step = (last - first) / span > 0.05 ? 5 : (last - first) / span > 0.022 ? 2 : 1;
  for (let year = Math.floor(first); year <= last; year += step) {
    const x = at(year * 10000 + 101);
    marks.push(
      {
        mark: "line",
        from: [x, -8],
        to: [x, bottom],
        bend: null,
        colour: ink("line"),
        width: 1,
        dash: null,
        alpha: 1,
      },
      words(String(year), x, -20, { colour: ink("muted") }),
    );
  }
  rows.forEach((index, row) =>
    marks.push(...eventMarks(index, row * ROW + ROW / 2, { at, last, span, room: whole - span - 20 }, items)),
  );
  const left = dated.length - rows.length;
  const notes = [
    left > 0 && `${plural(left, "earlier claim")} not drawn`,
    undated > 0 && `${plural(undated, "claim")} without a date`,
  ].filter(Boolean);
  if (notes.length)
    marks.push(
      words(`${notes.join(", ")}: the table has them.`, 0, bottom + 20, {
        anchor: "left",
        colour: ink("muted"),
      }),
    );
  return { marks, items, upright: true, most: 1 };
}

const yearOf = (day) =>
  Math.floor(day / 10000) + ((Math.floor(day / 100) % 100) - 1) / 12 + ((day % 100) - 1) / 372;

function timelineClaims() {
  if (S.relation) {
    const style = lookOf(S.relation);
    return style ? [...style.claims, ...style.aside] : [];
  }
  return S.entity != null ? claimsOn(S.entity) : [...V.claims];
}

function eventMarks(index, y, { at, last, span, room }, items) {
  const claim = CLAIMS[index];
  const [startsEarliest, startsLatest, , endsLatest] = claim.t;
  const family = FAMILIES[familyOf(claim)];
  const colour = shade(family);
  const hit = { claim: index };
  const x = startsEarliest ? at(startsEarliest) : 0;
  const lasts = claim.t.length > 2 || (claim.w || "").includes("–");
  const end = endsLatest ? at(endsLatest) : at((last - 0.001) * 10000 + 101);
  const marks = [];
  if (lasts) {
    const bar = {
      mark: "rect",
      x,
      y: y - 4,
      w: Math.max(3, end - x),
      h: 8,
      round: 3,
      fill: colour,
      stroke: null,
      width: 0,
    };
    marks.push({ ...bar, alpha: V.possibly[index] ? 0.45 : 0.85, hit, title: claim.l });
  }
  if (startsLatest && startsLatest !== startsEarliest) {
    const spread = {
      mark: "line",
      from: [x, y],
      to: [at(startsLatest), y],
      bend: null,
      colour,
      width: 1.5,
      dash: [2, 2],
      alpha: 1,
    };
    marks.push(spread);
  }
  if (startsEarliest)
    marks.push({
      mark: "shape",
      shape: "dot",
      x,
      y,
      r: 4.5,
      fill: V.possibly[index] ? ink("page") : colour,
      stroke: colour,
      width: 1.6,
      alpha: 1,
      hit,
    });
  const label = fitting(`${claim.w || "undated"} · ${SIGNS[familyOf(claim)]} · ${claim.l}`, room);
  const wide = textWidth(label, { weight: 450, size: 12 });
  const text = span + 18;
  marks.push(
    {
      mark: "line",
      from: [Math.min(span, lasts ? end : x + 6), y],
      to: [text - 6, y],
      bend: null,
      colour: ink("line"),
      width: 1,
      dash: [1, 4],
      alpha: 1,
    },
    {
      mark: "rect",
      x: text,
      y: y - ROW / 2,
      w: wide,
      h: ROW,
      fill: ink("page"),
      stroke: null,
      width: 0,
      alpha: 1,
      hit,
    },
    words(label, text, y, { anchor: "left", hit }),
  );
  items.push({ x, y, hit, say: `${claim.w || "undated"}: ${claim.l}` });
  return marks;
}
