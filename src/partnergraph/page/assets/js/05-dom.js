// Small helpers: elements, words, colours.
const byId = (id) => document.getElementById(id);

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties || {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  for (const child of children.flat(3)) {
    if (child != null && child !== false && child !== "") element.append(child);
  }
  return element;
}

const el = (tag, properties, ...children) => fill(document.createElement(tag), properties, children);
const svg = (tag, properties, ...children) =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", tag), properties, children);
const button = (text, onclick, properties) => el("button", { type: "button", onclick, ...properties }, text);

// Formats are made once: making one takes longer than a frame has room for hundreds of.
const NUMBERS = [0, 2, 6].map((digits) => new Intl.NumberFormat("en", { maximumFractionDigits: digits }));
const grouped = (count) => (count < 1000 ? String(count) : NUMBERS[0].format(count));
const plural = (count, one, many) => `${grouped(count)} ${count === 1 ? one : many || `${one}s`}`;
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const narrow = matchMedia("(max-width: 900px)");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const preferDark = matchMedia("(prefers-color-scheme: dark)");

const isDark = () => document.documentElement.dataset.theme === "dark";
const styles = getComputedStyle(document.documentElement);
// Colours of the theme, read once for each theme.
const INKS = new Map();
for (const query of ["(forced-colors: active)", "(prefers-contrast: more)", "print"])
  matchMedia(query).addEventListener("change", () => INKS.clear());
function ink(name) {
  const key = `${document.documentElement.dataset.theme} ${name}`;
  if (!INKS.has(key)) INKS.set(key, styles.getPropertyValue(`--${name}`).trim());
  return INKS.get(key);
}
const shade = (look) => (isDark() ? look.dark : look.light);

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

function readableDay(iso) {
  const [year, month, day] = iso.split("-");
  if (!month) return year;
  return `${day ? `${Number(day)} ` : ""}${MONTHS[Number(month) - 1]} ${year}`;
}

function safeUrl(text) {
  try {
    const url = new URL(text);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}

const press = (id, pressed) => byId(id).setAttribute("aria-pressed", String(pressed));

function say(text) {
  byId("live").textContent = text;
}

// Shapes as points of a unit circle, the same for legend, panel and SVG.
function points(shape) {
  const ring = (count, turn, radius) =>
    Array.from({ length: count }, (_, i) => {
      const angle = turn + (2 * Math.PI * i) / count;
      const far = Array.isArray(radius) ? radius[i % 2] : radius;
      return [far * Math.cos(angle), far * Math.sin(angle)];
    });
  switch (shape) {
    case "square":
      return [
        [-0.9, -0.9],
        [0.9, -0.9],
        [0.9, 0.9],
        [-0.9, 0.9],
      ];
    case "diamond":
      return ring(4, 0, 1);
    case "hexagon":
      return ring(6, 0, 1);
    case "triangle":
      return [
        [0, -1],
        [1, 0.8],
        [-1, 0.8],
      ];
    case "triangleDown":
      return [
        [0, 1],
        [1, -0.8],
        [-1, -0.8],
      ];
    case "star":
      return ring(10, -Math.PI / 2, [1.1, 0.5]);
    default:
      return null;
  }
}

function drawnShape(shape, radius, properties) {
  const corners = points(shape);
  if (!corners) return svg("circle", { r: radius, ...properties });
  const text = corners.map((corner) => corner.map((v) => +(v * radius).toFixed(1)).join(",")).join(" ");
  return svg("polygon", { points: text, ...properties });
}

function groupGlyph(group, size = 16) {
  const inked = S.look !== "entities" || Boolean(S.compare);
  const colour = inked ? ink("ink") : shade(group);
  const hollow = inked || group.hollow;
  const look = {
    fill: hollow ? "none" : colour,
    stroke: hollow ? colour : "none",
    "stroke-width": hollow ? 2.4 : 0,
  };
  const box = { width: size, height: size, viewBox: "-11 -11 22 22", "aria-hidden": "true" };
  return svg("svg", box, drawnShape(group.shape, 8.5, look));
}

const DASHES = { solid: "none", dash: "7 5", dot: "2 5" };

function lineGlyph(colour, dash = "solid", sign = "") {
  const line = {
    x1: 1,
    y1: 8,
    x2: 27,
    y2: 8,
    stroke: colour,
    "stroke-width": 3,
    "stroke-dasharray": DASHES[dash],
  };
  const letter = {
    x: 14,
    y: 12,
    "text-anchor": "middle",
    "font-size": 11,
    "font-weight": 650,
    class: "sign",
  };
  return svg(
    "svg",
    { width: 28, height: 16, viewBox: "0 0 28 16", "aria-hidden": "true" },
    svg("line", line),
    sign && svg("text", letter, sign),
  );
}
