// Money: the entries of the ledger that stand on the day shown, and what they come to. What counts, Python has decided;
// here entries are only chosen and added up. Where it has not, as for two filters at once, there are no amounts.
const FINANCING = "financing";
const PURCHASE = "purchase";
const MOST_PARTIES = 5;
const MOST_LOOPS = 2000;
const NEVER = 99991231;

// Why there are no amounts in the state of the page, or nothing if there are.
function moneyMissing() {
  if (S.compare) return "Amounts are those of one day, not of two";
  if (S.hidesure.size) return "Amounts are not worked out for what is surely or only possibly so alone";
  const [attested, tier] = leastRanks();
  if (attested === null || tier === null)
    return "Amounts are worked out from one attestation or tier of sources up, not for others";
  const several = [attested, tier, S.known].filter(Boolean).length > 1 || (S.known && (S.asof || S.undated));
  if (several || (S.known && !LEDGER.known))
    return (
      "Amounts are not worked out for these days, attestations and sources at once; " +
      "partnergraph map with such options writes a page that has them"
    );
  return "";
}

// From which attestation and which tier on claims are shown, 0 for all; null where others are left out than those below.
function leastRanks() {
  RANKS.attested ??= unique(CLAIMS.map((claim) => claim.a || 0));
  if (S.hidetier.size && !S.known) RANKS.tier ??= unique(CLAIMS.map(bestTier));
  return [
    leastRank(S.hideattestation, RANKS.attested),
    leastRank(S.hidetier, RANKS.tier ?? LISTS.tier.map(({ rank }) => rank)),
  ];
}

const RANKS = { attested: null, tier: null };

function leastRank(hidden, ranks) {
  const shown = ranks.filter((rank) => !hidden.has(String(rank)));
  if (shown.length === ranks.length) return 0;
  const least = Math.min(...shown);
  return ranks.every((rank) => rank < least === hidden.has(String(rank))) ? least : null;
}

// The entries of what the filters let through: all claims, those from some attestation or tier on, or what was known.
function entriesOn(day) {
  const { attested, tiers, entries } = LEDGER;
  if (S.known) return standing(LEDGER.known, dayNumber(S.known)).map((index) => entries[index]);
  const [least, source] = leastRanks();
  const { dayless, eras } = attested[least] || tiers[source] || LEDGER;
  return (day ? standing(eras, day) : dayless).map((index) => entries[index]);
}

const standing = (eras, day) =>
  eras.filter(([, since, until]) => since <= day && (!until || day < until)).map(([index]) => index);

// The entries on the day shown that the legend lets through.
function entriesNow() {
  if (moneyMissing()) return [];
  const families = FAMILIES.map((family) => !S.hiderelation.has(family.id));
  const shown = (claim) => families[familyOf(CLAIMS[claim])] && !S.hidekind.has(KINDS[CLAIMS[claim].k].id);
  return entriesOn(dayNumber(S.asof)).filter(
    (entry) =>
      !S.hidepurpose.has(LEDGER.purposes[entry.u].id) &&
      !S.hidestage.has(String(entry.s || 0)) &&
      (!entry.k.length || entry.k.some(shown)) &&
      endsOf(entry).every(
        (id) => id < 0 || (!S.hideentity.has(id) && !S.hidegroup.has(GROUPS[ENTITIES[id].group].id)),
      ),
  );
}

// Payer and payee: houses, or the parties of the contract where a house is opened.
function endsOf(entry) {
  const houses = [entry.p, entry.q];
  return entry.o ? houses.map((house, end) => (S.unrolled.has(house) ? entry.o[end] : house)) : houses;
}

const NOTHING = [0, 0];
const measured = (entry, measure) => {
  const at = MEASURES_AT[measure];
  return [entry.m[at], entry.m[at + 1]];
};
const MEASURES_AT = { paid: 0, committed: 2, conditional: 4, intended: 6 };
const isNothing = ([least, most]) => least === 0 && most === 0;
const isStated = ([least, most]) => least > 0 || most !== null;
const cents = (value) => Math.round(value * 100) / 100;
const added = (amounts) =>
  amounts.reduce(([a, b], [c, d]) => [cents(a + c), b === null || d === null ? null : cents(b + d)], NOTHING);

// What entries come to, by currency; one of which nobody states a currency adds to every sum.
function sums(entries, measure) {
  const currencies = unique(entries.map((entry) => entry.c).filter(Boolean));
  const due = (currency) => entries.filter((entry) => entry.c === currency || !entry.c);
  const found = currencies.map((currency) => [
    currency,
    added(due(currency).map((entry) => measured(entry, measure))),
  ]);
  if (!currencies.length) found.push(["", added(entries.map((entry) => measured(entry, measure)))]);
  return found.filter(([, amount]) => !isNothing(amount));
}

// All that one pays another for one purpose.
function legsOf(entries) {
  const legs = new Map();
  for (const entry of entries) {
    const [payer, payee] = endsOf(entry);
    if (payer < 0 || payee < 0 || payer === payee) continue;
    const key = `${payer} ${payee} ${entry.u}`;
    if (!legs.has(key)) legs.set(key, { payer, payee, purpose: entry.u, entries: [] });
    legs.get(key).entries.push(entry);
  }
  return [...legs.values()];
}

const legClaims = (leg) => unique(leg.entries.flatMap((entry) => entry.k));
const weakestOf = (entries) => {
  const stating = entries.filter(
    (entry) => isStated(measured(entry, "committed")) || isStated(measured(entry, "intended")),
  );
  return Math.min(...(stating.length ? stating : entries).map((entry) => entry.a[0]));
};

// What several paid one house, or it paid them, together, is one leg as well, without the shares that are stated: those are legs
// of their own, and so all legs of a house come to what it pays or gets. A share that is not stated adds nothing for sure.
const JOINT = ["Joint payers of", "Joint payees of"];
const partyShort = (id) => (id < 0 ? JOINT[-id % 2].slice(0, -3) : ENTITIES[id].label);
const legNames = (leg) => `${partyShort(leg.payer)} → ${partyShort(leg.payee)}`;
const partyName = (id) => (id < 0 ? `${JOINT[-id % 2]} ${partyName(Math.floor(-id / 2) - 1)}` : ENTITIES[id].label);

// What is chosen with a party: the entity, or all that a group has in common.
const partyHit = (id, legs) =>
  id < 0 ? { leg: legs.find(({ payer, payee }) => payer === id || payee === id) } : { node: id };

function jointLegs(entries) {
  const legs = new Map();
  for (const entry of entries) {
    const ends = endsOf(entry);
    const end = ends[0] < 0 ? 0 : 1;
    const house = ends[1 - end];
    if (ends[end] >= 0 || house < 0 || !entry.x[1 - end]) continue;
    ends[end] = -2 * (house + 1) - end;
    const key = `${ends.join(" ")} ${entry.u}`;
    if (!legs.has(key))
      legs.set(key, { payer: ends[0], payee: ends[1], purpose: entry.u, entries: [], shares: [] });
    legs.get(key).entries.push(entry);
  }
  if (!legs.size) return [];
  // Also those that the legend leaves out are no part of the rest.
  for (const share of entriesOn(dayNumber(S.asof))) {
    const ends = endsOf(share);
    if (ends.includes(-1)) continue;
    for (const end of [0, 1]) {
      const key = [ends[0], ends[1]];
      key[end] = -2 * (ends[1 - end] + 1) - end;
      if (!share.x[1 - end]) legs.get(`${key.join(" ")} ${share.u}`)?.shares.push(share);
    }
  }
  return [...legs.values()];
}

// What a leg comes to, by currency; that of a group without the shares that are stated.
function legSums(leg, measure) {
  const stated = (leg.shares || []).filter((share) => share.r || measured(share, measure)[0] > 0);
  // A stated total is a leg of its own: here stands of its rest what is less than the total, end by end.
  const turned = (share, [least, most]) => (share.r ? [most || 0, least] : [least, most]);
  return sums(leg.entries, measure)
    .map(([currency, [least, most]]) => {
      const own = stated
        .filter((share) => share.c === currency)
        .map((share) => turned(share, measured(share, measure)));
      const [sure, limit] = added(own);
      return [
        currency,
        [
          limit === null ? 0 : Math.max(0, cents(least - limit)),
          most === null ? null : Math.max(0, cents(most - sure)),
        ],
      ];
    })
    .filter(([, amount]) => !isNothing(amount));
}

// Whether it is no more than shares of joint deals that nobody states: its limit is that of these deals.
const isUnstated = (leg, measure) =>
  !weightOf(leg, measure) &&
  leg.entries.some((entry) => {
    const [least, most] = measured(entry, measure);
    return !leg.shares && !(entry.x[0] && entry.x[1]) && !entry.r && !least && most;
  });

// For width: what is sure. For order that, too, and among those of which nothing is sure the limit.
const weightOf = (leg, measure) => Math.max(0, ...legSums(leg, measure).map(([, [least]]) => least));
function rankOf(leg, measure) {
  const limit = Math.max(0, ...legSums(leg, measure).map(([, [, most]]) => most || 0));
  return weightOf(leg, measure) || -1 / (1 + limit);
}

const UNITS = [
  [1e12, "trillion", "tn"],
  [1e9, "billion", "bn"],
  [1e6, "million", "m"],
];

function numberParts(value, short) {
  const unit = UNITS.find(([size]) => Math.abs(value) >= size);
  const scaled = unit ? value / unit[0] : value;
  // On an arrow there is room for a rounded number; in words it is always the number itself, as show/values.py has it.
  if (!short && unit && Number.isInteger(value) && Number(scaled.toFixed(6)) !== scaled)
    return [NUMBERS[2].format(value), ""];
  const digits = NUMBERS[short ? 1 : 2].format(scaled);
  return [digits, unit ? unit[short ? 2 : 1] : ""];
}

// A range in the words of show/values.py.
function amountText([least, most], unit, short = false) {
  const tail = (word) =>
    [word, unit]
      .filter(Boolean)
      .map((part) => ` ${part}`)
      .join("");
  const [high, word] = numberParts(most ?? least, short);
  if (most === null) return least ? `at least ${high}${tail(word)}` : "not stated";
  if (least === most) return `${high}${tail(word)}`;
  if (!least) return `up to ${high}${tail(word)}`;
  const [low, lowWord] = numberParts(least, short);
  return `${low}${lowWord === word || !lowWord ? "" : ` ${lowWord}`} to ${high}${tail(word)}`;
}

// In as few letters as can be, for pictures without room; dollars go without saying.
function briefAmount([least, most], unit) {
  const [high, word] = numberParts(most ?? least, true);
  const tail = `${word && ` ${word}`}${unit && unit !== "USD" ? ` ${unit}` : ""}`;
  if (most === null) return least ? `${high}+${tail}` : "not stated";
  if (least === most) return `${high}${tail}`;
  if (!least) return `up to ${high}${tail}`;
  const [low, lowWord] = numberParts(least, true);
  return `${low}${lowWord === word || !lowWord ? "" : ` ${lowWord}`}–${high}${tail}`;
}

const sumText = (entries, measure, short) =>
  sums(entries, measure)
    .map(([currency, amount]) => amountText(amount, currency, short))
    .join(" + ");
