// The money view: what one house pays another on the day, kinds of money apart, as arrows or as streams.
const MEASURE_WORDS = {
  committed: "committed: paid, under way or signed",
  paid: "paid",
  conditional: "due if something happens",
  intended: "intended: plans, letters, options",
};

const purposeLook = (leg) => LEDGER.purposes[leg.purpose];
const purposeSign = (leg) => signsOf(LEDGER.purposes)[leg.purpose];

// Side by side there is room for half as many.
const flowsDrawn = () =>
  S.houses
    ? Math.max(4, Math.ceil(S.flows / S.houses.length))
    : S.days
      ? Math.ceil(S.flows / 2)
      : S.flows;

// The flows that are drawn, around somebody those of the house, the largest first, and how many more there are.
function flowsNow() {
  const entries = entriesNow();
  const legs = [...legsOf(entries), ...jointLegs(entries)]
    .map((leg) => ({
      ...leg,
      key: `${leg.payer} ${leg.payee} ${leg.purpose}`,
      sums: legSums(leg, S.measure),
      weight: weightOf(leg, S.measure),
      rank: rankOf(leg, S.measure),
    }))
    .filter(
      (leg) =>
        leg.sums.length &&
        (S.entity == null || S.scope !== "ego" || [leg.payer, leg.payee].includes(houseOf(S.entity))),
    );
  legs.sort((a, b) => b.rank - a.rank || a.payer - b.payer || a.payee - b.payee || a.purpose - b.purpose);
  return { legs: legs.slice(0, flowsDrawn()), all: legs };
}

const flowText = (leg, short) =>
  leg.sums.map(([currency, amount]) => amountText(amount, currency, short)).join(" + ");
const unstatedWords = (leg) => (isUnstated(leg, S.measure) ? ", share not stated" : "");
const flowTold = (leg, short) => `${flowText(leg, short)}${unstatedWords(leg)}`;
const flowBrief = (leg) => leg.sums.map(([currency, amount]) => briefAmount(amount, currency)).join(" + ");
function flowWords(leg) {
  const weakest = labelAt(LISTS.attestation, weakestOf(leg.entries))?.label || "not attested";
  const deals = plural(leg.entries.length, "deal");
  return `${legNames(leg)}: ${purposeLook(leg).label}, ${flowTold(leg)}, ${deals}, at the weakest ${weakest}`;
}

const emptyMoney = () => {
  const why = moneyMissing();
  return why ? `${why}.` : `No money is ${S.measure} on ${S.days ? "these days" : "this day"} between those that are shown.`;
};

// How large letters are, how far houses stand apart from rim to rim, alone and with an amount between, and whether amounts are
// in few letters: where there is room, and where there is little.
const AMPLE = { name: 13, tag: 1, besides: 56, between: 128, brief: false };
const CLOSE = { name: 11.5, tag: 11 / 10.5, besides: 34, between: 78, brief: true };
const flowStyle = () => (narrow.matches ? CLOSE : AMPLE);

function moneyScene() {
  const { legs } = flowsNow();
  if (!legs.length) return { marks: [], empty: emptyMoney() };
  const style = flowStyle();
  const book = flowBook([legs]);
  const [radius] = book.radii;
  const places = placeFlows(book.ids, legs, radius, roomOfFlows(), style);
  for (const id of book.ids) if (S.moved.has(id) && S.view === "money") places.set(id, S.moved.get(id));
  return { ...flowPicture(legs, radius, places, book.greatest, style), most: 1.5 };
}

// Of several lists of flows: all houses, the largest first, how large each is drawn in each list, and the largest flow of all.
function flowBook(lists) {
  const totals = lists.map((legs) => {
    const sizes = new Map();
    for (const { payer, payee, weight } of legs)
      for (const id of [payer, payee]) sizes.set(id, (sizes.get(id) || 0) + weight);
    return sizes;
  });
  const largest = new Map();
  for (const sizes of totals)
    for (const [id, size] of sizes) largest.set(id, Math.max(largest.get(id) || 0, size));
  const ids = [...largest.keys()].sort((a, b) => largest.get(b) - largest.get(a) || a - b);
  const most = Math.max(...largest.values(), 1);
  const radiusOf = (size) => 9 + 25 * Math.sqrt(size / most);
  return {
    ids,
    radii: totals.map((sizes) => new Map([...sizes].map(([id, size]) => [id, radiusOf(size)]))),
    reach: new Map(ids.map((id) => [id, radiusOf(largest.get(id))])),
    greatest: Math.max(...lists.flatMap((legs) => legs.map((leg) => leg.weight)), 0) || 1,
  };
}

// The marks of one picture of flows. An amount for which there is no room beside the names and the other amounts is left out.
function flowPicture(legs, radius, places, greatest, style) {
  const [lines, pills, items] = [[], [], []];
  const seats = new Map();
  const ids = [...radius.keys()].sort((a, b) => radius.get(b) - radius.get(a) || a - b);
  const boxes = ids.map((id) => labelBox(id, places.get(id), radius.get(id), style));
  const flows = legs.map((leg) => {
    const key = `${leg.payer} ${leg.payee}`;
    const seat = seats.get(key) || 0;
    seats.set(key, seat + 1);
    return flowMarks(leg, seat, places, radius, greatest, style);
  });
  const ways = flows.map(({ from, to, bend }) => SHARES.map((share) => alongFlow(from, to, bend, share)));
  let [left, brief] = [0, style.brief];
  flows.forEach((flow, at) => {
    const leg = legs[at];
    lines.push(...flow.marks);
    const others = ways.filter((_, other_) => other_ !== at).flat();
    const sign = purposeSign(leg);
    const texts = [...(style.brief ? [] : [flowText(leg, true)]), flowBrief(leg)];
    const [text, spot] = texts.reduce(
      ([told, there], words_) =>
        there ? [told, there] : [words_, pillPlace(flow, `${sign} ${words_}`, boxes, others, style)],
      ["", null],
    );
    if (spot) pills.push(...pillMarks(`${sign} ${text}`, ...spot, shade(purposeLook(leg)), style.tag, { leg }));
    else left += 1;
    brief ||= Boolean(spot) && text !== texts[0];
    const [x, y] = spot || alongFlow(flow.from, flow.to, flow.bend, 0.5);
    items.push({ x, y, hit: { leg }, say: flowWords(leg) });
  });
  const nodes = ids.flatMap((id) =>
    houseMarks(id, places.get(id), radius.get(id), style, items, partyHit(id, legs)),
  );
  return { marks: [...lines, ...nodes, ...pills], items, left, brief };
}

const HOLLOW = 1.6;
const JOINT_LOOK = { light: "#4A4F57", dark: "#C3CAD3" };

function houseMarks(id, [x, y], r, style, items, hit) {
  const lines = labelLines(id);
  // A group has no entry of its own to open.
  const group = id < 0 ? { shape: "dot", hollow: true, ...JOINT_LOOK } : GROUPS[ENTITIES[id].group];
  const told = id < 0 ? partyName(id) : `${ENTITIES[id].label}, ${ENTITIES[id].kind}`;
  const look = {
    fill: group.hollow ? ink("page") : shade(group),
    stroke: group.hollow ? shade(group) : ink("page"),
    width: 1.6,
  };
  items.push({ x, y, hit, say: told });
  return [
    { mark: "shape", shape: group.shape, x, y, r, ...look, alpha: 1, title: partyName(id), hit },
    {
      mark: "text",
      x,
      y: y + r + style.name - 2,
      lines,
      size: style.name,
      line: style.name + 2,
      weight: 600,
      colour: ink("ink"),
      halo: ink("page"),
      hit,
    },
  ];
}

// One arrow of one kind of money, bent to its right so that the way back lies beside it.
function flowMarks(leg, seat, places, radius, greatest, style) {
  const [[ax, ay], [bx, by]] = [places.get(leg.payer), places.get(leg.payee)];
  const far = Math.hypot(bx - ax, by - ay) || 1;
  const out = far * (0.1 + 0.13 * seat);
  const bend = [(ax + bx) / 2 - ((by - ay) / far) * out, (ay + by) / 2 + ((bx - ax) / far) * out];
  const edge = ([x, y], r) => {
    const away = Math.hypot(bend[0] - x, bend[1] - y) || 1;
    return [x + ((bend[0] - x) / away) * (r + 3), y + ((bend[1] - y) / away) * (r + 3)];
  };
  const [first, last] = [radius.get(leg.payer), radius.get(leg.payee)];
  // The head of an arrow lies beside the name of whom it leads to, where there is room.
  const beside = pastName(leg.payee, [bx, by], last, bend, style);
  const from = edge([ax, ay], first);
  const to = edge([bx, by], far - first - beside > 36 ? beside : last);
  const colour = shade(purposeLook(leg));
  const width = leg.weight ? 1.3 + 8 * Math.sqrt(leg.weight / greatest) : 2.2 + HOLLOW;
  const dash = { solid: null, dash: [8, 5], dot: [2, 5] }[dashOf(weakestOf(leg.entries))];
  const line = {
    mark: "line",
    from,
    to,
    bend,
    colour,
    width,
    dash,
    alpha: 0.85,
    title: flowWords(leg),
    hit: { leg },
  };
  // Of what has a limit alone nothing is sure: it is hollow.
  const hollow = leg.weight
    ? []
    : [{ ...line, colour: ink("page"), width: width - HOLLOW, dash: null, alpha: 1, title: "" }];
  return { marks: [line, ...hollow, arrowMark(to, bend, width, colour, 1)], from, to, bend };
}

// How far from the middle of a house a line from there to a point has left its shape and the name below it.
function pastName(id, [x, y], r, [toX, toY], style) {
  const box = labelBox(id, [x, y], r, style);
  const far = Math.hypot(toX - x, toY - y) || 1;
  const [dx, dy] = [Math.abs(toX - x) / far, (toY - y) / far];
  if (dy <= 0) return r;
  const leaves = Math.min((box.right - x) / (dx || 1e-9), (box.bottom - y) / dy);
  return leaves * dy > r ? Math.max(r, leaves) : r;
}

const SHARES = Array.from({ length: 33 }, (_, at) => 0.1 + at * 0.025);
const alongFlow = (from, to, bend, share) =>
  [0, 1].map(
    (axis) => (1 - share) ** 2 * from[axis] + 2 * share * (1 - share) * bend[axis] + share ** 2 * to[axis],
  );

// On its line, or touching it, where it lies on no name and no other amount and on as few other lines as can be; or nowhere.
function pillPlace({ from, to, bend }, text, boxes, others, style) {
  const [half, high] = [(textWidth(text, TAG_FONT) + 14) / 2 / style.tag, 9 / style.tag];
  const boxAt = ([x, y]) => ({ left: x - half, right: x + half, top: y - high, bottom: y + high });
  let [best, least] = [null, Infinity];
  for (const share of SHARES)
    for (const off of [0, -high + 1, high - 1]) {
      const [x, y] = alongFlow(from, to, bend, share);
      const box = boxAt([x, y + off]);
      if (boxes.some((there) => overlap(there, box))) continue;
      const under = others.filter((at) => inBox(at, box)).length;
      const cost = under + 6 * Math.abs(share - 0.5) + (off ? 0.6 : 0);
      if (cost < least) [best, least] = [[x, y + off], cost];
    }
  if (best) boxes.push(boxAt(best));
  return best;
}

const inBox = ([x, y], box) => x > box.left && x < box.right && y > box.top && y < box.bottom;
