// Money as streams: payers at the left, payees at the right, as high as what is sure; what has a limit alone is an outline.
const STREAMS = { high: 620, apart: 700, gap: 16, names: 260, size: 12, brief: false };
const LEAST_APART = 150;
const BAR_WIDE = 14;
const THIN = 1.5;
const OUTLINE = [6, 1.2]; // how high the outline is, and its two lines

const streamHigh = (leg, unit) => (leg.weight ? Math.max(leg.weight * unit, THIN) : OUTLINE[0]);

function sankeyScene() {
  const { legs } = flowsNow();
  if (!legs.length) return { marks: [], empty: emptyMoney() };
  const style = streamStyle(legs);
  return { ...streamPicture(legs, streamSeats([legs], style), style), most: 1.4, brief: style.brief };
}

// As wide and as high as there is room, so that letters need not become smaller.
function streamStyle(legs) {
  const sides = ["payer", "payee"].map((end) => new Set(legs.map((leg) => leg[end])).size);
  const tall = mapBox().height - 40 - STREAMS.gap * (Math.max(...sides) - 1);
  const high = Math.max(260, Math.min(STREAMS.high, tall));
  const whole = mapBox().width - storyWidth() - 2 * (narrow.matches ? 4 : MARGIN) - 2 * BAR_WIDE - 48;
  if (whole <= 0 || whole >= STREAMS.apart + STREAMS.names) return { ...STREAMS, high };
  const names = Math.min(STREAMS.names, whole * 0.27);
  const apart = Math.max(LEAST_APART, Math.min(STREAMS.apart, whole - 2 * names));
  return { ...STREAMS, high, names, apart, brief: apart < 420, size: narrow.matches ? 11 : STREAMS.size };
}

// The streams of several days, each in the same place on all of them, or of several houses.
function sankeyPanels(lists, [wide, high]) {
  const names = Math.min(150, wide * 0.24);
  const sides = Math.max(...lists.map((legs) => new Set(legs.map((leg) => leg.payer)).size), 1);
  const gap = Math.max(5, Math.min(14, (high * 0.4) / sides));
  const style = { high: high * 0.6, apart: wide - 2 * names - 2 * BAR_WIDE, gap, names: names - 8, size: 11, brief: true };
  if (S.houses) {
    const unit = style.high / Math.max(...lists.map((legs) => legs.reduce((sum, leg) => sum + leg.weight, 0)), 1);
    const each = lists.map((legs) => streamSeats([legs], style, unit));
    const scale = Math.min(1, high / Math.max(...each.flatMap(({ heights }) => heights)));
    return lists.map((legs, at) => ({ ...streamPicture(legs, each[at], style), middle: [style.apart / 2, 0], scale }));
  }
  const seats = streamSeats(lists, style);
  const tall = Math.max(...seats.heights);
  const fitted_ = tall > high ? { ...style, high: (style.high * (high - (tall - style.high))) / style.high } : style;
  const seated = tall > high && fitted_.high > 40 ? streamSeats(lists, fitted_) : seats;
  const scale = Math.min(1, high / Math.max(...seated.heights));
  return lists.map((legs) => ({
    ...streamPicture(legs, seated, fitted_),
    middle: [fitted_.apart / 2, 0],
    scale,
  }));
}

// How high the streams are for an amount, and where each house and each stream has its place in any of the lists.
function streamSeats(lists, { high, gap }, given) {
  const most = new Map();
  for (const leg of lists.flat())
    if (!most.has(leg.key) || most.get(leg.key).rank < leg.rank) most.set(leg.key, leg);
  const legs = [...most.values()].sort((a, b) => b.rank - a.rank || (a.key < b.key ? -1 : 1));
  const unit = given || high / (legs.reduce((sum, leg) => sum + leg.weight, 0) || 1);
  const room = (leg) => streamHigh(leg, unit);
  const heights = [];
  const sides = ["payer", "payee"].map((end) => {
    const houses = new Map();
    for (const leg of legs) houses.set(leg[end], [...(houses.get(leg[end]) || []), leg]);
    const total = (own) => own.reduce((sum, leg) => sum + leg.weight, 0);
    const order = [...houses].sort((a, b) => total(b[1]) - total(a[1]) || a[0] - b[0]);
    const whole = order.reduce((sum, [, own]) => sum + own.reduce((tall, leg) => tall + room(leg), 0), 0);
    heights.push(whole + gap * (order.length - 1));
    let y = -heights[heights.length - 1] / 2;
    const seats = new Map();
    for (const [, own] of order) {
      for (const leg of own) {
        seats.set(leg.key, y);
        y += room(leg);
      }
      y += gap;
    }
    return seats;
  });
  return { unit, sides, heights };
}

// One house at a side: a bar as high as its streams, or one for each that does not follow on the last, with its name.
function barMarks(id, end, parts, { apart, names, size }, items, hit) {
  const [x, name] = end ? [apart, apart + BAR_WIDE + 8] : [-BAR_WIDE, -BAR_WIDE - 8];
  const [top, bottom] = [parts[0][0], parts[parts.length - 1][1]];
  const middle = (top + bottom) / 2;
  const bar = { mark: "rect", fill: ink("ink"), stroke: null, width: 0, alpha: 1, hit, title: partyName(id) };
  const spine = { ...bar, x: x + BAR_WIDE / 2 - 1, y: top, w: 2, h: bottom - top };
  items.push({ x: x + BAR_WIDE / 2, y: middle, hit, say: partyName(id) });
  const anchor = end ? "left" : "right";
  const font = { weight: 600, size };
  const told = textWidth(partyName(id), font) > names ? partyShort(id) : partyName(id);
  return [
    ...(parts.length > 1 ? [spine] : []),
    ...parts.map(([from, to]) => ({ ...bar, x, y: from, w: BAR_WIDE, h: to - from })),
    words(fitting(told, names, font), name, middle, { anchor, ...font, hit }),
  ];
}

function streamPicture(legs, { unit, sides }, style) {
  const { apart } = style;
  const [marks, pills, items] = [[], [], []];
  const high = (leg) => streamHigh(leg, unit);
  const bars = ["payer", "payee"].flatMap((name, end) => {
    const reach = new Map();
    const seats = sides[end];
    for (const leg of [...legs].sort((a, b) => seats.get(a.key) - seats.get(b.key))) {
      const parts = reach.get(leg[name]) || [];
      const [top, last] = [seats.get(leg.key), parts[parts.length - 1]];
      if (last && top - last[1] < 0.01) last[1] = top + high(leg);
      else parts.push([top, top + high(leg)]);
      reach.set(leg[name], parts);
    }
    return [...reach].flatMap(([id, parts]) => barMarks(id, end, parts, style, items, partyHit(id, legs)));
  });
  const boxes = [];
  let left = 0;
  for (const leg of legs) {
    const [from, to] = [
      [0, sides[0].get(leg.key)],
      [apart, sides[1].get(leg.key)],
    ];
    const fill = shade(purposeLook(leg));
    const band = { mark: "band", from, to, fill, hit: { leg }, title: flowWords(leg) };
    marks.push({ ...band, high0: high(leg), high1: high(leg), alpha: leg.weight ? 0.7 : 0.12 });
    if (!leg.weight)
      for (const off of [0, high(leg) - OUTLINE[1]])
        marks.push({
          ...band,
          from: [from[0], from[1] + off],
          to: [to[0], to[1] + off],
          high0: OUTLINE[1],
          high1: OUTLINE[1],
          alpha: 0.9,
        });
    items.push({ x: apart / 2, y: (from[1] + to[1] + high(leg)) / 2, hit: { leg }, say: flowWords(leg) });
    const text = `${purposeSign(leg)} ${style.brief ? flowBrief(leg) : flowText(leg, true)}`;
    const half = textWidth(text, TAG_FONT) / 2 + 7;
    // Near its ends, where no stream lies on another one, or between.
    const spots = [apart - half - 6, half + 6, 0.7 * apart, 0.3 * apart, 0.5 * apart].map((x) => {
      const share = x / apart;
      return [x, from[1] + (to[1] - from[1]) * share * share * (3 - 2 * share) + high(leg) / 2];
    });
    const boxAt = ([x, y]) => ({ left: x - half, right: x + half, top: y - 9, bottom: y + 9 });
    const inside = ([x]) => x - half >= 0 && x + half <= apart;
    const spot = spots.find((one) => inside(one) && !boxes.some((box) => overlap(box, boxAt(one))));
    if (!spot) {
      left += 1;
      continue;
    }
    boxes.push(boxAt(spot));
    pills.push(...pillMarks(text, ...spot, fill, 1, { leg }));
  }
  return { marks: [...marks, ...bars, ...pills], items, left };
}
