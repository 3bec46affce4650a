// Unpacks what stands packed in the page: the scripts, which then unpack the rest in the same way.
const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%:()*+-;.=,?@^_`{|}~";
async function unpacked(id) {
  const text = document.getElementById(id).textContent;
  const values = new Uint8Array(128);
  [...LETTERS].forEach((letter, at) => (values[letter.charCodeAt(0)] = at));
  // Five letters are four bytes; what lacks in the end counts as the last letter.
  const bytes = new DataView(new ArrayBuffer(Math.ceil(text.length / 5) * 4));
  for (let at = 0; at * 5 < text.length; at += 1) {
    let sum = 0;
    for (let next = at * 5; next < at * 5 + 5; next += 1)
      sum = sum * 85 + (next < text.length ? values[text.charCodeAt(next)] : 84);
    bytes.setUint32(at * 4, sum);
  }
  const packed = bytes.buffer.slice(0, Math.floor((text.length * 4) / 5));
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate")));
}
function explainFailure() {
  const words =
    typeof DecompressionStream === "undefined"
      ? "This browser is too old for this page; any of 2023 or later can open it."
      : "This file is damaged: its data cannot be unpacked.";
  const empty = document.getElementById("empty");
  empty.hidden = false;
  empty.textContent = document.getElementById("live").textContent = words;
}
(async () => {
  const script = document.createElement("script");
  script.textContent = await (await unpacked("app")).text();
  document.head.append(script);
  script.remove();
})().catch(explainFailure);
