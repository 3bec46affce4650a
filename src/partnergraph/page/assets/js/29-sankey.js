// Money as streams.
const HIGH = 620;
const APART = 700;

// Payers at the left, payees at the right; what is sure is dark, what may be on top of it pale.
function sankeyScene() {
  const { legs } = flowsNow();
  if (!legs.length) return { marks: [], empty: emptyMoney() };
  const limit = (leg) => Math.max(...leg.sums.map(([, [least, most]]) => most ?? least));
  const sides = ["payer", "payee"].map((end) => {
    const totals = new Map();
    for (const leg of legs) totals.set(leg[end], (totals.get(leg[end]) || 0) + limit(leg));
    return [...totals].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  });
  const all = legs.reduce((sum, leg) => sum + limit(leg), 0) || 1;
  const gap = 16;
  const unit = HIGH / all;
  const thin = 1.5;
  const [marks, bars, items] = [[], [], []];
  const next = sides.map((side, end) => {
    const count = (id) => legs.filter((leg) => leg[["payer", "payee"][end]] === id).length;
    const heights = side.map(([id, total]) => Math.max(total * unit, count(id) * thin));
    const whole = heights.reduce((a, b) => a + b, 0) + gap * (side.length - 1);
    let y = -whole / 2;
    return new Map(
      side.map(([id], at) => {
        const x = end ? APART : -14;
        const hit = { node: id };
        bars.push({
          mark: "rect",
          x,
          y,
          w: 14,
          h: heights[at],
          fill: ink("ink"),
          stroke: null,
          width: 0,
          alpha: 1,
          hit,
          title: ENTITIES[id].label,
        });
        const name = end ? APART + 22 : -22;
        bars.push(
          words(cut(ENTITIES[id].label, 34), name, y + heights[at] / 2, {
            anchor: end ? "left" : "right",
            weight: 600,
            hit,
          }),
        );
        items.push({ x: x + 7, y: y + heights[at] / 2, hit, say: ENTITIES[id].label });
        const top = y;
        y += heights[at] + gap;
        return [id, top];
      }),
    );
  });
  const boxes = [];
  let left = 0;
  for (const leg of legs) {
    const high = Math.max(limit(leg) * unit, thin);
    const [from, to] = [
      [0, next[0].get(leg.payer)],
      [APART, next[1].get(leg.payee)],
    ];
    next[0].set(leg.payer, from[1] + high);
    next[1].set(leg.payee, to[1] + high);
    const fill = shade(purposeLook(leg));
    const sure =
      Math.min(1, leg.sums.reduce((sum, [, [least]]) => sum + least, 0) / (limit(leg) || 1)) * high;
    const band = { mark: "band", from, to, fill, hit: { leg }, title: flowWords(leg) };
    marks.push({ ...band, high0: high, high1: high, alpha: 0.35 });
    if (sure > 0.3) marks.push({ ...band, high0: sure, high1: sure, alpha: 0.55 });
    items.push({ x: APART / 2, y: (from[1] + to[1] + high) / 2, hit: { leg }, say: flowWords(leg) });
    const text = `${purposeSign(leg)} ${flowText(leg, true)}`;
    const half = textWidth(text, TAG_FONT) / 2 + 7;
    // Near its ends, where no stream lies on another one, or between.
    const spots = [APART - half - 6, half + 6, 0.7 * APART, 0.3 * APART, 0.5 * APART].map((x) => {
      const share = x / APART;
      return [x, from[1] + (to[1] - from[1]) * share * share * (3 - 2 * share) + high / 2];
    });
    const boxAt = ([x, y]) => ({ left: x - half, right: x + half, top: y - 9, bottom: y + 9 });
    const spot = spots.find((one) => !boxes.some((box) => overlap(box, boxAt(one))));
    if (!spot) {
      left += 1;
      continue;
    }
    boxes.push(boxAt(spot));
    bars.push(...pillMarks(text, ...spot, fill, 1, { leg }));
  }
  return { marks: [...marks, ...bars], items, left, most: 1.4 };
}
