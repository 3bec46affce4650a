// The slider moves one of two days: that on which claims hold, or that by which they were published.
const AXES = {
  asof: { word: "As of", dayOf: (claim) => (claim.t ? claim.t[0] || claim.t[2] : 0) },
  known: {
    word: "Known by",
    dayOf: (claim) => Math.min(...(claim.c || []).map(([source]) => SOURCES[source].e || Infinity)),
  },
};
const RANGE = { first: 0, last: 0 };

// From the January before nearly all claims to the month of the last publication.
function setRange() {
  for (const axis of Object.values(AXES)) {
    axis.months = CLAIMS.map(axis.dayOf).map((number) =>
      number && Number.isFinite(number) ? monthOfNumber(number) : null,
    );
  }
  const starts = AXES.asof.months.filter((month) => month != null).sort((a, b) => a - b);
  const told = SOURCES.filter((source) => source.l).map((source) => monthOfNumber(source.l));
  const first = starts.length ? starts[Math.floor(starts.length * 0.03)] : 2020 * 12;
  const last = told.reduce((a, b) => Math.max(a, b), -Infinity);
  const end = told.length ? last : (starts[starts.length - 1] ?? first + 12);
  Object.assign(RANGE, { first: Math.floor(first / 12) * 12, last: Math.max(end, first + 1) });
}

function setDay(iso) {
  S[S.axis] = iso;
  S.compare = S.days = null;
}

function buildTimeline() {
  setRange();
  const slider = byId("slider");
  Object.assign(slider, { min: RANGE.first, max: RANGE.last });
  let frame = 0;
  const first = byId("slider-from");
  Object.assign(first, { min: RANGE.first, max: RANGE.last });
  const slide = (change) => {
    change();
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(glance);
  };
  slider.addEventListener("input", () =>
    slide(() => (S.compare || S.days ? brush() : setDay(lastDay(Number(slider.value))))),
  );
  first.addEventListener("input", () => slide(brush));
  for (const handle of [slider, first]) handle.addEventListener("change", () => update());
  for (const id of ["day", "to-day"]) byId(id).addEventListener("change", readDays);
  for (const axis of Object.keys(AXES)) {
    byId(`axis-${axis}`).addEventListener("click", () => {
      Object.assign(S, { axis, compare: null, days: null });
      drawHistogram();
      update();
    });
  }
  byId("axis-compare").addEventListener("click", () => {
    const second = S.asof || lastDay(RANGE.last);
    S.compare = [`${Number(second.slice(0, 4)) - 1}${second.slice(4)}`.replace("-02-29", "-02-28"), second];
    S.days = null;
    stopPlaying();
    update();
  });
  byId("axis-beside").addEventListener("click", () => {
    if (S.days && isBeside()) return;
    stopPlaying();
    if (!BESIDE_VIEWS.includes(S.view)) S.view = "map";
    setDays(S.days || (S.compare ? daysBetween(...S.compare, 4) : usualDays()));
    update(true);
    say(besideWords());
  });
  byId("pictures").addEventListener("change", (event) => {
    const count = Math.min(MOST_DAYS, Math.max(2, Math.round(Number(event.target.value)) || 4));
    setDays(daysBetween(S.days[0], S.days[S.days.length - 1], count));
    update(true);
  });
  byId("today").addEventListener("click", () => {
    stopPlaying();
    setDay(today());
    update();
  });
  byId("any-day").addEventListener("click", () => {
    stopPlaying();
    S.asof = S.known = S.compare = S.days = null;
    update();
  });
  byId("play").addEventListener("click", () => (playing ? stopPlaying() : startPlaying()));
  drawHistogram();
}

const today = () => new Date().toISOString().slice(0, 10);

// The two handles are the two days; they do not pass each other.
function brush() {
  const [low, high] = [Number(byId("slider-from").value), Number(byId("slider").value)];
  const first = Math.min(low, high - 1, RANGE.last - 1);
  spanDays(lastDay(first), lastDay(Math.max(high, first + 1)));
}

// Two days that are compared, or the first and the last of several.
function spanDays(first, last) {
  if (S.days) setDays(daysBetween(first, last, S.days.length));
  else S.compare = [first, last];
}

function readDays() {
  const [first, second] = [byId("day").value, byId("to-day").value];
  if (!S.compare && !S.days) setDay(isDay(first) ? first : null);
  else if (isDay(first) && isDay(second) && first < second) spanDays(first, second);
  update();
}

function drawHistogram() {
  const count = RANGE.last - RANGE.first + 1;
  const bins = new Array(count).fill(0);
  for (const month of AXES[S.axis].months) {
    if (month != null && month >= RANGE.first && month <= RANGE.last) bins[month - RANGE.first] += 1;
  }
  const most = Math.max(...bins, 1);
  const chart = byId("histogram");
  chart.setAttribute("viewBox", `0 0 ${count} 26`);
  const bar = (bin, index) => {
    const height = 25 * Math.sqrt(bin / most);
    return svg("rect", { x: index + 0.1, width: 0.8, y: 26 - height, height });
  };
  chart.replaceChildren(...bins.map(bar));
}

function timelineSync() {
  const span = S.compare || (S.days && [S.days[0], S.days[S.days.length - 1]]);
  const iso = span ? span[1] : S[S.axis];
  const slider = byId("slider");
  const month = iso ? monthOf(iso) : RANGE.last;
  slider.value = month;
  slider.setAttribute("aria-valuetext", iso ? `${AXES[S.axis].word} ${readableDay(iso)}` : "any day");
  byId("day").value = (span ? span[0] : iso) || "";
  byId("day-label").textContent = span ? "From" : AXES[S.axis].word;
  byId("to-day").value = span ? span[1] : "";
  for (const id of ["to-day", "to-label"]) byId(id).hidden = !span;
  byId("slider-from").hidden = !span;
  byId("time").classList.toggle("beside", Boolean(S.days));
  byId("track").classList.toggle("brush", Boolean(span));
  if (span) {
    const from_ = byId("slider-from");
    from_.value = monthOf(span[0]);
    from_.setAttribute("aria-valuetext", readableDay(span[0]));
  }
  byId("play").disabled = Boolean(span);
  byId("today").setAttribute("aria-pressed", String(!span && S[S.axis] === today()));
  for (const axis of Object.keys(AXES)) press(`axis-${axis}`, !span && S.axis === axis);
  press("axis-compare", Boolean(S.compare));
  press("axis-beside", Boolean(S.days));
  byId("pictures-label").hidden = !S.days;
  byId("pictures").value = S.days ? S.days.length : 4;
  byId("any-day").setAttribute("aria-pressed", String(!S.asof && !S.known && !span));
  const from = span ? monthOf(span[0]) : 0;
  [...byId("histogram").children].forEach((bar, index) => {
    bar.classList.toggle("on", index + RANGE.first <= month && index + RANGE.first >= from);
  });
}

// What the map is restricted to, in words.
function viewWords() {
  if (S.compare) return `changes from ${S.compare.map(readableDay).join(" to ")}`;
  const words = [S.asof && `as of ${readableDay(S.asof)}`, S.known && `known by ${readableDay(S.known)}`];
  if (S.known && S.undated) words.push("or undated");
  return words.filter(Boolean).join(", ") || "any day";
}

let playing = 0;

function stopPlaying() {
  const played = playing;
  clearInterval(playing);
  playing = 0;
  if (played) update();
  byId("play").setAttribute("aria-pressed", "false");
  byId("play").textContent = "Play";
}

function startPlaying() {
  const now = S[S.axis] && !S.compare ? monthOf(S[S.axis]) : RANGE.last;
  let month = now >= RANGE.last ? RANGE.first : now;
  byId("play").setAttribute("aria-pressed", "true");
  byId("play").textContent = "Stop";
  const step = () => {
    month = Math.min(RANGE.last, month + (calm.matches ? 12 : 1));
    setDay(lastDay(month));
    glance();
    if (month >= RANGE.last) stopPlaying();
  };
  playing = setInterval(step, calm.matches ? 1500 : 200);
  step();
}
