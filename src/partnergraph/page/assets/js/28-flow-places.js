// Where the houses of the money view stand, and the room that their names take.
function labelBox(id, [x, y], r, style) {
  const lines = labelLines(id);
  const half = Math.max(widest(lines, { weight: 600, size: style.name }) / 2, r) + 1;
  return {
    left: x - half,
    right: x + half,
    top: y - r,
    bottom: y + r + 4 + lines.length * (style.name + 2),
  };
}

// As much room as the map has shape.
function roomOfFlows() {
  const { width: whole, height } = mapBox();
  const width = whole && whole - storyWidth();
  const wide = width ? Math.max(narrow.matches ? 300 : 560, Math.min(980, width)) : 980;
  return [wide, width ? (wide * height) / width : 640];
}

// Places by forces: linked ones near, all apart, nothing left to chance; spread over the room that there is.
function placeFlows(ids, legs, radius, room, style) {
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
  evened(xs, room[0]);
  evened(ys, room[1]);
  separateFlows(xs, ys, Float64Array.from(ids, (id) => radius.get(id)), bound, style);
  separateNames(ids, xs, ys, radius, style);
  return new Map(ids.map((id, index) => [id, [xs[index], ys[index]]]));
}

// Between even steps and where the forces put them, so that a few far out do not crowd the rest.
function evened(spots, room) {
  const sorted = [...spots].sort((a, b) => a - b);
  const [low, high] = [sorted[0], sorted[sorted.length - 1]];
  for (let index = 0; index < spots.length; index += 1) {
    const rank = spots.length > 1 ? sorted.indexOf(spots[index]) / (spots.length - 1) : 0.5;
    const share = high > low ? (spots[index] - low) / (high - low) : 0.5;
    spots[index] = (0.7 * rank + 0.3 * share - 0.5) * room;
  }
}

function separateFlows(xs, ys, radii, bound, { besides, between }) {
  const count = xs.length;
  for (let round = 0; round < 260; round += 1) {
    let still = true;
    for (let i = 0; i < count; i += 1) {
      for (let j = i + 1; j < count; j += 1) {
        // Names lie below: what is above another one needs more room.
        const dx = xs[i] - xs[j] || 0.5;
        const dy = (ys[i] - ys[j]) * 0.8 || 0.5;
        const far = Math.hypot(dx, dy);
        const lacking = radii[i] + radii[j] + (bound[i * count + j] ? between : besides) - far;
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

// Names that would still lie on another one, or on a shape, are pushed apart by whichever way is shorter.
function separateNames(ids, xs, ys, radius, style) {
  const count = ids.length;
  for (let round = 0; round < 200; round += 1) {
    let still = true;
    for (let i = 0; i < count; i += 1) {
      for (let j = i + 1; j < count; j += 1) {
        const [a, b] = [i, j].map((at) => labelBox(ids[at], [xs[at], ys[at]], radius.get(ids[at]), style));
        if (!overlap(a, b)) continue;
        still = false;
        const [overX, overY] = [
          Math.min(a.right, b.right) - Math.max(a.left, b.left),
          Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top),
        ];
        const spots = overX < overY ? xs : ys;
        const push = (Math.min(overX, overY) / 2 + 1) * (spots[i] < spots[j] ? -1 : 1);
        spots[i] += push;
        spots[j] -= push;
      }
    }
    if (still) return;
  }
}
