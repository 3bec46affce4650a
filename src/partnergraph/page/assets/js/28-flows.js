// The money view: what one house pays another on the day, kinds of money apart, as arrows or as streams.
const MEASURE_WORDS = {
  committed: "committed: paid, under way or signed",
  paid: "paid",
  conditional: "due if something happens",
  intended: "intended: plans, letters, options",
};

const purposeLook = (leg) => LEDGER.purposes[leg.purpose];
const purposeSign = (leg) => signsOf(LEDGER.purposes)[leg.purpose];

// The flows that are drawn, the largest first, and how many more there are.
function flowsNow() {
  const legs = legsOf(entriesNow())
    .map((leg) => ({ ...leg, key: `${leg.payer} ${leg.payee} ${leg.purpose}` }))
    .map((leg) => ({ ...leg, sums: sums(leg.entries, S.measure), weight: weightOf(leg, S.measure) }))
    .filter(
      (leg) =>
        leg.sums.length &&
        (S.entity == null || S.scope !== "ego" || [leg.payer, leg.payee].includes(S.entity)),
    );
  legs.sort((a, b) => b.weight - a.weight || a.payer - b.payer || a.payee - b.payee || a.purpose - b.purpose);
  return { legs: legs.slice(0, S.flows), all: legs };
}

const flowText = (leg, short) =>
  leg.sums.map(([currency, amount]) => amountText(amount, currency, short)).join(" + ");
function flowWords(leg) {
  const names = `${ENTITIES[leg.payer].label} → ${ENTITIES[leg.payee].label}`;
  const weakest = labelAt(LISTS.attestation, weakestOf(leg.entries))?.label || "not attested";
  const deals = plural(leg.entries.length, "deal");
  return `${names}: ${purposeLook(leg).label}, ${flowText(leg, false)}, ${deals}, at the weakest ${weakest}`;
}

const emptyMoney = () => {
  const why = moneyMissing();
  return why ? `${why}.` : `No money is ${S.measure} on this day between those that are shown.`;
};

function moneyScene() {
  const { legs } = flowsNow();
  if (!legs.length) return { marks: [], empty: emptyMoney() };
  const totals = new Map();
  for (const { payer, payee, weight } of legs)
    for (const id of [payer, payee]) totals.set(id, (totals.get(id) || 0) + weight);
  const ids = [...totals.keys()].sort((a, b) => totals.get(b) - totals.get(a) || a - b);
  const most = Math.max(...totals.values(), 1);
  const radius = new Map(ids.map((id) => [id, 9 + 25 * Math.sqrt(totals.get(id) / most)]));
  const places = placeFlows(ids, legs, radius);
  for (const id of ids) if (S.moved.has(id) && S.view === "money") places.set(id, S.moved.get(id));
  const [lines, pills, items] = [[], [], []];
  const seats = new Map();
  const greatest = legs[0].weight || 1;
  const boxes = ids.map((id) => labelBox(id, places.get(id), radius.get(id)));
  for (const leg of legs) {
    const key = `${leg.payer} ${leg.payee}`;
    const seat = seats.get(key) || 0;
    seats.set(key, seat + 1);
    const flow = flowMarks(leg, seat, places, radius, greatest);
    lines.push(...flow.marks);
    const at = pillPlace(flow, leg, boxes);
    pills.push(...pillMarks(flow.text, ...at, shade(purposeLook(leg)), 1, { leg }));
    items.push({ x: at[0], y: at[1], hit: { leg }, say: flowWords(leg) });
  }
  const nodes = ids.flatMap((id) => houseMarks(id, places.get(id), radius.get(id), items));
  return { marks: [...lines, ...nodes, ...pills], items, most: 1.5 };
}

function labelBox(id, [x, y], r) {
  const lines = labelLines(id);
  const half = Math.max(widest(lines, { weight: 600, size: 13 }) / 2, r);
  return { left: x - half, right: x + half, top: y - r, bottom: y + r + 4 + lines.length * 15 };
}

function houseMarks(id, [x, y], r, items) {
  const lines = labelLines(id);
  const group = GROUPS[ENTITIES[id].group];
  const hit = { node: id };
  const look = {
    fill: group.hollow ? ink("page") : shade(group),
    stroke: group.hollow ? shade(group) : ink("page"),
    width: 1.6,
  };
  items.push({ x, y, hit, say: `${ENTITIES[id].label}, ${ENTITIES[id].kind}` });
  return [
    { mark: "shape", shape: group.shape, x, y, r, ...look, alpha: 1, title: ENTITIES[id].label, hit },
    {
      mark: "text",
      x,
      y: y + r + 11,
      lines,
      size: 13,
      line: 15,
      weight: 600,
      colour: ink("ink"),
      halo: ink("page"),
      hit,
    },
  ];
}

// One arrow of one kind of money, bent to its right so that the way back lies beside it.
function flowMarks(leg, seat, places, radius, greatest) {
  const [[ax, ay], [bx, by]] = [places.get(leg.payer), places.get(leg.payee)];
  const far = Math.hypot(bx - ax, by - ay) || 1;
  const out = far * (0.1 + 0.13 * seat);
  const bend = [(ax + bx) / 2 - ((by - ay) / far) * out, (ay + by) / 2 + ((bx - ax) / far) * out];
  const edge = ([x, y], r) => {
    const away = Math.hypot(bend[0] - x, bend[1] - y) || 1;
    return [x + ((bend[0] - x) / away) * (r + 3), y + ((bend[1] - y) / away) * (r + 3)];
  };
  const [from, to] = [edge([ax, ay], radius.get(leg.payer)), edge([bx, by], radius.get(leg.payee))];
  const colour = shade(purposeLook(leg));
  const width = 1.3 + 8 * Math.sqrt(leg.weight / greatest);
  const dash = { solid: null, dash: [8, 5], dot: [2, 5] }[dashOf(weakestOf(leg.entries))];
  const text = `${purposeSign(leg)} ${flowText(leg, true)}`;
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
  return { marks: [line, arrowMark(to, bend, width, colour, 1)], from, to, bend, text };
}

// On the line where it lies on no other amount and on no name; if need be in its middle.
function pillPlace({ from, to, bend, text }, leg, boxes) {
  const half = (textWidth(text, TAG_FONT) + 12) / 2;
  const along = (share) =>
    [0, 1].map(
      (axis) => (1 - share) ** 2 * from[axis] + 2 * share * (1 - share) * bend[axis] + share ** 2 * to[axis],
    );
  const boxAt = ([x, y]) => ({ left: x - half, right: x + half, top: y - 9, bottom: y + 9 });
  const shares = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74];
  const spots = [0, 14, -14, 26, -26].flatMap((off) =>
    shares.map((share) => [along(share)[0], along(share)[1] + off]),
  );
  const under = (spot) => boxes.filter((box) => overlap(box, boxAt(spot))).length;
  const spot =
    spots.find((one) => !under(one)) || spots.reduce((best, one) => (under(one) < under(best) ? one : best));
  boxes.push(boxAt(spot));
  return spot;
}

// As much room as the map has shape.
function roomOfFlows() {
  const { width: whole, height } = mapBox();
  const width = whole && whole - storyWidth();
  const wide = width ? Math.max(560, Math.min(980, width)) : 980;
  return [wide, width ? (wide * height) / width : 640];
}

// Places by forces: linked ones near, all apart, nothing left to chance; spread over the room that there is.
function placeFlows(ids, legs, radius) {
  const count = ids.length;
  const at = new Map(ids.map((id, index) => [id, index]));
  const far = (index) => 60 * Math.sqrt(index + 1);
  const xs = Float64Array.from(ids, (_, index) => far(index) * Math.cos(index * 2.399963));
  const ys = Float64Array.from(ids, (_, index) => far(index) * Math.sin(index * 2.399963));
  const bound = new Uint8Array(count * count);
  const joined = [];
  for (const { payer, payee } of legs) {
    const [a, b] = [at.get(payer), at.get(payee)];
    if (bound[a * count + b]) continue;
    bound[a * count + b] = bound[b * count + a] = 1;
    joined.push([a, b]);
  }
  const [dxs, dys] = [new Float64Array(count), new Float64Array(count)];
  const pushes = (a, b, strength) => {
    const dx = xs[a] - xs[b];
    const dy = ys[a] - ys[b];
    const away = Math.hypot(dx, dy) || 0.1;
    const by = strength(away) / away;
    dxs[a] += dx * by;
    dys[a] += dy * by;
    dxs[b] -= dx * by;
    dys[b] -= dy * by;
  };
  const ideal = 150;
  const apart = (away) => Math.min(60, (ideal * ideal) / away / 2);
  const near = (away) => (-away * away) / ideal / 2;
  for (let round = 0; round < 400; round += 1) {
    const heat = 24 * (1 - round / 400) + 0.5;
    dxs.fill(0);
    dys.fill(0);
    for (let i = 0; i < count; i += 1) for (let j = i + 1; j < count; j += 1) pushes(i, j, apart);
    for (const [a, b] of joined) pushes(a, b, near);
    for (let i = 0; i < count; i += 1) {
      const [fx, fy] = [dxs[i] - xs[i] * 0.22, dys[i] - ys[i] * 0.22];
      const force = Math.hypot(fx, fy) || 1;
      const pace = Math.min(force, heat) / force;
      xs[i] += fx * pace;
      ys[i] += fy * pace;
    }
  }
  const room = roomOfFlows();
  spread(xs, room[0]);
  spread(ys, room[1]);
  separateFlows(xs, ys, Float64Array.from(ids, (id) => radius.get(id)), bound);
  return new Map(ids.map((id, index) => [id, [xs[index], ys[index]]]));
}

// Between even steps and where the forces put them, so that a few far out do not crowd the rest.
function spread(spots, room) {
  const sorted = [...spots].sort((a, b) => a - b);
  const [low, high] = [sorted[0], sorted[sorted.length - 1]];
  for (let index = 0; index < spots.length; index += 1) {
    const rank = spots.length > 1 ? sorted.indexOf(spots[index]) / (spots.length - 1) : 0.5;
    const share = high > low ? (spots[index] - low) / (high - low) : 0.5;
    spots[index] = (0.7 * rank + 0.3 * share - 0.5) * room;
  }
}

// So far apart at least, from rim to rim: any two, and two with an amount between them.
const [BESIDES, BETWEEN] = [56, 128];

function separateFlows(xs, ys, radii, bound) {
  const count = xs.length;
  for (let round = 0; round < 260; round += 1) {
    let still = true;
    for (let i = 0; i < count; i += 1) {
      for (let j = i + 1; j < count; j += 1) {
        // Names lie below: what is above another one needs more room.
        const dx = xs[i] - xs[j] || 0.5;
        const dy = (ys[i] - ys[j]) * 0.8 || 0.5;
        const far = Math.hypot(dx, dy);
        const lacking = radii[i] + radii[j] + (bound[i * count + j] ? BETWEEN : BESIDES) - far;
        if (lacking <= 0) continue;
        still = false;
        const push = Math.min(6, lacking / 2) / far;
        xs[i] += dx * push;
        ys[i] += dy * push;
        xs[j] -= dx * push;
        ys[j] -= dy * push;
      }
    }
    if (still) return;
  }
}
