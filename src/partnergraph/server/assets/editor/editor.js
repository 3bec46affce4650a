import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { sparql } from "codemirror-lang-sparql";
import { show } from "./results.js";

const form = document.querySelector("form.query");
const area = form.querySelector("textarea");
const outcome = document.querySelector(".outcome");
const { endpoint, words: wordsAt, search: searchAt, examples: examplesAt } = form.dataset;

const theme = EditorView.theme({
  "&": {
    border: "1px solid var(--edge)",
    borderRadius: "10px",
    background: "var(--card)",
    color: "var(--ink)",
    fontSize: "14.5px",
  },
  "&.cm-focused": { outline: "2px solid var(--accent)" },
  ".cm-scroller": { fontFamily: 'ui-monospace, "SF Mono", Menlo, Consolas, monospace', lineHeight: "1.6", minHeight: "240px" },
  ".cm-content": { padding: "12px 0", caretColor: "var(--ink)" },
  ".cm-gutters": { background: "transparent", border: "0", color: "var(--muted)" },
  ".cm-activeLine": { background: "transparent" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { background: "var(--hit) !important" },
  ".cm-tooltip": { border: "1px solid var(--line)", borderRadius: "8px", background: "var(--card)", color: "var(--ink)", maxWidth: "520px" },
  ".cm-tooltip-autocomplete ul li": { padding: "4px 8px" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { background: "var(--hit)", color: "var(--ink)" },
  ".cm-completionInfo": { padding: "8px 12px", fontFamily: "system-ui, sans-serif", fontSize: "14px" },
  ".cm-completionDetail": { color: "var(--muted)", fontStyle: "normal" },
});
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword], color: "var(--accent)", fontWeight: "600" },
  { tag: [tags.variableName, tags.atom], color: "var(--warn)" },
  { tag: [tags.string, tags.literal], color: "var(--muted)" },
  { tag: tags.comment, color: "var(--muted)", fontStyle: "italic" },
]);

let words = null;
async function terms() {
  words ??= await (await fetch(wordsAt)).json();
  return words;
}

async function complete(context) {
  const typed = context.matchBefore(/[\w-]*:?[\w.-]*$/);
  if (!typed || (typed.from === typed.to && !context.explicit)) return null;
  const text = typed.text;
  const { prefixes, terms: known } = await terms();
  const [prefix, local] = text.includes(":") ? text.split(":") : [text, null];
  if (local !== null && prefix === "ent") {
    if (local.length < 2) return null;
    const hits = await (await fetch(`${searchAt}?limit=20&q=${encodeURIComponent(local.replaceAll("-", " "))}`)).json();
    return { from: typed.from, filter: false, options: hits.map((hit) => ({ label: hit.id, detail: `${hit.label}, ${hit.kind}`, type: "constant" })) };
  }
  const options = known.map((term) => ({
    label: term.name,
    detail: String(term.count),
    info: `${term.label}: ${term.definition}`,
    type: /:[A-Z]/.test(term.name) ? "class" : "property",
    boost: Math.min(Math.log10(term.count + 1), 4),
  }));
  if (local === null) options.push(...Object.keys(prefixes).map((name) => ({ label: `${name}:`, detail: prefixes[name], type: "namespace" })));
  return { from: typed.from, options, validFor: /^[\w-]*:?[\w.-]*$/ };
}

const host = document.createElement("div");
area.before(host);
// Styles of the editor are made by script: within a root of its own the page's policy allows that.
const root = host.attachShadow({ mode: "open" });
const view = new EditorView({
  root,
  parent: root,
  state: EditorState.create({
    doc: area.value,
    extensions: [
      lineNumbers(),
      history(),
      drawSelection(),
      indentOnInput(),
      bracketMatching(),
      closeBrackets(),
      highlightActiveLine(),
      lintGutter(),
      sparql(),
      syntaxHighlighting(colours),
      autocompletion({ override: [complete], maxRenderedOptions: 60 }),
      theme,
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": "SPARQL query" }),
      keymap.of([
        { key: "Mod-Enter", run: () => (ask(), true) },
        ...closeBracketsKeymap,
        ...defaultKeymap,
        ...historyKeymap,
        ...completionKeymap,
        { key: "Escape", run: (editor) => (editor.contentDOM.blur(), true) },
        indentWithTab,
      ]),
    ],
  }),
});
area.hidden = true;
const text = () => view.state.doc.toString();

function point(problem) {
  const diagnostics = [];
  if (problem?.line) {
    const line = view.state.doc.line(Math.min(problem.line, view.state.doc.lines));
    const from = Math.min(line.from + Math.max((problem.column ?? 1) - 1, 0), line.to);
    diagnostics.push({ from, to: Math.min(from + 1, view.state.doc.length), severity: "error", message: problem.detail });
  }
  view.dispatch(setDiagnostics(view.state, diagnostics));
}

let running = null;
async function ask() {
  running?.abort();
  running = new AbortController();
  const query = text();
  const address = `${location.pathname}?query=${encodeURIComponent(query)}`;
  if (address.length < 7000) history_(address);
  outcome.setAttribute("aria-busy", "true");
  const started = performance.now();
  try {
    const answer = await fetch(endpoint, {
      method: "POST",
      headers: { "Content-Type": "application/sparql-query", Accept: "application/sparql-results+json, text/turtle;q=0.9" },
      body: query,
      signal: running.signal,
    });
    const media = answer.headers.get("content-type") ?? "";
    if (!answer.ok) {
      const problem = media.includes("json") ? await answer.json() : { detail: `the server answered ${answer.status}` };
      point(problem);
      said(problem.detail, "problem");
      return;
    }
    point(null);
    const body = media.includes("json") ? await answer.json() : await answer.text();
    show(outcome, body, performance.now() - started, searchAt.replace(/search\.json$/, ""), words?.prefixes ?? {});
  } catch (error) {
    if (error.name !== "AbortError") said("the server cannot be reached", "problem");
  } finally {
    outcome.removeAttribute("aria-busy");
  }
}

function history_(address) {
  try {
    window.history.replaceState(null, "", address);
  } catch {
    // Where the address cannot be kept the answer is shown all the same.
  }
}

function said(words_, kind) {
  const line = document.createElement("p");
  line.className = kind;
  line.textContent = words_;
  if (kind === "problem") line.setAttribute("role", "alert");
  outcome.replaceChildren(line);
}

form.addEventListener("submit", (event) => {
  area.value = text();
  if (!form.elements.format.value) {
    event.preventDefault();
    ask();
  }
});

const examples = form.querySelector(".examples");
examples.hidden = false;
examples.querySelector("select").addEventListener("change", async (event) => {
  if (!event.target.value) return;
  const answer = await fetch(`${examplesAt}${encodeURIComponent(event.target.value)}`);
  if (answer.ok) view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: await answer.text() } });
  event.target.value = "";
  view.focus();
});

const copies = form.querySelector(".copy");
copies.hidden = false;
const whole = () => new URL(endpoint, location.href).href;
const quoted = (value) => `'${value.replaceAll("'", "'\\''")}'`;
const kinds = {
  link: () => `${whole()}?query=${encodeURIComponent(text())}`,
  curl: () => `curl -H 'Accept: text/csv' --data-urlencode ${quoted(`query=${text()}`)} ${quoted(whole())}`,
  python: () =>
    `import csv, io, urllib.parse, urllib.request\n\nquery = ${JSON.stringify(text())}\nbody = urllib.parse.urlencode({"query": query, "format": "csv"}).encode()\nwith urllib.request.urlopen(${JSON.stringify(whole())}, body) as answer:\n    rows = list(csv.DictReader(io.TextIOWrapper(answer, "utf-8")))\n`,
};
for (const button of copies.querySelectorAll("button")) {
  button.title = `Copy as ${button.textContent}`;
  button.addEventListener("click", async () => {
    const label = button.textContent;
    try {
      await navigator.clipboard.writeText(kinds[button.dataset.copy]());
      button.textContent = "Copied";
    } catch {
      button.textContent = "Not allowed";
    }
    setTimeout(() => (button.textContent = label), 1200);
  });
}
