// data-shortcut="Alt+S" (together) or "g w" (one after the other): presses the button or follows the link.
import { typing } from "./live.js";

let sequence = [];
let forget = 0;

function pressed(event) {
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("ctrl");
  if (event.altKey) parts.push("alt");
  if (event.shiftKey && event.key.length > 1) parts.push("shift");
  // With Alt some keyboards give another character: the physical key is meant.
  const key = event.altKey && /^(Key|Digit)/.test(event.code) ? event.code.replace(/^(Key|Digit)/, "") : event.key;
  parts.push(key.toLowerCase());
  return parts.join("+");
}

const normal = (text) => text.trim().toLowerCase().split(/\s+/).map((k) => k.split("+").join("+"));
const usable = (el) => !el.disabled && el.getAttribute("aria-disabled") !== "true" && el.getClientRects().length > 0;

function candidates() {
  const scope = document.querySelector("dialog[open]") || document;
  return [...scope.querySelectorAll("[data-shortcut]")].filter(usable);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.repeat || ["Control", "Shift", "Alt", "Meta"].includes(event.key)) return;
  const key = pressed(event);
  const modified = /^(ctrl|alt)\+/.test(key) || /^f\d+$/.test(key);
  if (!modified && typing(event)) return;
  window.clearTimeout(forget);
  sequence = [...sequence, key].slice(-3);
  forget = window.setTimeout(() => { sequence = []; }, 900);
  for (const el of candidates()) {
    const wanted = normal(el.dataset.shortcut);
    if (sequence.slice(-wanted.length).join(" ") !== wanted.join(" ")) continue;
    event.preventDefault();
    sequence = [];
    el.focus({ preventScroll: true });
    if (!el.matches("input:not([type=button]):not([type=submit]), select, textarea")) el.click();
    return;
  }
});

document.querySelectorAll("[data-shortcut]").forEach((el) => {
  el.setAttribute("aria-keyshortcuts", el.dataset.shortcut.replace(/Ctrl/gi, "Control"));
});
