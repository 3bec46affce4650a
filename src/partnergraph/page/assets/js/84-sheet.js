// The sheet that every export draws: caption, picture, legend, and where it comes from.
const SHEET = { width: 1280, margin: 28, least: 520, most: 1100 };

// What the legend leaves out, in words.
function filterWords() {
  const labels = (set, list, name) => list.filter((one) => set.has(name(one))).map((one) => one.label);
  const levels = (set, list, none) => [
    ...labels(set, list, (level) => String(level.rank)),
    ...(set.has("0") ? [none] : []),
  ];
  const parts = [
    labels(S.hidegroup, GROUPS, (group) => group.id),
    labels(S.hiderelation, FAMILIES, (family) => family.id),
    labels(S.hidekind, KINDS, (kind) => kind.id),
    levels(S.hideattestation, LISTS.attestation, "not attested"),
    levels(S.hidestage, LISTS.stage, "no deal"),
    levels(S.hidetier, LISTS.tier, "no tier"),
    labels(S.hidepurpose, S.view === "money" ? LEDGER.purposes : [], (purpose) => purpose.id),
    [...S.hidesure].map((word) => `${word} so`),
    S.compare ? [...S.hidechange].map((change) => CHANGES[change].label) : [],
    [...S.hideentity].map((id) => ENTITIES[id].label),
  ].flat();
  return parts.length ? `without ${parts.join(", ")}` : "";
}

function captionWords() {
  const scopes = {
    ego: () => `around ${ENTITIES[S.entity].label}`,
    path: () => `ways from ${ENTITIES[S.from].label} to ${ENTITIES[S.to].label}`,
    loops: () => "loops of money",
  };
  const view = { money: `money ${S.measure}`, timeline: "timeline", matrix: "who with whom" }[S.view];
  const scope = isBeside() && S.houses ? "" : scopes[S.scope]?.();
  const parts = [view, S.view === "money" && S.scope !== "ego" ? "" : scope].filter(Boolean);
  return parts.length ? `${META.title}: ${parts.join(", ")}` : META.title;
}

// How many lines a text takes at a width, broken at blanks.
function brokenLines(text, font, room) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = lines[lines.length - 1] ? `${lines[lines.length - 1]} ${word}` : word;
    if (textWidth(longer, font) <= room || !lines[lines.length - 1]) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

// The items of the legend: a mark or two, drawn about the middle of a small box, and words.
function legendItems() {
  const shape = (group) => {
    const inked = S.view === "map" && (S.look !== "entities" || S.compare);
    const colour = inked ? ink("ink") : shade(group);
    const hollow = inked || group.hollow;
    return (x, y) => [
      {
        mark: "shape",
        shape: group.shape,
        x,
        y,
        r: 6.5,
        fill: hollow ? null : colour,
        stroke: hollow ? colour : null,
        width: 1.8,
        alpha: 1,
      },
    ];
  };
  const line = (colour, dash, sign) => (x, y) => [
    { mark: "line", from: [x - 12, y], to: [x + 12, y], bend: null, colour, width: 2.6, dash, alpha: 1 },
    ...(sign ? pillMarks(sign, x, y, colour, 1, null) : []),
  ];
  const groupsShown = new Set((scene ? sceneEntities() : [...V.nodes]).map((id) => ENTITIES[id].group));
  const groups = GROUPS.filter((_, at) => groupsShown.has(at)).map((group) => [
    shape(group),
    capital(group.label),
  ]);
  if (S.view === "money") {
    const purposes = LEDGER.purposes
      .filter((purpose) => !S.hidepurpose.has(purpose.id))
      .map((purpose) => [
        line(shade(purpose), null, signsOf(LEDGER.purposes)[LEDGER.purposes.indexOf(purpose)]),
        capital(purpose.label),
      ]);
    const hollow = (x, y) => [
      ...line(ink("ink"), null)(x, y).map((mark) => ({ ...mark, width: 4 })),
      ...line(ink("page"), null)(x, y).map((mark) => ({ ...mark, width: HOLLOW })),
    ];
    const drawn = [...(S.drawn === "sankey" ? [] : dashItems(line)), [hollow, "a limit alone"]];
    return [...groups, ...purposes, ...drawn];
  }
  const shownFamilies = new Set(V.claims.map((index) => familyOf(CLAIMS[index])));
  const families = FAMILIES.map((family, at) => [family, at])
    .filter(([, at]) => shownFamilies.has(at))
    .map(([family, at]) => [line(shade(family), null, SIGNS[at]), capital(family.label)]);
  if (S.compare && S.view === "map") {
    const changes = Object.values(CHANGES).map((change) => [
      line(shade(change), null, change.sign),
      change.label,
    ]);
    return [...groups, ...changes];
  }
  const coloured = (scene && S.view !== "map") || S.look === "relations" || emphasis() || S.scope === "ego";
  return [
    ...(S.view === "timeline" ? [] : groups),
    ...(coloured ? families : []),
    ...(scene && S.view !== "map" ? [] : dashItems(line)),
  ];
}

const dashItems = (line) => [
  [line(ink("ink"), null), "announced or confirmed"],
  [line(ink("ink"), [7, 5]), "reported"],
  [line(ink("ink"), [2, 5]), "rumoured"],
];

const sceneEntities = () => scene.items.map((item) => item.hit.node).filter((id) => id != null);

function legendMarks(items, top) {
  const font = { weight: 450, size: 12.5 };
  const marks = [];
  let [x, y] = [SHEET.margin + 14, top];
  for (const [draw, label] of items) {
    const wide = 36 + textWidth(label, font) + 22;
    if (x + wide > SHEET.width - SHEET.margin && x > SHEET.margin + 14) [x, y] = [SHEET.margin + 14, y + 24];
    marks.push(...draw(x, y), words(label, x + 24, y, { anchor: "left", size: font.size }));
    x += wide;
  }
  return { marks, bottom: y + 16 };
}

// Sizes and widths, said in words.
const moneyReading = () =>
  [
    S.drawn === "sankey" ? "Height follows" : "Size and width follow",
    `what is sure of the deals of the ledger, each once; ${HOLLOW_WORDS}.`,
    scene?.joint && `${JOINT_WORDS}.`,
    scene?.left > 0 && `${plural(scene.left, "amount")} without room: the table has them.`,
    scene?.brief && "Amounts without a currency are US dollars; 5+ is at least 5.",
  ]
    .filter(Boolean)
    .join(" ");

const readingWords = () =>
  ({
    money: moneyReading(),
    matrix: "A number is how many claims run from the row to the column.",
    timeline: "A dot is a day or the first possible one, a bar lasts; hollow or pale is only possibly so.",
  })[S.view] || "Size follows the claims about an entity, width those on a link; hollow is only possibly so.";

// The whole sheet as layers of marks: what every export draws.
function sheet() {
  const { width, margin } = SHEET;
  const inner = width - 2 * margin;
  const small = { weight: 450, size: 12.5 };
  const caption = [
    words(captionWords(), margin, 34, { anchor: "left", size: 20, weight: 650 }),
    ...brokenLines([shownWords(), filterWords()].filter(Boolean).join("; "), small, inner).map(
      (line, at) => words(line, margin, 60 + at * 18, { anchor: "left", size: 12.5, colour: ink("muted") }),
    ),
  ];
  const top = caption[caption.length - 1].y + 20;
  const seen = mapBox();
  const box = { width: inner, height: 0 };
  const reach = extent(1);
  const shape =
    S.zoom && seen.width ? seen.height / seen.width : (reach.bottom - reach.top) / (reach.right - reach.left);
  const filled = scene && !S.zoom ? (inner - 2 * MARGIN) * shape : inner * shape;
  box.height = Math.round(Math.max(SHEET.least, Math.min(scene?.upright ? 6000 : SHEET.most, filled)));
  const camera =
    S.zoom && seen.width ? { ...CAMERA, scale: (CAMERA.scale * inner) / seen.width } : fitted(box);
  const corner = cornerAt(camera, box);
  const picture = pictureMarks({ ...box, scale: camera.scale, corner }).filter((mark) => !mark.screen);
  const inSheet = { x: corner.x - margin / camera.scale, y: corner.y - top / camera.scale };
  const clip = { x: corner.x, y: corner.y, w: box.width / camera.scale, h: box.height / camera.scale };
  const { marks: legend_, bottom } = legendMarks(legendItems(), top + box.height + 26);
  const foot = [readingWords(), sourceWords()].flatMap((text) => brokenLines(text, small, inner));
  const about = foot.map((line, at) =>
    words(line, margin, bottom + 10 + at * 17, { anchor: "left", size: 12.5, colour: ink("muted") }),
  );
  const flat = { scale: 1, corner: { x: 0, y: 0 } };
  return {
    width,
    height: Math.round(bottom + 24 + foot.length * 17),
    title: captionWords(),
    about: [shownWords(), filterWords(), sourceWords()].filter(Boolean).join(". "),
    layers: [
      { marks: picture, scale: camera.scale, corner: inSheet, clip },
      { marks: [...caption, ...legend_, ...about], ...flat, clip },
    ],
  };
}

const shownWords = () => (isBeside() ? besideCount(true) : byId("count").textContent);

const sourceWords = () =>
  `${META.colophon} ${META.licence} ${location.protocol.startsWith("http") ? location.href : ""}`.trim();

function sheetCanvas(fineness) {
  const made = sheet();
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: made.width * fineness, height: made.height * fineness });
  const context = canvas.getContext("2d");
  for (const [at, { marks, scale, corner, clip }] of made.layers.entries()) {
    const view = { scale, corner, width: made.width, height: made.height, ratio: fineness };
    if (!at) drawMarks(context, clipped(marks, clip), view);
    else drawOver(context, marks, fineness);
  }
  return canvas;
}

// A veil covers the picture, not the whole sheet.
const clipped = (marks, clip) =>
  marks.map((mark) =>
    mark.mark === "veil" ? { mark: "rect", ...clip, fill: mark.fill, alpha: mark.alpha } : mark,
  );

function drawOver(context, marks, fineness) {
  context.setTransform(fineness, 0, 0, fineness, 0, 0);
  for (const mark of marks) {
    context.globalAlpha = mark.alpha ?? 1;
    DRAW[mark.mark](context, mark);
  }
}
