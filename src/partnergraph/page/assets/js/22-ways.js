// Ways between two entities and loops of money, in what the legend and the time let through.
function distances(start) {
  const far = new Map([[start, 0]]);
  const queue = [start];
  for (const id of queue) {
    for (const near of neighbours(id)) {
      if (far.has(near)) continue;
      far.set(near, far.get(id) + 1);
      queue.push(near);
    }
  }
  return far;
}

// The entities on ways that are no longer than the shortest one, or than so many steps.
function betweenSet() {
  const [fromA, fromB] = [distances(S.from), distances(S.to)];
  const shortest = fromA.get(S.to);
  if (shortest === undefined) return [S.from, S.to];
  const most = Math.max(shortest, LISTS.ways.steps);
  return [...fromA.keys()].filter((id) => fromB.has(id) && fromA.get(id) + fromB.get(id) <= most);
}

function waysBetween(limit) {
  const allowed = new Set(betweenSet());
  const fromB = distances(S.to);
  const most = Math.max(fromB.get(S.from) ?? 0, LISTS.ways.steps);
  const ways = [];
  const walk = (way) => {
    const last = way[way.length - 1];
    if (ways.length >= limit) return;
    if (last === S.to) {
      ways.push(way);
      return;
    }
    for (const near of neighbours(last).sort((a, b) => a - b)) {
      if (!allowed.has(near) || way.includes(near)) continue;
      if (way.length + (fromB.get(near) ?? Infinity) <= most) walk([...way, near]);
    }
  };
  walk([S.from]);
  const cost = (way) => way.slice(1).reduce((sum, id, at) => sum + linkCost(pairOf(way[at], id)), 0);
  return ways
    .map((way) => [cost(way), way])
    .sort((a, b) => a[0] - b[0])
    .map(([, way]) => way);
}

// What a link costs on a way: that of the best of its claims.
function linkCost(pair) {
  const { attested, stage, contested, aside } = LISTS.ways;
  const costs = V.links.get(pair).claims.map((index) => {
    const claim = CLAIMS[index];
    return attested[claim.a || 0] + (stage[claim.s] || 0) + (rivalsOf(claim).length ? contested : 0);
  });
  return costs.length ? Math.min(...costs) : aside;
}
