// Marks on a canvas. The same marks become SVG in 80-svg.js and PDF in 82-pdf.js.
const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

function tracePoints(context, points) {
  points.forEach(([x, y], at) => (at ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.closePath();
}

const DRAW = {
  line(context, { from, to, bend, colour, width, dash }) {
    context.beginPath();
    context.moveTo(...from);
    if (bend) context.quadraticCurveTo(...bend, ...to);
    else context.lineTo(...to);
    context.setLineDash(dash || []);
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke();
  },
  poly(context, { points: corners, fill: colour }) {
    context.beginPath();
    tracePoints(context, corners);
    context.fillStyle = colour;
    context.fill();
  },
  shape(context, { shape, x, y, r, fill: colour, stroke, width, dash }) {
    const corners = points(shape);
    context.beginPath();
    if (corners)
      tracePoints(
        context,
        corners.map(([dx, dy]) => [x + dx * r, y + dy * r]),
      );
    else context.arc(x, y, r, 0, 2 * Math.PI);
    paintShape(context, colour, stroke, width, dash);
  },
  rect(context, { x, y, w, h, round, fill: colour, stroke, width }) {
    context.beginPath();
    if (round) context.roundRect(x, y, w, h, round);
    else context.rect(x, y, w, h);
    paintShape(context, colour, stroke, width, null);
  },
  // A stream between two upright edges.
  band(context, { from: [x0, y0], to: [x1, y1], high0, high1, fill: colour }) {
    const middle = (x0 + x1) / 2;
    context.beginPath();
    context.moveTo(x0, y0);
    context.bezierCurveTo(middle, y0, middle, y1, x1, y1);
    context.lineTo(x1, y1 + high1);
    context.bezierCurveTo(middle, y1 + high1, middle, y0 + high0, x0, y0 + high0);
    context.closePath();
    context.fillStyle = colour;
    context.fill();
  },
  text(context, { x, y, lines, size, line, weight, colour, halo, anchor }) {
    context.font = `${weight} ${size}px ${FONT}`;
    context.textAlign = anchor || "center";
    context.textBaseline = "alphabetic";
    // Letters stand a third of their height below their middle; programs differ in where a middle is.
    const foot = y + size * 0.35;
    context.lineJoin = "round";
    if (halo) {
      context.strokeStyle = halo;
      context.lineWidth = size * 0.28;
      context.setLineDash([]);
      lines.forEach((words, at) => context.strokeText(words, x, foot + at * line));
    }
    context.fillStyle = colour;
    lines.forEach((words, at) => context.fillText(words, x, foot + at * line));
  },
};

function paintShape(context, colour, stroke, width, dash) {
  if (colour) {
    context.fillStyle = colour;
    context.fill();
  }
  if (!stroke) return;
  context.setLineDash(dash || []);
  context.strokeStyle = stroke;
  context.lineWidth = width;
  context.stroke();
}

// Draws marks on a ground: `scale` pixels for one measure of the map, whose `corner` is at the left top.
function drawMarks(context, marks, { scale, corner, width, height, ratio }) {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.globalAlpha = 1;
  context.fillStyle = ink("page");
  context.fillRect(0, 0, width * ratio, height * ratio);
  const placeMap = () =>
    context.setTransform(
      scale * ratio,
      0,
      0,
      scale * ratio,
      -corner.x * scale * ratio,
      -corner.y * scale * ratio,
    );
  placeMap();
  for (const mark of marks) {
    context.globalAlpha = mark.alpha ?? 1;
    if (mark.mark === "veil") {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.fillStyle = mark.fill;
      context.fillRect(0, 0, width * ratio, height * ratio);
      placeMap();
    } else DRAW[mark.mark](context, mark);
  }
  context.globalAlpha = 1;
}
