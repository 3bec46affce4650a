// Unpacks what stands packed in the page: the scripts, which then unpack the rest in the same way.
async function unpacked(id) {
  const bytes = Uint8Array.from(atob(document.getElementById(id).textContent), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate")));
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
