// Places around one entity and between two, worked out here; those of the whole map come from Python.
const WIDE = 1.12;
const FIRST_RING = 230;
const RING = 83;

function aroundLayout(centre, ids) {
  const places = new Map([[centre, [0, 0]]]);
  const near = new Map();
  for (const [id, pair] of PAIRS_OF[centre]) {
    const style = lookOf(pair);
    if (style && ids.has(id) && !near.has(id)) near.set(id, style);
  }
  const rank = (style) => (style.family == null ? FAMILIES.length : style.family);
  const order = [...near.keys()].sort(
    (a, b) => rank(near.get(a)) - rank(near.get(b)) || near.get(b).count - near.get(a).count || a - b,
  );
  if (order.length <= 26) placeRing(order, places);
  else placeSectors(order, near, rank, places);
  placeOpened(ids, places);
  spread(places, centre);
  placeRest(ids, places);
  places.sectors = order.length > 8 ? sectorTitles(order, near, rank, places) : [];
  return places;
}

// The name of each family beyond its outermost member, in the middle of the sector.
function sectorTitles(order, near, rank, places) {
  const sectors = new Map();
  for (const id of order) {
    const family = rank(near.get(id));
    if (!sectors.has(family)) sectors.set(family, []);
    sectors.get(family).push(id);
  }
  return [...sectors]
    .filter(([family]) => family < FAMILIES.length)
    .map(([family, members]) => {
      const bearings = members.map((id) => places.get(id)).map(([x, y]) => Math.atan2(y, x / WIDE));
      const sum = bearings.reduce(([x, y], angle) => [x + Math.cos(angle), y + Math.sin(angle)], [0, 0]);
      const bearing = Math.atan2(sum[1], sum[0]);
      const far = Math.max(
        ...members.map((id, at) => {
          const [x, y] = places.get(id);
          const apart = Math.abs(
            Math.atan2(Math.sin(bearings[at] - bearing), Math.cos(bearings[at] - bearing)),
          );
          return apart < 0.35 ? Math.hypot(x / WIDE, y) + ENTITIES[id].size : 0;
        }),
        FIRST_RING,
      );
      const radius = far + 58;
      return {
        family,
        x: radius * WIDE * Math.cos(bearing),
        y: radius * Math.sin(bearing),
        count: members.length,
      };
    });
}

function placeRing(order, places) {
  const radius = Math.max(190, order.length * 16);
  order.forEach((id, index) => {
    const angle = -Math.PI / 2 + (2 * Math.PI * index) / order.length;
    places.set(id, [radius * WIDE * Math.cos(angle), radius * Math.sin(angle)]);
  });
}

// One sector a family, as wide as it has members, the strongest innermost.
function placeSectors(order, near, rank, places) {
  const sectors = new Map();
  for (const id of order) {
    const family = rank(near.get(id));
    if (!sectors.has(family)) sectors.set(family, []);
    sectors.get(family).push(id);
  }
  const gap = 0.1;
  const total = 2 * Math.PI - gap * sectors.size;
  let start = -Math.PI / 2;
  for (const [family, members] of sectors) {
    const span = (total * members.length) / order.length;
    let [index, radius, ring] = [0, FIRST_RING, 0];
    while (index < members.length) {
      const room = Math.max(1, Math.floor((span * radius) / 104));
      const row = members.slice(index, index + room);
      const step = span / row.length;
      row.forEach((id, place) => {
        const shift = row.length > 1 && ring % 2 ? step * 0.25 : 0;
        const angle = start + step * (place + 0.5) + shift;
        places.set(id, [radius * WIDE * Math.cos(angle), radius * Math.sin(angle)]);
      });
      index += room;
      radius += RING;
      ring += 1;
    }
    start += span + gap;
  }
}

// What was added around a neighbour fans out behind it.
function placeOpened(ids, places) {
  for (const opened of S.open) {
    const place = places.get(opened);
    if (!place) continue;
    const added = neighbours(opened).filter((id) => ids.has(id) && !places.has(id));
    const base = Math.atan2(place[1], place[0]);
    let [index, radius] = [0, 150];
    while (index < added.length) {
      const room = Math.max(3, Math.floor((radius * 2.2) / 70));
      const row = added.slice(index, index + room);
      row.forEach((id, at) => {
        const angle = base + (row.length > 1 ? 2.2 * (at / (row.length - 1) - 0.5) : 0);
        places.set(id, [place[0] + radius * 1.3 * Math.cos(angle), place[1] + radius * Math.sin(angle)]);
      });
      index += room;
      radius += 75;
    }
  }
}

function placeRest(ids, places) {
  const low = Math.max(0, ...[...places.values()].map(([, y]) => y)) + 120;
  let index = 0;
  for (const id of ids) {
    if (places.has(id)) continue;
    places.set(id, [-600 + (index % 12) * 110, low + Math.floor(index / 12) * 60]);
    index += 1;
  }
}

// From left to right by the steps from the first of the two.
function betweenLayout(ids) {
  const places = new Map();
  const far = distances(S.from);
  const back = distances(S.to);
  const most = Math.max(far.get(S.to) ?? 1, 1);
  const columns = new Map();
  for (const id of [...ids].sort((a, b) => a - b)) {
    if (id === S.from || id === S.to) continue;
    const share = (far.get(id) ?? 1) / ((far.get(id) ?? 1) + (back.get(id) ?? 1));
    const column = Math.round(share * Math.max(most, 2));
    if (!columns.has(column)) columns.set(column, []);
    columns.get(column).push(id);
  }
  const width = 330 * Math.max(most, 2);
  places.set(S.from, [-width / 2, 0]);
  places.set(S.to, [width / 2, 0]);
  for (const [column, members] of columns) {
    const x = -width / 2 + (width * column) / Math.max(most, 2);
    const lines = Math.max(1, Math.ceil(members.length / 9));
    const count = Math.ceil(members.length / lines);
    members.forEach((id, index) => {
      const line = Math.floor(index / lines);
      // Out of line, so that links inside a column can be seen; and beside the direct link, not on it.
      const sideways = ((index % lines) - (lines - 1) / 2) * 170 + (line % 2 ? 60 : -60);
      const gap = most === 1 ? (line >= count / 2 ? 40 : -40) : 0;
      places.set(id, [x + sideways, (line - (count - 1) / 2) * 84 + gap]);
    });
  }
  spread(places, S.from);
  return places;
}

// A ring on which those who are linked stand side by side where that is possible.
function circleLayout(ids) {
  const left = new Set([...ids].sort((a, b) => a - b));
  const order = [];
  while (left.size) {
    const last = order[order.length - 1];
    const linked = last === undefined ? [] : neighbours(last).filter((id) => left.has(id));
    const next = Math.min(...(linked.length ? linked : left));
    left.delete(next);
    order.push(next);
  }
  const places = new Map();
  placeRing(order, places);
  return places;
}

// Pushes label boxes apart; the centre stays. Labels are drawn in screen pixels, hence the factor.
function spread(places, centre) {
  const ids = [...places.keys()].sort((a, b) => a - b);
  if (ids.length > 220) return;
  const factor = ids.length > 45 ? 1.7 : ids.length > 26 ? 1.45 : 1.1;
  const width = new Map();
  const height = new Map();
  for (const id of ids) {
    const { size } = ENTITIES[id];
    const lines = labelLines(id);
    const letters = Math.max(...lines.map((line) => line.length));
    width.set(id, Math.max(size, factor * (id < 10 ? 4.4 : 3.3) * letters) + 4);
    height.set(id, size + (4 + 6 * lines.length) * factor);
  }
  for (let round = 0; round < 300; round += 1) {
    let moved = false;
    for (let i = 0; i < ids.length; i += 1) {
      for (let j = i + 1; j < ids.length; j += 1) {
        if (pushApart(places, ids[i], ids[j], centre, width, height)) moved = true;
      }
    }
    if (!moved) return;
  }
}

function pushApart(places, a, b, centre, width, height) {
  const [first, second] = [places.get(a), places.get(b)];
  const roomX = width.get(a) + width.get(b);
  const roomY = height.get(a) + height.get(b);
  const overX = roomX - Math.abs(first[0] - second[0]);
  const overY = roomY - Math.abs(first[1] - second[1]);
  if (overX <= 0 || overY <= 0) return false;
  const axis = overX / roomX < overY / roomY ? 0 : 1;
  const push = (second[axis] >= first[axis] ? 1 : -1) * (axis ? overY : overX) * 0.5;
  if (a === centre) second[axis] += push;
  else if (b === centre) first[axis] -= push;
  else {
    first[axis] -= push / 2;
    second[axis] += push / 2;
  }
  return true;
}
