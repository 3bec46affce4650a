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

// The entities on ways that are no longer than the shortest one, or than two steps.
function betweenSet() {
  const [fromA, fromB] = [distances(S.from), distances(S.to)];
  const shortest = fromA.get(S.to);
  if (shortest === undefined) return [S.from, S.to];
  const most = Math.max(shortest, 2);
  return [...fromA.keys()].filter((id) => fromB.has(id) && fromA.get(id) + fromB.get(id) <= most);
}

function waysBetween(limit) {
  const allowed = new Set(betweenSet());
  const fromB = distances(S.to);
  const most = Math.max(fromB.get(S.from) ?? 0, 2);
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
  return ways.sort((a, b) => a.length - b.length);
}

// Who gives money to whom: entity -> set of entities.
function moneyFlows() {
  const flows = new Map();
  for (const [pair, style] of V.links) {
    for (const index of style.claims) {
      for (const [giver, taker] of moneyEnds(CLAIMS[index])) {
        if (Math.min(giver, taker) !== pair.from || Math.max(giver, taker) !== pair.to) continue;
        if (!flows.has(giver)) flows.set(giver, new Set());
        flows.get(giver).add(taker);
      }
    }
  }
  return flows;
}

function moneyEnds(claim) {
  const along = KINDS[claim.k].money;
  if (!along) return [];
  return (claim.e || []).filter(([a, b]) => a !== b).map(([a, b]) => (along > 0 ? [a, b] : [b, a]));
}

const LONGEST_LOOP = 4;

// Loops of at most four entities, each once, starting at its heaviest member.
function moneyLoops() {
  const flows = moneyFlows();
  const loops = [];
  const walk = (way) => {
    for (const next of flows.get(way[way.length - 1]) || []) {
      if (next === way[0] && way.length > 1) loops.push(way);
      else if (next > way[0] && way.length < LONGEST_LOOP && !way.includes(next)) walk([...way, next]);
    }
  };
  for (const start of [...flows.keys()].sort((a, b) => a - b)) walk([start]);
  return loops.sort((a, b) => a.length - b.length || a.join() - b.join() || 0);
}

const loopMembers = () => new Set(moneyLoops().flat());

function isMoneyLink(pair, style) {
  return style.claims.some((index) => moneyEnds(CLAIMS[index]).length > 0);
}
