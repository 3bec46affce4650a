// A sheet as a PDF of one page, drawn by the same marks. Its letters are those of Helvetica, which every reader has and which
// stops at Latin-1; a sheet with other letters holds the picture instead.
const LATIN = /^[\x20-\x7e\xa0-\xff–—‘’“”•…−→↔✓]*$/;
const PDF_LETTERS = {
  "–": "\x96",
  "—": "\x97",
  "‘": "\x91",
  "’": "\x92",
  "“": "\x93",
  "”": "\x94",
  "•": "\x95",
  "…": "\x85",
};
const PLAIN_LETTERS = { "−": "-", "→": "to", "↔": "-", "✓": "x" };

const texts = (layers) => layers.flatMap(({ marks }) => marks.flatMap((mark) => mark.lines || []));

function pdfString(text) {
  const letters = [...text].map((letter) => PLAIN_LETTERS[letter] ?? PDF_LETTERS[letter] ?? letter).join("");
  return `(${letters.replace(/[\\()]/g, "\\$&")})`;
}

function pdfColour(colour) {
  const [r, g, b] = rgbOf(colour).map((value) => fixed(value / 255));
  return `${r} ${g} ${b}`;
}

const rgbOf = (colour) => [1, 3, 5].map((at) => parseInt(longColour(colour).slice(at, at + 2), 16));
const longColour = (colour) =>
  colour.length === 4 ? `#${[...colour.slice(1)].map((one) => one + one).join("")}` : colour;

// The circle as four curves.
function pdfCircle(x, y, r) {
  const k = 0.5523 * r;
  const arc = (...numbers) => `${numbers.map(fixed).join(" ")} c`;
  return [
    `${fixed(x + r)} ${fixed(y)} m`,
    arc(x + r, y + k, x + k, y + r, x, y + r),
    arc(x - k, y + r, x - r, y + k, x - r, y),
    arc(x - r, y - k, x - k, y - r, x, y - r),
    arc(x + k, y - r, x + r, y - k, x + r, y),
    "h",
  ].join("\n");
}

const pdfPolygon = (corners) =>
  [...corners.map(([x, y], at) => `${fixed(x)} ${fixed(y)} ${at ? "l" : "m"}`), "h"].join("\n");

function pdfPaint(path, colour, stroke, width, dash) {
  const parts = [];
  if (colour) parts.push(`${pdfColour(colour)} rg`);
  if (stroke) parts.push(`${pdfColour(stroke)} RG`, `${fixed(width)} w`, `[${(dash || []).join(" ")}] 0 d`);
  return [...parts, path, colour && stroke ? "B" : colour ? "f" : stroke ? "S" : "n"].join("\n");
}

const AS_PDF = {
  line: ({ from, to, bend, colour, width, dash }) => {
    // A curve with one handle as one with two.
    const handle = (end) => [0, 1].map((axis) => end[axis] + (2 / 3) * (bend[axis] - end[axis]));
    const on = bend
      ? `${[...handle(from), ...handle(to), ...to].map(fixed).join(" ")} c`
      : `${to.map(fixed).join(" ")} l`;
    return pdfPaint(`${from.map(fixed).join(" ")} m\n${on}`, null, colour, width, dash);
  },
  poly: ({ points: corners, fill: colour }) => pdfPaint(pdfPolygon(corners), colour),
  shape: ({ shape, x, y, r, fill: colour, stroke, width, dash }) => {
    const corners = points(shape);
    const path = corners
      ? pdfPolygon(corners.map(([dx, dy]) => [x + dx * r, y + dy * r]))
      : pdfCircle(x, y, r);
    return pdfPaint(path, colour, stroke, width, dash);
  },
  rect: ({ x, y, w, h, fill: colour, stroke, width }) =>
    pdfPaint(`${[x, y, w, h].map(fixed).join(" ")} re`, colour, stroke, width),
  band: ({ from, to, high0, high1, fill: colour }) => {
    const middle = (from[0] + to[0]) / 2;
    const curve = ([, y0], [x1, y1]) => `${[middle, y0, middle, y1, x1, y1].map(fixed).join(" ")} c`;
    const [low0, low1] = [
      [from[0], from[1] + high0],
      [to[0], to[1] + high1],
    ];
    const path = `${from.map(fixed).join(" ")} m\n${curve(from, to)}\n${low1.map(fixed).join(" ")} l\n${curve(low1, low0)}\nh`;
    return pdfPaint(path, colour);
  },
  text: ({ x, y, lines, size, line, weight, colour, halo, anchor }) =>
    lines
      .map((words, at) => {
        ruler.font = `${weight > 500 ? 700 : 400} ${size * 10}px Helvetica, Arial, sans-serif`;
        const wide = ruler.measureText(words).width / 10;
        const left = x - ({ left: 0, right: wide }[anchor] ?? wide / 2);
        const place = `1 0 0 -1 ${fixed(left)} ${fixed(y + at * line + size * 0.35)} Tm`;
        const font = `/${weight > 500 ? "B" : "R"} ${fixed(size)} Tf`;
        const edge = halo
          ? `BT ${font} 1 Tr ${pdfColour(halo)} RG ${fixed(size * 0.28)} w [] 0 d ${place} ${pdfString(words)} Tj ET\n`
          : "";
        return `${edge}BT ${font} 0 Tr ${pdfColour(colour)} rg ${place} ${pdfString(words)} Tj ET`;
      })
      .join("\n"),
};

function pdfOfMarks({ width, height, layers }) {
  const alphas = [];
  const stateOf = (alpha) => {
    const value = fixed(alpha ?? 1);
    if (!alphas.includes(value)) alphas.push(value);
    return `/A${alphas.indexOf(value)} gs`;
  };
  const parts = [`q 1 0 0 -1 0 ${height} cm 1 j`, pdfPaint(`0 0 ${width} ${height} re`, ink("page"))];
  for (const { marks, scale, corner, clip } of layers) {
    parts.push(
      `q ${fixed4(scale)} 0 0 ${fixed4(scale)} ${fixed(-corner.x * scale)} ${fixed(-corner.y * scale)} cm`,
    );
    for (const mark of marks) {
      const drawn =
        mark.mark === "veil" ? AS_PDF.rect({ ...clip, fill: mark.fill }) : AS_PDF[mark.mark](mark);
      parts.push(stateOf(mark.alpha), drawn);
    }
    parts.push("Q");
  }
  parts.push("Q");
  const states = alphas.map((alpha, at) => `/A${at} << /ca ${alpha} /CA ${alpha} >>`).join(" ");
  const font = (name) => `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`;
  const resources = `<< /Font << /R ${font("Helvetica")} /B ${font("Helvetica-Bold")} >> /ExtGState << ${states} >> >>`;
  return { resources, content: parts.join("\n"), objects: [] };
}

async function pdfOfPicture({ width, height }) {
  const canvas = sheetCanvas(3);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.92));
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let data = "";
  for (const byte of bytes) data += String.fromCharCode(byte);
  const head = `/Type /XObject /Subtype /Image /Width ${canvas.width} /Height ${canvas.height}`;
  const form = `/ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length ${data.length}`;
  const image = `<< ${head} ${form} >>\nstream\n${data}\nendstream`;
  return {
    resources: "<< /XObject << /P 6 0 R >> >>",
    content: `q ${width} 0 0 ${height} 0 0 cm /P Do Q`,
    objects: [image],
  };
}

async function pdfBlob() {
  const made = sheet();
  const latin = texts(made.layers).every((line) => LATIN.test(line));
  const { resources, content, objects } = latin ? pdfOfMarks(made) : await pdfOfPicture(made);
  const utf16 = [...`\ufeff${made.title}`].map((letter) =>
    letter.codePointAt(0) > 0xffff ? "fffd" : letter.charCodeAt(0).toString(16).padStart(4, "0"),
  );
  const all = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${made.width} ${made.height}] /Resources ${resources} /Contents 4 0 R >>`,
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    `<< /Title <${utf16.join("")}> /Producer (partnergraph) >>`,
    ...objects,
  ];
  let file = "%PDF-1.4\n%\xe2\xe3\xcf\xd3\n";
  const starts = all.map((object, at) => {
    const start = file.length;
    file += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return start;
  });
  const table = starts.map((start) => `${String(start).padStart(10, "0")} 00000 n \n`).join("");
  const end = file.length;
  file += `xref\n0 ${all.length + 1}\n0000000000 65535 f \n${table}`;
  file += `trailer\n<< /Size ${all.length + 1} /Root 1 0 R /Info 5 0 R >>\nstartxref\n${end}\n%%EOF\n`;
  return new Blob([Uint8Array.from(file, (letter) => letter.charCodeAt(0))], { type: "application/pdf" });
}
