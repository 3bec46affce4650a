// Small multiples: one view on several days side by side, each thing in the same place, or the money of several houses on one
// day; every amount by the same scale. A panel is a day or a house.
const MOST_DAYS = 9;
const BESIDE_VIEWS = ["map", "money"];
const TITLE_ROOM = 34;
const BETWEEN_PANELS = 14;
// On a phone the pictures are too large to make room for the buttons over them by being smaller.
const PHONE_BUTTONS = 46;

// Two more lines say what a house pays and gets.
const HOUSE_ROOM = 68;

const isBeside = () => (S.houses ? S.view === "money" : Boolean(S.days) && BESIDE_VIEWS.includes(S.view));
const panels = () => S.houses?.map((house) => ({ house })) || S.days.map((day_) => ({ day: day_ }));
const panelName = (one_) => (one_.day ? readableDay(one_.day) : ENTITIES[houseOf(one_.house)].label);
const titleRoom = () => (S.houses ? HOUSE_ROOM : TITLE_ROOM);

// What a function makes of the page as a panel has it.
function onPanel({ day: day_, house }, make) {
  if (house == null) return onDay(day_, make);
  const { scope, entity: entity_ } = S;
  Object.assign(S, { scope: "ego", entity: house });
  try {
    return make();
  } finally {
    Object.assign(S, { scope, entity: entity_ });
  }
}

// What a function makes of the page as it is on another day.
function onDay(day_, make) {
  const kept = S.asof;
  S.asof = day_;
  look();
  try {
    return make();
  } finally {
    S.asof = kept;
    look();
  }
}

// As many days as are asked for from one to another, evenly by months; fewer where there are not so many months.
function daysBetween(first, last, count) {
  const months = monthOf(last) - monthOf(first);
  const dayOfMonth = Number(last.slice(8));
  const found = [first];
  for (let at = 1; at < count - 1; at += 1) {
    const month = monthOf(first) + Math.round((months * at) / (count - 1));
    const end = lastDay(month);
    found.push(Number(end.slice(8)) <= dayOfMonth ? end : `${end.slice(0, 8)}${last.slice(8)}`);
  }
  return unique([...found, last].sort());
}

// The same day of this year and of those before it.
function usualDays() {
  const last = S.asof || today();
  const year = Number(last.slice(0, 4));
  return [3, 2, 1, 0].map((back) => `${year - back}${last.slice(4)}`.replace(/-02-29$/, back ? "-02-28" : "-02-29"));
}

function setDays(days) {
  Object.assign(S, { days, houses: null, compare: null, known: null, axis: "asof", asof: days[days.length - 1], zoom: null });
}

// The grid of pictures that leaves each the most room, in the shape of the stage.
function besideGrid(count) {
  const { width: whole, height } = mapBox();
  const width = whole ? whole - storyWidth() - 2 * (narrow.matches ? 4 : MARGIN) : 1200;
  if (narrow.matches) return { columns: 1, wide: Math.max(280, width - PHONE_BUTTONS), high: 330 };
  const grids = Array.from({ length: count }, (_, at) => {
    const columns = at + 1;
    const rows = Math.ceil(count / columns);
    const wide = (width - (columns - 1) * BETWEEN_PANELS) / columns;
    const high = ((height || 700) - 24) / rows - BETWEEN_PANELS;
    return { columns, wide, high, worth: Math.min(wide / 1.35, high) };
  });
  const best = grids.reduce((a, b) => (b.worth > a.worth * 1.02 ? b : a));
  const scale = Math.max(1, 230 / best.wide, 190 / best.high);
  return { columns: best.columns, wide: best.wide * scale, high: best.high * scale };
}

function besideScene() {
  const shown = panels();
  const { columns, wide, high } = besideGrid(shown.length);
  const room = [wide - 16, high - titleRoom() - 12];
  const made = S.view === "money" ? moneyPanels(room) : mapPanels(room);
  if (made.every(({ marks }) => !marks.length))
    return { marks: [], empty: S.view === "money" ? emptyMoney() : "No claim passes these filters on these days." };
  const [marks, items] = [[], []];
  made.forEach((panel, at) => {
    const [left, top] = [
      (at % columns) * (wide + BETWEEN_PANELS),
      Math.floor(at / columns) * (high + BETWEEN_PANELS),
    ];
    const own = shown[at];
    const name = panelName(own);
    marks.push(...frameMarks(own, panel, left, top, wide, high));
    const middle = [left + wide / 2, top + titleRoom() + (high - titleRoom()) / 2];
    marks.push(...panel.marks.map((mark) => placedMark(mark, panel.scale, panel.middle, middle, own)));
    const place_ = ([x, y]) => [
      (x - panel.middle[0]) * panel.scale + middle[0],
      (y - panel.middle[1]) * panel.scale + middle[1],
    ];
    items.push({
      x: left + wide / 2,
      y: top + 16,
      hit: own,
      say: `${name}: ${panel.told}. ${aloneWords(own, "Enter shows")}`,
    });
    for (const item of panel.items) {
      const [x, y] = place_([item.x, item.y]);
      items.push({ x, y, hit: { ...item.hit, ...own }, say: `${name}: ${item.say}` });
    }
  });
  return {
    marks,
    items,
    most: 1.25,
    upright: narrow.matches,
    buttons: narrow.matches ? PHONE_BUTTONS : 0,
    left: made.reduce((sum, panel) => sum + (panel.left || 0), 0),
    brief: S.view === "money",
  };
}

// The day above its picture, on a ground of its own; the day that panel and table are of is underlined.
const aloneWords = ({ day: day_ }, verb) => `${verb} this ${day_ ? "day" : "house"} alone`;

function frameMarks(own, { told, lines }, left, top, wide, high) {
  const title = panelName(own);
  const hit = { ...own, told: `${title}: ${told}. ${aloneWords(own, "Shows")}` };
  const font = { weight: 650, size: 15 };
  const room = wide - textWidth(title, font) - 36;
  const plain = { mark: "rect", stroke: null, width: 0, alpha: 1 };
  const look_ = { stroke: ink("line"), width: 1, alpha: 1, round: 8 };
  return [
    { mark: "rect", x: left, y: top, w: wide, h: high, fill: null, ...look_ },
    words(title, left + 12, top + 18, { anchor: "left", ...font }),
    ...(lines
      ? lines.map((line, at) => words(fitting(line, wide - 24), left + 12, top + 38 + 17 * at, { anchor: "left" }))
      : [words(fitting(told, room), left + 24 + textWidth(title, font), top + 18, { anchor: "left", colour: ink("muted") })]),
    { ...plain, x: left + 4, y: top + 3, w: wide - 8, h: titleRoom() - 6, fill: null, hit },
    ...(own.day && own.day === S.asof
      ? [{ ...plain, x: left + 12, y: top + 28, w: textWidth(title, font), h: 2, fill: ink("ink"), screen: true }]
      : []),
  ];
}

// A mark of one picture in its place among the others.
function placedMark(mark, scale, [fromX, fromY], [toX, toY], own) {
  const spot = ([x, y]) => [(x - fromX) * scale + toX, (y - fromY) * scale + toY];
  const moved_ = { ...mark };
  for (const name of ["from", "to", "bend"]) if (mark[name]) moved_[name] = spot(mark[name]);
  if (mark.points) moved_.points = mark.points.map(spot);
  if (mark.x != null) [moved_.x, moved_.y] = spot([mark.x, mark.y]);
  for (const name of ["r", "w", "h", "round", "size", "line", "width", "high0", "high1"])
    if (mark[name]) moved_[name] = mark[name] * scale;
  if (mark.hit) moved_.hit = { ...mark.hit, ...own };
  return moved_;
}

// The largest flows of each day in turn, and which of them there are on each: else the last days would push out the first.
function flowsBeside() {
  if (S.houses) return panels().map((own) => onPanel(own, flowsNow));
  const all = S.days.map((day_) => onDay(day_, () => flowsNow().all));
  const chosen = new Set();
  for (let rank = 0; rank < Math.max(...all.map((legs) => legs.length)); rank += 1)
    for (const legs of all)
      if (legs[rank] && chosen.size < flowsDrawn() && (legs[rank].rank > -1 || !rank)) chosen.add(legs[rank].key);
  return all.map((legs) => ({ legs: legs.filter((leg) => chosen.has(leg.key)), all: legs }));
}

function moneyPanels(room) {
  const days = flowsBeside();
  const own = S.houses && !moneyMissing() ? S.houses.map((house) => ({ lines: houseLines(house) })) : [];
  const told = ({ legs, all }) => {
    const count = all.length ? `${legs.length} of ${plural(all.length, "flow")}` : "no flow";
    return [...(own[days.findIndex((one_) => one_.all === all)]?.lines || []), count].join("; ");
  };
  const middle = [0, 0];
  if (S.drawn === "sankey") {
    const drawn = sankeyPanels(days.map(({ legs }) => legs), room);
    return drawn.map((panel, at) => ({ scale: 1, ...panel, ...own[at], told: told(days[at]) }));
  }
  const book = flowBook(days.map(({ legs }) => legs));
  if (S.houses) return housePanels(days, book, room).map((panel, at) => ({ ...panel, ...own[at], told: told(days[at]) }));
  const whole = new Map(days.flatMap(({ legs }) => legs).map((leg) => [leg.key, leg]));
  const legs = [...whole.values()].sort((a, b) => b.rank - a.rank || (a.key < b.key ? -1 : 1));
  const places = placeFlows(book.ids, legs, book.reach, [room[0] - 70, room[1] - 40], CLOSE);
  const box = boxOfHouses(book.reach, places);
  const scale = Math.min(1, room[0] / (box.right - box.left), room[1] / (box.bottom - box.top));
  middle[0] = (box.left + box.right) / 2;
  middle[1] = (box.top + box.bottom) / 2;
  return days.map((day_, at) => ({
    ...flowPicture(day_.legs, book.radii[at], places, book.greatest, CLOSE),
    middle,
    scale,
    told: told(day_),
  }));
}

// Whatever the forces have made of it, all of it is in its frame.
function boxOfHouses(radius, places) {
  const box = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (const [id, spot] of places) {
    const one_ = labelBox(id, spot, radius.get(id), CLOSE);
    for (const side of ["left", "top"]) box[side] = Math.min(box[side], one_[side]);
    for (const side of ["right", "bottom"]) box[side] = Math.max(box[side], one_[side]);
  }
  return box;
}

// The map on each of the days; who stands around somebody, on a way or in a loop keeps the place that it has in all of them.
function mapPanels(room) {
  const ids = new Set();
  for (const day_ of S.days) onDay(day_, () => V.nodes.forEach((id) => ids.add(id)));
  place = onDay(null, () => layoutOf(ids));
  if (place) place.sectors = [];
  const spots = [...ids].map((id) => [...placeOf(id), sizeOf(id)]);
  if (!spots.length) return S.days.map(() => ({ marks: [], items: [], middle: [0, 0], scale: 1, told: "" }));
  const [left, right] = [Math.min(...spots.map(([x, , r]) => x - r)), Math.max(...spots.map(([x, , r]) => x + r))];
  const [top, bottom] = [Math.min(...spots.map(([, y, r]) => y - r)), Math.max(...spots.map(([, y, r]) => y + r))];
  const scale = Math.min(1, (room[0] - 60) / (right - left), (room[1] - 30) / (bottom - top));
  const middle = [(left + right) / 2, (top + bottom) / 2];
  const window_ = {
    scale,
    corner: { x: middle[0] - room[0] / 2 / scale, y: middle[1] - room[1] / 2 / scale },
    width: room[0],
    height: room[1],
    blocked: [],
    letters: 0.86,
  };
  // Names keep their places, too.
  const names = onDay(null, () => {
    V.nodes = ids;
    return labelMarks(window_, null, []);
  });
  return S.days.map((day_) =>
    onDay(day_, () => {
      const ring = S.entity != null && V.nodes.has(S.entity) ? [ringMark(S.entity, ink("ink"), 2, scale)] : [];
      const told = `${plural(V.nodes.size, "entity", "entities")}, ${plural(V.edges.size, "link")}`;
      const lines = mapMarks().map((mark) => (mark.hit ? { ...mark, hit: { ...mark.hit, told: toldOn(mark.hit, day_) } } : mark));
      const items = [...V.nodes].sort((a, b) => a - b).map((id) => {
        const [x, y] = placeOf(id);
        return { x, y, hit: { node: id }, say: nodeWords(id) };
      });
      return { marks: [...lines, ...ring, ...names.filter((mark) => V.nodes.has(mark.hit.node))], items, middle, scale, told };
    }),
  );
}

const nodeWords = (id) => `${ENTITIES[id].label}, ${plural(linksOn(id).length, "link")}`;

const toldOn = (hit, day_) => `${readableDay(day_)}: ${hit.node == null ? tipWords(hit) : nodeWords(hit.node)}`;

const besideWords = () =>
  `${panels().map(panelName).join(", ")} side by side${S.houses ? `, ${viewWords()}` : ""}`;

// What stands below the picture of several days.
function besideCount(exported) {
  const missing = S.view === "money" ? moneyMissing() : "";
  if (missing) return `${missing}, ${besideWords()}`;
  const what = S.view === "money" ? largestWords() : captionOfScope();
  if (S.houses) return `${what}, ${besideWords()}`;
  return `${what}, ${besideWords()}${exported ? "" : `; details are of ${readableDay(S.asof)}`}`;
}

function largestWords() {
  const drawn = new Set(flowsBeside().flatMap(({ legs }) => legs.map((leg) => leg.key)));
  const around = !S.houses && S.scope === "ego" && S.entity != null ? ` around ${ENTITIES[S.entity].label}` : "";
  const count = drawn.size === 1 ? "The largest flow" : `The ${drawn.size} largest flows`;
  return `${drawn.size ? count : "No flow"} of money ${S.measure}${around}`;
}

const captionOfScope = () =>
  ({
    core: () => `The ${S.top} strongest entities`,
    ego: () => `Around ${ENTITIES[S.entity].label}`,
    path: () => `Ways from ${ENTITIES[S.from].label} to ${ENTITIES[S.to].label}`,
    loops: () => "Loops of money",
    all: () => "All entities",
  })[S.scope]();

// The days in turn, for those who do not see them.
function besideSummary() {
  const days = scene?.items.filter((item) => Object.keys(item.hit).length === 1) || [];
  const flows = S.view === "money" ? flowsBeside() : [];
  return days
    .map((item, at) => [item.say.split(". Enter")[0], ...(flows[at]?.legs.slice(0, 3).map(flowWords) || [])].join("; "))
    .join(". ");
}
