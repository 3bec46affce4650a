// Stories: steps, each a state of the page and a text whose claims and sources can be opened.
const STORIES = [];

const storyNow = () => {
  const [id, step] = S.story.split(".");
  const story = STORIES.find((one) => one.id === id);
  return story && story.steps[step] ? { story, step: Number(step) } : null;
};

function buildStories() {
  byId("stories").hidden = !STORIES.length;
  byId("story-menu").replaceChildren(...STORIES.map((story) => button(story.title, () => tell(story, 0))));
  buildMenu("stories", "story-menu");
}

function stepNamed(text) {
  const [id, step] = (text || "").split(".");
  return STORIES.find((one) => one.id === id)?.steps[step];
}

// Brings the page into the state of a step.
function tell(story, step) {
  const { theme, embed } = S;
  stopPlaying();
  readState(story.steps[step].state);
  Object.assign(S, { theme, embed, story: `${story.id}.${step}`, zoom: null });
  cameraOf = "";
  drawHistogram();
  update(true);
  byId("story").focus({ preventScroll: true });
}

function leaveStory() {
  S.story = "";
  update();
  byId("map").focus({ preventScroll: true });
}

function storySync() {
  const now = storyNow();
  const target = byId("story");
  target.hidden = !now;
  if (!now) {
    target.dataset.step = "";
    return;
  }
  if (target.dataset.step === S.story) return;
  target.dataset.step = S.story;
  const { story, step } = now;
  const { title, text: paragraphs } = story.steps[step];
  const cited = unique(
    paragraphs
      .flat()
      .filter((part) => part.claim)
      .map((part) => part.claim),
  );
  const sources = unique(
    cited.flatMap((key) => (CLAIMS[CLAIM_OF_KEY.get(key)]?.c || []).slice(0, 1).map(([source]) => source)),
  );
  const go = (by, words_) =>
    button(words_, () => tell(story, step + by), {
      disabled: step + by < 0 || step + by >= story.steps.length,
    });
  target.replaceChildren(
    el("p", { class: "small" }, `${story.title}, ${step + 1} of ${story.steps.length}`),
    el("h3", {}, title),
    ...paragraphs.map((parts) => el("p", {}, parts.map(storyPart))),
    el(
      "details",
      { class: "sources" },
      el("summary", {}, plural(sources.length, "source")),
      el(
        "ol",
        {},
        sources.map((source) => citationItem([source])),
      ),
    ),
    el(
      "div",
      { class: "row" },
      go(-1, "← Back"),
      go(1, "Next →"),
      !S.embed && button("Leave the story", leaveStory),
    ),
  );
}

function storyPart(part) {
  if (typeof part === "string") return part;
  if (part.claim && CLAIM_OF_KEY.has(part.claim))
    return button(part.text, () => selectClaim(CLAIM_OF_KEY.get(part.claim)), { class: "text link" });
  const url = part.url && safeUrl(part.url);
  return url
    ? el("a", { href: url, rel: "noopener noreferrer external", target: "_blank" }, part.text)
    : part.text;
}

// How much of the map a story lies on.
const storyWidth = () => (S.story && storyNow() && !narrow.matches ? byId("story").offsetWidth + 14 : 0);
