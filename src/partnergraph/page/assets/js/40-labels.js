// Labels: their lines and letters, what they must not lie on, and their drawing. Where they lie, 42-spots.js says.
const widths = new Map(); // by font and text
const ruler = document.createElement("canvas").getContext("2d");

// A long label stands on two lines, broken at the blank nearest to its middle.
const ONE_LINE = 17;
const LONGEST = 30;

const LABEL_LINES = new Map(); // by label

function labelLines(id) {
  const label = partyName(id);
  if (!LABEL_LINES.has(label)) LABEL_LINES.set(label, brokenLabel(label));
  return LABEL_LINES.get(label);
}

function brokenLabel(label) {
  let lines = [label];
  if (label.length > ONE_LINE) {
    const blanks = [...label.matchAll(/[ /]|(?<=-)/g)].map((match) => match.index);
    const off = (at) => Math.abs(at - label.length / 2);
    const middle = blanks.reduce((best, at) => (best === null || off(at) < off(best) ? at : best), null);
    if (middle !== null) lines = [label.slice(0, middle).trim(), label.slice(middle).trim()];
  }
  return lines.map((line) => (line.length > LONGEST ? `${line.slice(0, LONGEST - 1).trimEnd()}…` : line));
}

function textWidth(text, { weight, size }) {
  const key = `${weight} ${size} ${text}`;
  if (!widths.has(key)) {
    ruler.font = `${weight} ${size}px ${FONT}`;
    widths.set(key, ruler.measureText(text).width);
  }
  return widths.get(key);
}

const widest = (lines, font) => Math.max(...lines.map((line) => textWidth(line, font)));
const LABEL_WIDTHS = new Map(); // by the lines of a label, for the size that was asked for last

function labelWidth(id) {
  const [lines, font] = [labelLines(id), labelFont(id, 0)];
  const known = LABEL_WIDTHS.get(lines);
  if (known?.size === font.size) return known.width;
  const width = widest(lines, font);
  LABEL_WIDTHS.set(lines, { size: font.size, width });
  return width;
}


function labelFont(id, importance) {
  const strong = importance === 2 || id < 8;
  return { size: importance === 2 ? 14 : id < 8 ? 14.5 : id < 30 ? 12.5 : 11.5, weight: strong ? 650 : 450 };
}

// The buttons over the map, which labels must not lie under.
function buttonsBox() {
  const map = byId("map").getBoundingClientRect();
  const zoom = document.querySelector(".zoom").getBoundingClientRect();
  return {
    left: zoom.left - map.left + SHIFT - 4,
    right: zoom.right - map.left + SHIFT + 4,
    top: zoom.top - map.top + SHIFT - 4,
    bottom: zoom.bottom - map.top + SHIFT + 4,
  };
}

// The labels of what is in sight, none on another one, on a button or on the count of a line.
function labelMarks({ scale, corner, width, height, blocked, letters = 1 }, meant, tags) {
  const grid = new Grid();
  for (const box of [...blocked, ...tags]) grid.add({ id: null, text: true, ...box });
  const far = { x: corner.x + width / scale, y: corner.y + height / scale };
  const candidates = [];
  for (const id of V.nodes) {
    const [nodeX, nodeY] = placeOf(id);
    if (nodeX < corner.x || nodeX > far.x || nodeY < corner.y || nodeY > far.y) continue;
    if (meant && !meant.nodes.has(id)) continue;
    const spot = {
      id,
      x: (nodeX - corner.x) * scale + SHIFT,
      y: (nodeY - corner.y) * scale + SHIFT,
      radius: sizeOf(id) * scale,
    };
    const reach = spot.radius * 0.9;
    grid.add({
      id,
      left: spot.x - reach,
      right: spot.x + reach,
      top: spot.y - reach,
      bottom: spot.y + reach,
    });
    const named = meant ? (meant.node === id || !meant.node ? 2 : 1) : id === S.entity ? 2 : 0;
    const { size, weight } = labelFont(id, named);
    candidates.push({ ...spot, importance: named, font: { size: size * letters, weight } });
  }
  candidates.sort((a, b) => b.importance - a.importance || a.id - b.id);
  const marks = [];
  const titles = (!meant && place?.sectors) || [];
  const boxes = placeLabels(candidates, grid, { width, height }, () => {
    for (const title of titles) marks.push(...titleMarks(title, scale, corner, grid));
  });
  placed = new Map();
  for (const box of boxes.values()) marks.push(labelMark(box, scale, corner));
  return marks;
}

const TITLE_FONT = { weight: 600, size: 12 };
const titleText = ({ family, count }) => `${capital(FAMILIES[family].label)} · ${count}`;
const titleWidth = (title) => textWidth(titleText(title), TITLE_FONT);

function titleMarks(title, scale, corner, grid) {
  const text = titleText(title);
  const half = titleWidth(title) / 2 + 4;
  const [x, y] = [(title.x - corner.x) * scale + SHIFT, (title.y - corner.y) * scale + SHIFT];
  const box = { id: null, text: true, left: x - half, right: x + half, top: y - 9, bottom: y + 9 };
  if (!grid.free(box)) return [];
  grid.add(box);
  const { weight, size } = TITLE_FONT;
  const colour = shade(FAMILIES[title.family]);
  return [
    {
      mark: "text",
      x: title.x,
      y: title.y,
      lines: [text],
      size: size / scale,
      line: 0,
      weight,
      colour,
      halo: ink("page"),
    },
  ];
}

function labelMark(box, scale, corner) {
  const { spot, lines, line } = box;
  const { size, weight } = spot.font;
  const x = corner.x + ((box.left + box.right) / 2 - SHIFT) / scale;
  const y = corner.y + (box.top + line / 2 - SHIFT) / scale;
  const colour = spot.id < META.core || spot.importance ? ink("ink") : ink("muted");
  placed.set(spot.id, { lines, box });
  const words = { lines, size: size / scale, line: line / scale, weight, colour, halo: ink("page") };
  return { mark: "text", x, y, ...words, hit: { node: spot.id } };
}
