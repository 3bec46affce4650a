// The loops of money on the day, by the rules of analysis/loops.py: some finance, some buy, and no more than the smallest
// leg goes round.
function loopsNow() {
  const counted = entriesNow().filter((entry) => {
    const name = LEDGER.purposes[entry.u].id;
    return (
      [FINANCING, PURCHASE].includes(name) &&
      LEDGER.counted.includes(entry.s || 0) &&
      !isNothing(measured(entry, "committed"))
    );
  });
  const legs = new Map();
  for (const leg of legsOf(counted)) {
    const key = `${leg.payer} ${leg.payee}`;
    if (!legs.has(key)) legs.set(key, { payer: leg.payer, payee: leg.payee, entries: [], purposes: [] });
    legs.get(key).entries.push(...leg.entries);
    legs.get(key).purposes.push(LEDGER.purposes[leg.purpose].id);
  }
  const onward = new Map();
  for (const leg of legs.values()) {
    leg.spans = leg.entries.map((entry) => [entry.b || 0, entry.e || NEVER]);
    leg.amount = added(leg.entries.map((entry) => dollars(measured(entry, "committed"), entry.c)));
    if (!onward.has(leg.payer)) onward.set(leg.payer, []);
    onward.get(leg.payer).push(leg);
  }
  const loops = [];
  const follow = (path, spans) => {
    const start = path[0].payer;
    const visited = new Set(path.map((leg) => leg.payer));
    for (const leg of onward.get(path[path.length - 1].payee) || []) {
      const home = leg.payee === start;
      if (!home && (visited.has(leg.payee) || leg.payee < start || path.length + 2 > MOST_PARTIES)) continue;
      const common = spans.flatMap(([a, b]) => leg.spans.map(([c, d]) => [Math.max(a, c), Math.min(b, d)]));
      const days = common.filter(([begins, ends]) => begins < ends);
      if (!days.length || loops.length >= MOST_LOOPS) continue;
      if (!home) follow([...path, leg], days);
      else if (closes([...path, leg])) loops.push(loopOf([...path, leg]));
    }
  };
  for (const leg of legs.values()) if (leg.payee > leg.payer) follow([leg], leg.spans);
  return loops.sort(
    (a, b) =>
      b.amount[0] - a.amount[0] ||
      a.legs.length - b.legs.length ||
      (a.route.join() < b.route.join() ? -1 : 1),
  );
}

// An amount in another currency is one that nobody states in dollars.
const dollars = (amount, currency) =>
  isStated(amount) && !isNothing(amount) && currency !== "USD" ? [0, null] : amount;

function closes(legs) {
  const [out, back] = [FINANCING, PURCHASE].map((name) => legs.filter((leg) => leg.purposes.includes(name)));
  return out.length > 0 && back.length > 0 && new Set([...out, ...back]).size > 1;
}

function loopOf(legs) {
  const financing = legs.filter((leg) => leg.purposes.includes(FINANCING));
  const rank = (leg) => (leg.purposes.includes(PURCHASE) ? 1 : 0);
  const first = financing.sort((a, b) => rank(a) - rank(b) || a.payer - b.payer)[0];
  const at = legs.indexOf(first);
  const turned = [...legs.slice(at), ...legs.slice(0, at)];
  const limits = turned.map((leg) => leg.amount[1]);
  const amount = [
    Math.min(...turned.map((leg) => leg.amount[0])),
    limits.includes(null) ? null : Math.min(...limits),
  ];
  return { legs: turned, amount, route: turned.map((leg) => leg.payer) };
}

// The links of the loops: from payer to payee, with the claims that money flows there.
function loopLinks() {
  V.loops = loopsNow();
  const parts = new Map();
  for (const leg of V.loops.flatMap((loop) => loop.legs)) {
    const pair = pairOf(leg.payer, leg.payee);
    if (!parts.has(pair)) parts.set(pair, { claims: new Set(), along: false, against: false });
    const part = parts.get(pair);
    for (const claim of legClaims(leg)) part.claims.add(claim);
    if (leg.payer === pair.from) part.along = true;
    else part.against = true;
  }
  const links = new Map();
  for (const [pair, { claims, along, against }] of parts) {
    const sorted = [...claims].sort((a, b) => a - b);
    const look = { ...describeLink(sorted, NONE), along, against };
    links.set(pair, { claims: sorted, aside: NONE, count: sorted.length, look });
  }
  return links;
}
