// What is typed, folded as Python folded the names: without case, accents, punctuation and blanks, but for what makes C++ of C.
// Capitals in between bring letters together that have one capital, such as σ and ς; only ı is not to become i.
const ACCENTS = new RegExp(
  `[${[
    String.raw`\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670`,
    String.raw`\u06d6-\u06ed\u08ca-\u08ff\u180b-\u180f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff`,
    String.raw`\ua66f-\ua67d\ua69e\ua69f\ufe00-\ufe0f\ufe20-\ufe2f\u{e0100}-\u{e01ef}`,
  ].join("")}]`,
  "gu",
);
const fold = (text) =>
  text
    .replace(/[\u2122\u2120\u00ae\u00a9]/g, "")
    .normalize("NFKD")
    .replace(ACCENTS, "")
    .toLowerCase()
    .replace(/[^ı]+/g, (letters) => letters.toUpperCase().toLowerCase())
    .replaceAll("ς", "σ")
    .replace(ACCENTS, "")
    .replace(/(^|[^\p{L}\p{N}\p{M}+#])[+#]+/gu, "$1")
    .replace(/[^\p{L}\p{N}\p{M}+#]/gu, "");
