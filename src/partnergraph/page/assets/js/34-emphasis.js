// What to emphasise: what is pointed at, else a trail, else where the keyboard is, else what is selected.
function emphasis() {
  if (scene) return null;
  const { hover, focus, trail } = POINTED;
  if (trail && !hover) return trailEmphasis(trail);
  const node = hover ? hover.node : (focus ?? S.entity);
  const pair = hover ? hover.pair : node == null ? S.relation : null;
  if (!hover && node == null && !pair && S.claim != null) return claimEmphasis(S.claim);
  if (S.scope === "ego" && node === S.entity && !(hover && hover.node != null)) return null;
  if (node != null && V.nodes.has(node)) {
    const pairs = [...PAIRS_OF[node].values()].filter((link) => V.edges.has(link));
    return { node, pairs, nodes: new Set([node, ...pairs.map((link) => other(link, node))]) };
  }
  if (pair && V.edges.has(pair)) return { pair, pairs: [pair], nodes: new Set([pair.from, pair.to]) };
  return null;
}

// The links that one claim makes, as far as they are on the map.
function claimEmphasis(claim) {
  const pairs = [...V.edges].filter(([, style]) => style.claims.includes(claim)).map(([pair]) => pair);
  if (!pairs.length) return null;
  return { trail: true, pairs, nodes: new Set(pairs.flatMap((pair) => [pair.from, pair.to])) };
}

function trailEmphasis(trail) {
  const pairs = [];
  for (let i = 0; i + 1 < trail.length; i += 1) {
    const pair = pairBetween(trail[i], trail[i + 1]);
    if (pair && V.edges.has(pair)) pairs.push(pair);
  }
  return { trail: true, pairs, nodes: new Set(trail.filter((id) => V.nodes.has(id))) };
}

// All marks of the map at a scale, within a window of it that is so many pixels wide and high.
function pictureMarks({ scale, corner, width, height, blocked = [] }) {
  if (scene) return [...scene.marks, ...sceneFocus(scale)];
  const meant = emphasis();
  const marks = [...baseOf(), ...emphasisMarks(meant)];
  if (S.entity != null && V.nodes.has(S.entity)) marks.push(ringMark(S.entity, ink("ink"), 2, scale));
  if (POINTED.focus != null) marks.push(ringMark(POINTED.focus, ink("accent"), 3, scale));
  const window = { scale, corner, width, height, blocked };
  const tags = tagMarks(meant, window);
  const labels = labelMarks(
    window,
    meant,
    tags.map((tag) => tag.box),
  );
  const names = [...placed.values()].map(({ box }) => box);
  // A name that had no other room takes that of a count.
  const free = tags.filter((tag) => !names.some((box) => overlap(box, tag.box)));
  return [...marks, ...free.flatMap((tag) => tag.marks), ...labels];
}

const MOST_TAGS = 16;
const MOST_SIGNS = 60;

// The count of claims on a line with the letter of their family, so that colour is not alone; words where there is one line.
function tagMarks(meant, { scale, corner, width }) {
  const all = !meant && S.look === "relations" && V.edges.size <= MANY_LINES;
  if (!meant && !all && !S.compare) return [];
  const full = Boolean(meant && (meant.pair || meant.trail));
  if (!full && width <= 500) return [];
  const pairs = meant
    ? meant.pairs
    : [...V.edges.keys()].sort((a, b) => V.edges.get(b).count - V.edges.get(a).count || a.index - b.index);
  const tags = [];
  for (const pair of pairs) {
    if (tags.length >= (meant ? MOST_TAGS : MOST_SIGNS)) break;
    const tag = tagOf(pair, scale, corner, full);
    if (tag && !tags.some((there) => overlap(there.box, tag.box))) tags.push(tag);
  }
  return tags;
}

const TAG_FONT = { weight: 600, size: 11 };

function tagOf(pair, scale, corner, full) {
  const style = V.edges.get(pair);
  const [[ax, ay], [bx, by]] = [placeOf(pair.from), placeOf(pair.to)];
  if (!full && Math.hypot(ax - bx, ay - by) * scale < 90) return null;
  const sign = S.compare ? CHANGES[style.change].sign : style.family == null ? "" : SIGNS[style.family];
  const text = full ? linkWords(pair, style) : `${sign} ${style.count}`.trim();
  const bend = bendOf(pair);
  const [x, y] = bend
    ? [(ax + 2 * bend[0] + bx) / 4, (ay + 2 * bend[1] + by) / 4]
    : [(ax + bx) / 2, (ay + by) / 2];
  const half = (textWidth(text, TAG_FONT) + 10) / 2;
  const middle = [(x - corner.x) * scale + SHIFT, (y - corner.y) * scale + SHIFT];
  return {
    box: { left: middle[0] - half, right: middle[0] + half, top: middle[1] - 9, bottom: middle[1] + 9 },
    marks: pillMarks(text, x, y, linkColour(style), scale, { pair }),
  };
}

function pillMarks(text, x, y, colour, scale, hit) {
  const [width, height] = [(textWidth(text, TAG_FONT) + 10) / scale, 16 / scale];
  const box = { x: x - width / 2, y: y - height / 2, w: width, h: height, round: height / 2 };
  return [
    { mark: "rect", ...box, fill: ink("card"), stroke: colour, width: 1.2 / scale, alpha: 1, hit },
    {
      mark: "text",
      x,
      y,
      lines: [text],
      size: 11 / scale,
      line: 13 / scale,
      weight: 600,
      colour: ink("ink"),
      hit,
    },
  ];
}

// One claim is spelled out by the caption of its kind, several by their main family.
function linkWords(pair, style) {
  if (style.count === 1 && style.claims.length === 1) {
    const claim = CLAIMS[style.claims[0]];
    const kind = KINDS[claim.k];
    const starts = (claim.e || []).some(
      ([from, to]) => standsFor(from) === pair.from && standsFor(to) === pair.to,
    );
    const arrow = kind.mutual ? "" : starts ? "→ " : "← ";
    return kind.caption ? `${arrow}${kind.caption}` : kind.label;
  }
  const family = style.family == null ? "named together" : FAMILIES[style.family].label;
  const others = style.families.length > 1 ? ` and ${style.families.length - 1} more` : "";
  return `${capital(family)}${others} · ${plural(style.count, "claim")}`;
}

// A letter of each that none before it has.
const signsOf = (looks) =>
  looks.reduce((taken, { label }) => {
    const letters = [...label.toUpperCase()].filter((letter) => /\p{L}/u.test(letter));
    return [...taken, letters.find((letter) => !taken.includes(letter)) || String(taken.length)];
  }, []);

const SIGNS = signsOf(FAMILIES);
