// What is typed or ticked while a part of a form is being redrawn is not lost: it is put into the new part, and where it
// decides what is asked, the part is redrawn once more.
const ticked = (el) => el.type === "radio" || el.type === "checkbox";
const key = (el) => (ticked(el) ? `${el.name}=${el.value}` : el.name);
const state = (el) => (ticked(el) ? el.checked : el.value);
const controls = (root) => [...root.querySelectorAll("input, select, textarea")]
  .filter((el) => el.name && !["hidden", "file", "submit", "button"].includes(el.type));

const asked = new WeakMap();
let newer = new Map();
let again = null;

document.addEventListener("htmx:beforeRequest", (event) => {
  const part = event.detail.target;
  if (part?.closest?.("form")) asked.set(event.detail.xhr, new Map(controls(part).map((el) => [key(el), state(el)])));
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const before = asked.get(event.detail.xhr);
  if (!before || !event.detail.shouldSwap) return;
  newer = new Map(controls(event.detail.target).filter((el) => before.has(key(el)) && before.get(key(el)) !== state(el))
    .map((el) => [key(el), state(el)]));
});
document.addEventListener("htmx:afterSwap", () => {
  if (!newer.size) return;
  for (const el of controls(document)) {
    if (!newer.has(key(el))) continue;
    if (ticked(el)) el.checked = newer.get(key(el));
    else el.value = newer.get(key(el));
    again = el.closest("[hx-post]") || again;
  }
  newer = new Map();
});
document.addEventListener("htmx:afterSettle", () => {
  const part = again;
  again = null;
  if (part?.isConnected) window.htmx.trigger(part, "change");
});
