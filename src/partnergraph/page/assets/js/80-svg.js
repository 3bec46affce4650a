// Marks as SVG, and as a drawing of a whole page with caption and legend.
const fixed = (value) => Number(value.toFixed(2));
const spotText = ([x, y]) => `${fixed(x)} ${fixed(y)}`;

const AS_SVG = {
  line: ({ from, to, bend, colour, width, dash, alpha, title }) =>
    titled(
      svg("path", {
        d: `M${spotText(from)}${bend ? `Q${spotText(bend)} ` : "L"}${spotText(to)}`,
        fill: "none",
        stroke: colour,
        "stroke-opacity": fixed(alpha),
        "stroke-width": fixed(width),
        "stroke-dasharray": dash ? dash.join(" ") : null,
      }),
      title,
    ),
  poly: ({ points: corners, fill: colour, alpha, title }) =>
    titled(
      svg("polygon", { points: corners.map(spotText).join(" "), fill: colour, "fill-opacity": fixed(alpha) }),
      title,
    ),
  shape: ({ shape, x, y, r, fill: colour, stroke, width, dash, alpha, title }) =>
    titled(
      drawnShape(shape, r, {
        transform: `translate(${spotText([x, y])})`,
        ...surface(colour, stroke, width, dash, alpha),
      }),
      title,
    ),
  rect: ({ x, y, w, h, round, fill: colour, stroke, width, alpha, title }) =>
    titled(
      svg("rect", {
        x: fixed(x),
        y: fixed(y),
        width: fixed(w),
        height: fixed(h),
        rx: round ? fixed(round) : null,
        ...surface(colour, stroke, width, null, alpha),
      }),
      title,
    ),
  band({ from, to, high0, high1, fill: colour, alpha, title }) {
    const middle = (from[0] + to[0]) / 2;
    const curve = (a, b) => `C${spotText([middle, a[1]])} ${spotText([middle, b[1]])} ${spotText(b)}`;
    const [low0, low1] = [
      [from[0], from[1] + high0],
      [to[0], to[1] + high1],
    ];
    const d = `M${spotText(from)}${curve(from, to)}L${spotText(low1)}${curve(low1, low0)}Z`;
    return titled(svg("path", { d, fill: colour, "fill-opacity": fixed(alpha) }), title);
  },
  // Letters stand a third of their height below their middle: said in numbers, as few programs know of middles.
  text: ({ x, y, lines, size, line, weight, colour, halo, anchor, title }) =>
    titled(
      svg(
        "text",
        {
          "font-size": fixed(size),
          "font-weight": weight,
          "text-anchor": { left: "start", right: "end" }[anchor] || "middle",
          fill: colour,
          ...(halo && {
            stroke: halo,
            "stroke-width": fixed(size * 0.28),
            "paint-order": "stroke",
            "stroke-linejoin": "round",
          }),
        },
        lines.map((words, at) => svg("tspan", { x: fixed(x), y: fixed(y + at * line + size * 0.35) }, words)),
      ),
      title,
    ),
};

function titled(element, title) {
  if (title) element.prepend(svg("title", {}, title));
  return element;
}

function surface(colour, stroke, width, dash, alpha) {
  return {
    fill: colour || "none",
    "fill-opacity": alpha == null || alpha === 1 ? null : fixed(alpha),
    stroke: stroke || null,
    "stroke-width": stroke ? fixed(width) : null,
    "stroke-dasharray": dash ? dash.join(" ") : null,
  };
}

// A sheet as SVG: marks of the picture in their place, then those of caption and legend.
function svgText() {
  const made = sheet();
  const { width, height } = made;
  const parts = made.layers.map(({ marks, scale, corner, clip }) =>
    svg(
      "g",
      { transform: `scale(${fixed4(scale)}) translate(${fixed(-corner.x)} ${fixed(-corner.y)})` },
      marks.map((mark) =>
        mark.mark === "veil"
          ? svg("rect", {
              x: clip.x,
              y: clip.y,
              width: clip.w,
              height: clip.h,
              fill: mark.fill,
              "fill-opacity": mark.alpha,
            })
          : AS_SVG[mark.mark](mark),
      ),
    ),
  );
  const root = svg(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      "font-family": FONT,
      role: "img",
    },
    svg("title", {}, made.title),
    svg("desc", {}, made.about),
    svg("rect", { width, height, fill: ink("page") }),
    parts,
  );
  return new XMLSerializer().serializeToString(root);
}

const fixed4 = (value) => Number(value.toFixed(5));
