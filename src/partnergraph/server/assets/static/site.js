"use strict";
(() => {
  const root = document.documentElement;
  const stored = () => {
    try {
      return localStorage.getItem("partnergraph-theme");
    } catch {
      return null;
    }
  };
  const wanted = stored();
  if (wanted === "light" || wanted === "dark") root.dataset.theme = wanted;

  const theme = document.querySelector(".theme");
  if (theme) {
    theme.hidden = false;
    theme.addEventListener("click", () => {
      const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
      try {
        localStorage.setItem("partnergraph-theme", root.dataset.theme);
      } catch {
        // Where nothing can be kept it holds for this page.
      }
    });
  }

  let names = null;
  // Hits for what is typed: from the server, or among files from the list of names.
  const hits = async (input, text) => {
    if (input.dataset.names) {
      names ??= await (await fetch(input.dataset.names)).json();
      const letters = fold(text);
      const start = [];
      const inside = [];
      for (const one of names.names) {
        const place = fold(one[0]).indexOf(letters);
        if (place === 0) start.push(one);
        else if (place > 0) inside.push(one);
        if (start.length >= 10) break;
      }
      const up = input.dataset.names.replace(/static\/names\.json$/, "");
      return [...start, ...inside].slice(0, 10).map(([label, kind, page]) => ({ label, kind, page: up + page, name: label }));
    }
    const answer = await fetch(`${input.dataset.complete}?limit=8&q=${encodeURIComponent(text)}`);
    return answer.ok ? answer.json() : [];
  };

  let serial = 0;
  for (const input of document.querySelectorAll("input[data-complete], input[data-names]")) {
    const list = document.createElement("ul");
    list.className = "complete";
    list.id = `complete-${++serial}`;
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Suggestions");
    input.after(list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-autocomplete", "list");
    let timer = 0;
    let asked = 0;
    let chosen = -1;
    const close = () => {
      list.hidden = true;
      chosen = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const mark = (place) => {
      chosen = place;
      [...list.children].forEach((item, number) => item.setAttribute("aria-selected", String(number === place)));
      if (place >= 0) input.setAttribute("aria-activedescendant", list.children[place].id);
    };
    const take = (hit) => {
      if ("fill" in input.dataset) {
        input.value = hit.label;
        close();
      } else location.href = hit.page;
    };
    let found = [];
    input.addEventListener("input", () => {
      clearTimeout(timer);
      const text = input.value.trim();
      if (text.length < 2) {
        close();
        return;
      }
      timer = setTimeout(async () => {
        const mine = ++asked;
        let got = [];
        try {
          got = await hits(input, text);
        } catch {
          // Without suggestions the form works as it is.
        }
        if (mine !== asked || document.activeElement !== input) return;
        found = got;
        list.replaceChildren(
          ...found.map((hit, number) => {
            const item = document.createElement("li");
            item.id = `${list.id}-${number}`;
            item.setAttribute("role", "option");
            item.setAttribute("aria-selected", "false");
            const kind = document.createElement("span");
            kind.textContent = ` ${hit.kind}${hit.name !== hit.label ? `, also ${hit.name}` : ""}`;
            item.append(hit.label, kind);
            item.addEventListener("pointerdown", (event) => {
              event.preventDefault();
              take(hit);
            });
            return item;
          }),
        );
        list.hidden = !found.length;
        input.setAttribute("aria-expanded", String(found.length > 0));
        chosen = -1;
      }, 140);
    });
    input.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        mark((chosen + step + found.length) % found.length);
      } else if (event.key === "Enter" && chosen >= 0) {
        event.preventDefault();
        take(found[chosen]);
      } else if (event.key === "Escape") close();
    });
    input.addEventListener("blur", close);
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "") && !document.activeElement?.isContentEditable) {
      const field = document.querySelector(".find input");
      if (field) {
        event.preventDefault();
        field.focus();
      }
    }
  });

  // Tables sort by a click on a heading; numbers by value, all else as text.
  for (const table of document.querySelectorAll("table.rows")) {
    const body = table.tBodies[0];
    if (!body || body.rows.length < 2) continue;
    [...table.tHead.rows[0].cells].forEach((cell, place) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = cell.textContent;
      cell.textContent = "";
      cell.append(button);
      cell.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => {
        const up = cell.getAttribute("aria-sort") !== "ascending";
        for (const other of cell.parentElement.cells) other.setAttribute("aria-sort", "none");
        cell.setAttribute("aria-sort", up ? "ascending" : "descending");
        const value = (row) => row.cells[place]?.textContent.trim() ?? "";
        const rows = [...body.rows].sort((a, b) => value(a).localeCompare(value(b), "en", { numeric: true }) * (up ? 1 : -1));
        body.append(...rows);
      });
    });
  }
})();
