// The command palette (Ctrl K): places of the navigation, commands of this page, and what a search finds.
import { say } from "./live.js";

const palette = document.querySelector("[data-palette]");

function localCommands() {
  const found = [...document.querySelectorAll("[data-command]")]
    .filter((el) => !el.disabled)
    .map((el) => ({
      label: el.dataset.command || el.textContent.trim(), words: el.dataset.words || "",
      keys: el.dataset.shortcut || "", kind: el.closest("nav") ? "前往" : "操作", el,
    }));
  document.querySelectorAll("script[data-commands]").forEach((script) => {
    try { found.push(...JSON.parse(script.textContent)); } catch { /* a broken list must not break the page */ }
  });
  return found;
}

if (palette) {
  const input = palette.querySelector("input");
  const list = palette.querySelector("ul");
  const nothing = palette.querySelector(".palette-empty");
  let shown = [];
  let at = 0;
  let remote = [];
  let asking = null;
  let wait = 0;

  const matches = (command, text) => text.toLowerCase().split(/\s+/).every((word) =>
    `${command.label} ${command.words || ""}`.toLowerCase().includes(word));

  function draw() {
    const text = input.value.trim();
    shown = [...localCommands().filter((c) => matches(c, text)), ...remote].slice(0, 40);
    at = Math.min(at, Math.max(0, shown.length - 1));
    list.replaceChildren(...shown.map((command, n) => {
      const row = document.createElement("li");
      row.id = `palette-${n}`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", String(n === at));
      const words = document.createElement("span");
      words.textContent = command.label;
      const kind = document.createElement("span");
      kind.className = "palette-kind";
      kind.textContent = command.keys ? command.keys.toUpperCase() : command.kind || "";
      row.append(words, kind);
      row.addEventListener("mousemove", () => { if (at !== n) { at = n; mark(); } });
      row.addEventListener("click", () => run(command));
      return row;
    }));
    nothing.hidden = shown.length > 0;
    mark();
  }

  function mark() {
    [...list.children].forEach((row, n) => row.setAttribute("aria-selected", String(n === at)));
    const row = list.children[at];
    row?.scrollIntoView({ block: "nearest" });
    if (row) input.setAttribute("aria-activedescendant", row.id); else input.removeAttribute("aria-activedescendant");
  }

  function run(command) {
    palette.close();
    if (command.el) { command.el.focus(); command.el.click(); } else if (command.url) location.assign(command.url);
  }

  async function ask() {
    const text = input.value.trim();
    asking?.abort();
    remote = [];
    if (!palette.dataset.remote || text.length < 2) return;
    asking = new AbortController();
    try {
      const address = new URL(palette.dataset.remote, location.href);
      address.searchParams.set("q", text);
      const answer = await fetch(address, { signal: asking.signal, headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const body = await answer.json();
      remote = (Array.isArray(body) ? body : body.results || []).filter((c) => c.label && c.url);
      draw();
      say(`找到 ${shown.length} 项`);
    } catch { /* gone offline or typed on: local commands stay */ }
  }

  function open() {
    if (palette.open) return;
    input.value = "";
    remote = [];
    at = 0;
    palette.showModal();
    draw();
    input.focus();
  }

  input.addEventListener("input", () => {
    at = 0; remote = []; draw();
    window.clearTimeout(wait);
    wait = window.setTimeout(ask, 160);
  });
  palette.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move && shown.length) { event.preventDefault(); at = (at + move + shown.length) % shown.length; mark(); }
    if (event.key === "Enter" && shown[at]) { event.preventDefault(); run(shown[at]); }
  });
  palette.addEventListener("click", (event) => { if (event.target === palette) palette.close(); });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (palette.open) palette.close(); else open();
    }
  });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-palette-open]")) open(); });
}
