// Money of several houses side by side, on one day and by one scale.
// What a house pays and gets in all, each kind of money apart: a deal of a group counts once.
function houseLines(house) {
  const [entries, id, signs] = [entriesNow(), houseOf(house), signsOf(LEDGER.purposes)];
  const side = (own) =>
    LEDGER.purposes
      .map((_, at) => [
        signs[at],
        sums(
          own.filter((entry) => entry.u === at),
          S.measure,
        ),
      ])
      .filter(([, found]) => found.some(([, amount]) => isStated(amount)))
      .map(([sign, found]) => `${sign} ${found.map(([currency, amount]) => briefAmount(amount, currency)).join(" + ")}`);
  const told = (verb, own) => `${verb} ${side(own).join(", ") || "nothing that is stated"}`;
  return [
    told("Pays", entries.filter((entry) => entry.p === id && entry.x[0])),
    told("Gets", entries.filter((entry) => entry.q === id && entry.x[1])),
  ];
}

// Each house with those around it, in places of its own, all as large as the one that needs the most room can be.
function housePanels(lists, book, room) {
  const made = lists.map(({ legs }, at) => {
    const radius = book.radii[at];
    const ids = book.ids.filter((id) => radius.has(id));
    const places = placeFlows(ids, legs, radius, [room[0] - 70, room[1] - 40], CLOSE);
    return { legs, radius, places, box: boxOfHouses(radius, places) };
  });
  const scale = Math.min(
    1,
    ...made
      .filter(({ legs }) => legs.length)
      .flatMap(({ box }) => [room[0] / (box.right - box.left), room[1] / (box.bottom - box.top)]),
  );
  return made.map(({ legs, radius, places, box }) => ({
    ...flowPicture(legs, radius, places, book.greatest, CLOSE),
    middle: legs.length ? [(box.left + box.right) / 2, (box.top + box.bottom) / 2] : [0, 0],
    scale,
  }));
}

function setHouses(list) {
  const houses = unique(list).slice(0, MOST_DAYS);
  set({ houses: houses.length ? houses : null, days: null, compare: null, zoom: null });
  say(houses.length ? besideWords() : captionWords());
}

// Those of whose money the most is sure.
function largestHouses(count) {
  S.houses = S.days = S.compare = null;
  const { scope } = S;
  S.scope = "core";
  const { ids } = flowBook([flowsNow().all]);
  S.scope = scope;
  return ids.filter((id) => id >= 0).slice(0, count);
}
