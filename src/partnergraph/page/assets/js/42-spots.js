// Where labels lie: the most important first, each on the first of its spots that is free; one without any is left out.
const LINE_HEIGHT = 1.15;
// So many labels can be placed with care at each frame of a movement.
const FEW = 120;
// Labels of these ranks may lie on an entity rather than be left out.
const FORCED = 10;

// The middles of the spots around an entity: below, right, left, above, aslant; then the same shifted by a little.
function* middles({ x, y, radius }, width, height, careful) {
  const [below, above] = [y + radius + height / 2 + 2, y - radius - height / 2 - 1];
  const beside = radius + 5 + width / 2;
  const aslant = radius * 0.7 + width / 2;
  yield* [
    [x, below],
    [x + beside, y],
    [x - beside, y],
    [x, above],
    [x + aslant, below - 3],
    [x - aslant, below - 3],
    [x + aslant, above + 3],
    [x - aslant, above + 3],
  ];
  for (const share of careful ? [0.2, 0.4, 0.6, 0.8] : []) {
    const along = (share * width) / 2;
    const up = share * (height / 2 + radius);
    yield* [below, above].flatMap((at) => [
      [x + along, at],
      [x - along, at],
    ]);
    yield* [beside, -beside].flatMap((at) => [
      [x + at, y + up],
      [x + at, y - up],
    ]);
  }
}

function boxAround([x, y], spot, lines, width, height, margin = 2) {
  return {
    id: spot.id,
    text: true,
    spot,
    lines,
    line: height / lines.length,
    left: x - width / 2 - margin,
    right: x + width / 2 + margin,
    top: y - height / 2,
    bottom: y + height / 2,
  };
}

// The spots in sight; with care also those on one line of what usually stands on two.
function* boxesOf(spot, room, careful) {
  const usual = labelLines(spot.id);
  const { label } = ENTITIES[spot.id];
  const ways = careful && usual.length > 1 && label.length <= LONGEST ? [usual, [label]] : [usual];
  for (const lines of ways) {
    const width = widest(lines, spot.font);
    const height = spot.font.size * LINE_HEIGHT * lines.length;
    // A long line would read as one with a label beside it.
    const margin = lines === usual ? 2 : 9;
    for (const middle of middles(spot, width, height, careful)) {
      const box = boxAround(middle, spot, lines, width, height, margin);
      if (inSight(box, room)) yield box;
    }
  }
}

const inSight = (box, room) =>
  box.left > SHIFT + 2 &&
  box.right < SHIFT + room.width - 2 &&
  box.top > SHIFT + 1 &&
  box.bottom < SHIFT + room.height - 1;

function freeBox(spot, grid, room, careful) {
  for (const box of boxesOf(spot, room, careful)) if (grid.free(box)) return box;
  return null;
}

// A spot that becomes free when the one label that lies there goes to another spot of its own.
function boxAfterMove(spot, grid, room, boxes) {
  for (const box of boxesOf(spot, room, true)) {
    const [there, ...more] = new Set(grid.under(box));
    if (!there.spot || more.length) continue;
    grid.remove(there);
    grid.add(box);
    const moved = freeBox(there.spot, grid, room, true);
    grid.remove(box);
    grid.add(moved || there);
    boxes.set(there.id, moved || there);
    if (moved) return box;
  }
  return null;
}

// On an entity, but on no label, and moved into sight; if need be on a count.
function forcedBox(spot, grid, room) {
  const lines = labelLines(spot.id);
  const width = widest(lines, spot.font);
  const height = spot.font.size * LINE_HEIGHT * lines.length;
  const [[, below], right, left, [, above]] = middles(spot, width, height, false);
  const least = SHIFT + 4 + width / 2;
  const x = Math.min(Math.max(spot.x, least), 2 * SHIFT + room.width - least);
  const tries = [[x, below], [x, above], right, left]
    .map((at) => boxAround(at, spot, lines, width, height))
    .filter((box) => inSight(box, room));
  const on = (kind) => tries.find((box) => grid.free(box, (there) => there[kind]));
  return on("text") || on("spot") || null;
}

// The boxes of labels by entity; `after` is called when those of the most important are placed.
function placeLabels(spots, grid, room, after) {
  const { width, height } = room;
  const most = Math.max(40, Math.round((width * height) / 4200));
  const careful = spots.length <= FEW;
  const boxes = new Map();
  for (const [at, spot] of spots.entries()) {
    if (boxes.size > most && !spot.importance) break;
    if (at === Math.min(12, spots.length - 1)) after();
    const box =
      freeBox(spot, grid, room, careful) ||
      (careful && boxAfterMove(spot, grid, room, boxes)) ||
      ((spot.id < FORCED || spot.importance === 2) && forcedBox(spot, grid, room));
    if (!box) continue;
    grid.add(box);
    boxes.set(spot.id, box);
  }
  return boxes;
}
