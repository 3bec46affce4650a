// What leaves the page: a picture of what is in sight, a drawing of the whole map, a print with legend and table.
function save(blob, name) {
  const link = el("a", { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 2000);
}

function fileName(ending) {
  const what = S.entity == null ? S.scope : ENTITIES[S.entity].key.replace(/[^\w-]+/g, "-");
  const days = [S.asof, S.known && `known-${S.known}`, S.compare && S.compare.join("-to-")].filter(Boolean);
  return `${["partnergraph", what, ...days].join("-")}.${ending}`;
}

const captionWords = () => `${META.title}: ${byId("count").textContent}`;

function savePng() {
  const canvas = byId("map").querySelector("canvas");
  const ratio = canvas.width / canvas.clientWidth;
  const strip = 40 * ratio;
  const picture = document.createElement("canvas");
  picture.width = canvas.width;
  picture.height = canvas.height + strip;
  const context = picture.getContext("2d");
  context.fillStyle = ink("page");
  context.fillRect(0, 0, picture.width, picture.height);
  context.drawImage(canvas, 0, strip);
  context.fillStyle = ink("ink");
  context.font = `600 ${15 * ratio}px ${FONT}`;
  context.fillText(captionWords(), 14 * ratio, 26 * ratio, picture.width - 28 * ratio);
  picture.toBlob((blob) => save(blob, fileName("png")));
}

const saveSvg = () => save(new Blob([svgText()], { type: "image/svg+xml" }), fileName("svg"));

const beforePrint = {};

function preparePrint() {
  Object.assign(beforePrint, { dark: isDark(), rail: byId("rail").open, hidden: byId("table").hidden });
  if (beforePrint.dark) paintTheme(false);
  byId("rail").open = true;
  const drawing = new DOMParser().parseFromString(svgText(), "image/svg+xml");
  byId("print-map").replaceChildren(document.importNode(drawing.documentElement, true));
  byId("table").hidden = false;
  table(true);
}

function endPrint() {
  byId("print-map").replaceChildren();
  byId("rail").open = beforePrint.rail;
  byId("table").hidden = beforePrint.hidden;
  if (beforePrint.dark) paintTheme(true);
  table();
}

function buildExports() {
  byId("save-png").addEventListener("click", savePng);
  byId("save-svg").addEventListener("click", saveSvg);
  byId("print").addEventListener("click", () => window.print());
  addEventListener("beforeprint", preparePrint);
  addEventListener("afterprint", endPrint);
}
