// Money in the panel: the whole, one flow and its deals, what one entity pays and gets.
const dayWords = () =>
  S.asof
    ? `as of ${readableDay(S.asof)}`
    : S.known
      ? `as it was known by ${readableDay(S.known)}`
      : "as it is last known";

const HOLLOW_WORDS = "hollow is a limit alone, as of a share that is not stated";
const JOINT_WORDS = "Joint payers and payees: what several paid or got together, less the shares that are stated";

function moneyOverview() {
  const missing = moneyMissing();
  const { legs, all } = missing ? { legs: [], all: [] } : flowsNow();
  const left = all.length - legs.length;
  return [
    el("h2", {}, `Money ${MEASURE_WORDS[S.measure].split(":")[0]}`),
    el(
      "p",
      { class: "kind" },
      `${capital(MEASURE_WORDS[S.measure])}, ${dayWords()}. Each deal of the ledger counts once, for the houses of its parties.`,
    ),
    missing && el("p", { class: "doubt" }, `${missing}.`),
    left > 0 &&
      el(
        "p",
        { class: "facts" },
        `${plural(left, "smaller flow")} not drawn; the slider and the table have them.`,
      ),
    scene?.left > 0 &&
      el(
        "p",
        { class: "facts" },
        `${plural(scene.left, "amount")} without room in the picture: they are in this list, and where one points at an arrow.`,
      ),
    legs.length > 0 &&
      el(
        "p",
        { class: "facts" },
        `Width follows what is sure; ${HOLLOW_WORDS}. ${legs.some((leg) => leg.shares) ? `${JOINT_WORDS}.` : ""}`,
      ),
    legs.length > 0 && el("h3", {}, "Largest flows"),
    el("ul", { class: "links" }, legs.map(flowRow)),
  ];
}

function flowRow(leg) {
  const look = purposeLook(leg);
  const glyph = lineGlyph(shade(look), dashOf(weakestOf(leg.entries)), purposeSign(leg));
  return el(
    "li",
    {},
    button([glyph, el("span", {}, legNames(leg)), el("span", { class: "n" }, flowTold(leg, true))], () =>
      selectLeg(leg),
    ),
  );
}

// One flow: what of it is paid and so on, and the deals that it is made of.
function legPanel(leg) {
  const kinds = MEASURES.map((measure) => [measure, legText(leg, measure)]).filter(([, told]) => told);
  const weakest = labelAt(LISTS.attestation, weakestOf(leg.entries))?.label;
  return [
    el("h2", {}, legNames(leg)),
    el(
      "p",
      { class: "kind" },
      `${capital(purposeLook(leg).label)}, ${dayWords()}${weakest ? `; weakest attestation: ${weakest}` : ""}`,
    ),
    el("div", { class: "row" }, sidesOf(leg).map((id) => entityButton(id))),
    leg.shares &&
      el(
        "p",
        { class: "facts" },
        !leg.entries.some((entry) => entry.g)
          ? "Nobody is named who paid this."
          : leg.shares.length
            ? "What several paid or got together, less the shares that are stated: these are flows of their own."
            : "What several paid or got together.",
      ),
    el(
      "dl",
      { class: "fields" },
      kinds.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]),
    ),
    el("h3", {}, plural(leg.entries.length, "deal")),
    el("ul", { class: "claims" }, leg.entries.map(dealItem)),
  ];
}

const legText = (leg, measure) => {
  const told = legSums(leg, measure).map(([currency, amount]) => amountText(amount, currency, false));
  return told.length ? `${told.join(" + ")}${isUnstated(leg, measure) ? ", share not stated" : ""}` : "";
};

// Who pays whom; of a group those of its members that the page holds.
const sidesOf = (leg) =>
  [leg.payer, leg.payee].flatMap((id) => (id < 0 ? unique(leg.entries.flatMap((entry) => entry.g || [])) : [id]));

function dealItem(entry) {
  const stage = labelAt(LISTS.stage, entry.s);
  const kinds = MEASURES.map((measure) => [measure, sums([entry], measure)]).filter(
    ([, found]) => found.length,
  );
  const amounts = kinds.map(([measure]) => `${measure} ${legText({ entries: [entry] }, measure)}`);
  const attested = labelAt(LISTS.attestation, entry.a[0]);
  return el(
    "li",
    {},
    el(
      "div",
      { class: "facts-line" },
      el("b", {}, amounts.join("; ") || "no amount"),
      stage && pill(stage.label, "plain", stage.about),
      attested && pill(attested.label, entry.a[0] >= 3 ? "" : entry.a[0] === 2 ? "dashed" : "dotted"),
    ),
    entry.k.slice(0, 6).map((index) =>
      el(
        "p",
        {},
        button(CLAIMS[index].l, () => selectClaim(index), { class: "text" }),
      ),
    ),
    !entry.k.length &&
      el("p", { class: "facts" }, `Rests on claims that this page does not hold: entry ${entry.n}`),
  );
}

// Whose money an entity's is: that of its house, unless the house is opened.
const payerFor = (id) => (S.unrolled.has(houseOf(id)) ? id : houseOf(id));

// What passes between the two of a link, or their houses, by direction and kind.
function moneyBetween(pair) {
  if (moneyMissing()) return null;
  const [one, two] = [payerFor(pair.from), payerFor(pair.to)];
  const legs = legsOf(entriesNow()).filter(
    (leg) => (leg.payer === one && leg.payee === two) || (leg.payer === two && leg.payee === one),
  );
  const rows = legs
    .flatMap((leg) => MEASURES.map((measure) => [leg, measure, legText(leg, measure)]))
    .filter(([, , told]) => told);
  if (!rows.length) return null;
  return [
    el("h3", {}, `Money${one === pair.from && two === pair.to ? "" : " between their houses"}, ${dayWords()}`),
    el(
      "dl",
      { class: "fields" },
      rows.map(([leg, measure, told]) => [
        el("dt", {}, `${purposeLook(leg).label} ${measure}`),
        el(
          "dd",
          {},
          button(`${legNames(leg)}: ${told}`, () => selectLeg(leg), { class: "text" }),
        ),
      ]),
    ),
  ];
}

// What an entity pays and gets in all: a deal of a group counts once.
function moneyOf(id) {
  const house = payerFor(id);
  if (moneyMissing() || S.unrolled.has(house)) return null;
  const entries = entriesNow();
  const sides = [
    ["pays", entries.filter((entry) => entry.p === house && entry.x[0])],
    ["gets", entries.filter((entry) => entry.q === house && entry.x[1])],
  ];
  const rows = sides.flatMap(([side, own]) =>
    LEDGER.purposes
      .map((purpose, at) => [
        `${side}, ${purpose.label}`,
        sumText(
          own.filter((entry) => entry.u === at),
          "committed",
          false,
        ),
      ])
      .filter(([, told]) => told),
  );
  if (!rows.length) return null;
  return [
    el("h3", {}, `Money committed, ${dayWords()}`),
    house !== id && el("p", { class: "small" }, `Of its house, ${ENTITIES[house].label}.`),
    el(
      "dl",
      { class: "fields" },
      rows.map(([name, told]) => [el("dt", {}, name), el("dd", {}, told)]),
    ),
  ];
}
