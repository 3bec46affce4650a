// What holds on a day and what was known by a day: the same rules as selection.py, on the same first and last days.
// Three answers: true, false, and null for possibly.
const dayNumber = (iso) => (iso ? Number(iso.replaceAll("-", "")) : 0);

// Whether something of a claim is not known yet on the day by which sources are to be published.
const notYet = (day) => Boolean(day && S.known && dayNumber(S.known) < day);

// When a claim holds, in words; an end that is not known yet gives way to what had been agreed.
const whenOf = (claim) => (claim.z && notYet(claim.z[0]) ? claim.z[3] : claim.w) || "undated";

function inForce(claim, onDay) {
  const known =
    claim.z && notYet(claim.z[0]) ? [...[...claim.t, 0].slice(0, 2), claim.z[1], claim.z[2]] : claim.t;
  const [startsEarliest, startsLatest, endsEarliest, endsLatest] = known || [0, 0, 0, 0];
  if (startsEarliest && onDay < startsEarliest) return false;
  if (endsLatest && onDay >= endsLatest) return false;
  const begun = startsLatest && onDay >= startsLatest;
  const over = endsEarliest && onDay >= endsEarliest;
  return begun && !over ? true : null;
}

// Known for its own day only, and that too long before the day to say anything of it.
const stale = (claim, onDay) => Boolean(claim.q && onDay && onDay >= claim.q);

// A source does not tell of what has not happened yet, unless all sources of the claim are older than that.
function admits(source, byDay, claim) {
  if (!source.e) return S.undated ? null : false;
  const happened = claim?.h || 0;
  const told = happened && (claim.c || []).some(([one]) => SOURCES[one].e && SOURCES[one].l >= happened);
  if (Math.max(source.e, told ? happened : 0) > byDay) return false;
  return source.l <= byDay ? true : null;
}

function published(claim, byDay) {
  let answer = false;
  for (const [source] of claim.c || []) {
    const admitted = admits(SOURCES[source], byDay, claim);
    if (admitted) return true;
    if (admitted === null) answer = null;
  }
  return answer;
}

// The citations that the view admits; a claim rests on nothing else in it.
function citationsOf(claim) {
  const byDay = dayNumber(S.known);
  return (claim.c || []).filter(([source]) => !byDay || admits(SOURCES[source], byDay, claim) !== false);
}

const bestTier = (claim) => Math.max(0, ...citationsOf(claim).map(([source]) => SOURCES[source].r || 0));

// What is preferred over a claim in the view, each with the reason: Python asked the rule for every day of publication.
// The day on which claims hold plays no part, so what is overruled stays so when its overruler has ended.
function overruling(claim) {
  const day = dayNumber(S.known) || Infinity;
  const vague = !S.known || S.undated ? 1 : 0;
  return (claim.u || []).filter(
    ([, , since, until, undated = vague]) => since <= day && (!until || day < until) && undated === vague,
  );
}

// Why one claim is preferred over another one, or null.
function preference(a, b) {
  const found = overruling(CLAIMS[b]).find(([by]) => by === a);
  return found ? found[1] : null;
}

// The last day of a month that is counted from the year 0.
function lastDay(month) {
  const year = Math.floor(month / 12);
  const date = new Date(Date.UTC(2000, 0, 1));
  date.setUTCFullYear(year, (month % 12) + 1, 0);
  return date.toISOString().slice(0, 10);
}

const monthOf = (iso) => Number(iso.slice(0, 4)) * 12 + Number(iso.slice(5, 7)) - 1;
const monthOfNumber = (number) => Math.floor(number / 10000) * 12 + (Math.floor(number / 100) % 100) - 1;
