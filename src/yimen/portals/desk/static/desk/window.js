// The window by keyboard: finds at eighteen characters, picks items with arrows, takes materials with one digit,
// keeps what is typed on the server, prints the receipt. Every part also works as a plain form.
import { csrfToken, say, typing } from "../ui/js/live.js";

const form = () => document.getElementById("window-form");
let timer = 0;
let kept = "";

// --- keep what is typed
function body() {
  const data = new URLSearchParams();
  for (const [name, value] of new FormData(form())) if (typeof value === "string" && name !== "do") data.append(name, value);
  return data;
}
async function keep() {
  window.clearTimeout(timer);
  const here = form();
  if (!here) return;
  const data = body();
  const text = data.toString();
  if (text === kept) return;
  const line = here.querySelector("[data-kept]");
  try {
    const answer = await fetch(here.dataset.keep, { method: "POST", body: data, headers: { "X-CSRFToken": csrfToken(here) }, keepalive: true });
    if (!answer.ok || answer.redirected) throw new Error("not kept");
    kept = text;
    if (line) line.textContent = `已保存 ${new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false })}`;
  } catch {
    if (line) line.textContent = "暂时没存上，会再试";
    timer = window.setTimeout(keep, 4000);
  }
}
function soon(event) {
  if (!event.target.form || event.target.form !== form() || event.target.type === "file") return;
  window.clearTimeout(timer);
  timer = window.setTimeout(keep, 700);
}
document.addEventListener("input", soon);
document.addEventListener("change", soon);
document.addEventListener("upload:done", () => { timer = window.setTimeout(keep, 100); });
document.addEventListener("upload:removed", () => { timer = window.setTimeout(keep, 100); });
document.addEventListener("htmx:beforeRequest", (event) => { if (event.detail.elt === form()) window.clearTimeout(timer); });
window.addEventListener("pagehide", () => { if (form() && body().toString() !== kept) keep(); });

// --- an answer given while the plan is being redrawn is asked about again, not lost
const answers = () => [...document.querySelectorAll("#thing-part input[type=radio]")];
const given = new Map();
let asked = new Map();
document.addEventListener("change", (event) => {
  if (event.target.matches("#thing-part input[type=radio]")) given.set(event.target.name, event.target.value);
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.closest("#thing-part")) asked = new Map(answers().filter((el) => el.checked).map((el) => [el.name, el.value]));
});
document.addEventListener("htmx:afterSettle", () => {
  const radios = answers();
  if (!radios.length) given.clear();
  const newer = radios.filter((el) => given.get(el.name) === el.value && asked.get(el.name) !== el.value);
  newer.forEach((el) => { el.checked = true; });
  if (newer.length) window.htmx.trigger(newer.at(-1), "change");
});

// --- find as soon as the number is whole
document.addEventListener("input", (event) => {
  const role = event.target.dataset?.find;
  if (!role || event.isComposing) return;
  const text = event.target.value.replace(/\s/g, "");
  const other = document.getElementById("f-id_kind");
  if (text.length === 18 && !(role === "who" && other?.value)) document.querySelector(`[data-finder="${role}"]`)?.click();
});

// --- what is typed before the redrawn search field listens is searched for all the same
document.addEventListener("htmx:afterSettle", (event) => {
  const field = form()?.querySelector("input[data-pick]");
  if (field && event.target.contains(field) && field.value !== field.defaultValue) window.htmx.trigger(field, "typed-early");
});

// --- pick from what was found
const found = () => [...document.querySelectorAll("#found button")];
function picked(move) {
  const all = found();
  const now = all.findIndex((b) => b.classList.contains("picked"));
  const next = all.length ? (now + move + all.length) % all.length : -1;
  all.forEach((b, n) => b.classList.toggle("picked", n === next));
  const field = document.querySelector("[data-pick]");
  if (all[next]) { field?.setAttribute("aria-activedescendant", all[next].id); all[next].scrollIntoView({ block: "nearest" }); say(all[next].textContent.trim()); }
}
document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("[data-pick]") || event.isComposing || event.keyCode === 229) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); picked(event.key === "ArrowDown" ? 1 : -1); }
  if (event.key !== "Enter" || event.ctrlKey) return;
  const chosen = document.querySelector("#found .picked") || (event.target.value.trim() ? found()[0] : null);
  event.preventDefault();
  if (chosen) chosen.click();
  else if (!event.target.value.trim() && document.querySelector(".chosen")) document.querySelector("[data-proceed]").click();
});

// --- materials by one digit
function more(thing) {
  const how = thing.querySelector("input[type=radio]:checked")?.value;
  thing.querySelectorAll("[data-more]").forEach((part) => { part.hidden = part.dataset.more !== how; });
  return how;
}
document.addEventListener("change", (event) => {
  const thing = event.target.closest?.("[data-thing]");
  if (thing && event.target.type === "radio") more(thing);
  const part = event.target.dataset?.shows && document.getElementById(event.target.dataset.shows);
  if (part) { part.hidden = !event.target.checked; if (event.target.checked) part.querySelector("input")?.focus(); }
});
document.addEventListener("keydown", (event) => {
  const thing = event.target.closest?.("[data-thing]");
  if (!thing || typing(event) || event.ctrlKey || event.altKey || event.metaKey) return;
  const way = /^[0-9]$/.test(event.key) && thing.querySelector(`input[data-key="${event.key}"]`);
  if (!way) return;
  event.preventDefault();
  way.checked = true;
  way.dispatchEvent(new Event("change", { bubbles: true }));
  const how = more(thing);
  say(`${thing.querySelector(".thing-name").textContent}：${way.parentElement.textContent.trim()}`);
  if (how === "licence") { thing.querySelector("[data-more=licence] input").focus(); return; }
  if (how === "file") { const file = thing.querySelector("input[type=file]"); file.focus(); file.click(); return; }
  const next = thing.nextElementSibling;
  const target = next ? next.querySelector("input[type=radio]:checked") || next.querySelector("input[type=radio]") : document.querySelector("[data-proceed]");
  target?.focus();
});

// --- document camera
let stream = null;
let into = null;
async function open(button) {
  const dialog = document.getElementById("camera");
  into = button.closest(".upload").querySelector("input[type=file]");
  const said = dialog.querySelector("[data-camera-said]");
  said.hidden = true;
  dialog.showModal();
  dialog.addEventListener("close", () => { stream?.getTracks().forEach((t) => t.stop()); stream = null; }, { once: true });
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 2592 }, facingMode: "environment" } });
    const view = dialog.querySelector("[data-camera-view]");
    view.srcObject = stream;
    await view.play();
  } catch {
    said.textContent = "没有找到能用的摄像头或高拍仪，请检查连接，或者改用扫描件。";
    said.hidden = false;
  }
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-camera]");
  if (button) { open(button); return; }
  if (!event.target.closest("[data-camera-take]") || !stream) return;
  const view = document.querySelector("[data-camera-view]");
  const canvas = Object.assign(document.createElement("canvas"), { width: view.videoWidth, height: view.videoHeight });
  canvas.getContext("2d").drawImage(view, 0, 0);
  canvas.toBlob((blob) => {
    const bag = new DataTransfer();
    bag.items.add(new File([blob], `拍摄${new Date().toTimeString().slice(0, 8).replaceAll(":", "")}.jpg`, { type: "image/jpeg" }));
    into.files = bag.files;
    into.dispatchEvent(new Event("change", { bubbles: true }));
    say("已拍一张");
  }, "image/jpeg", 0.9);
});

// --- after each step: the focus where the next thing is typed
function unanswered(here, selector) {
  // What is known stands there already: the first thing still to be answered, required ones before the others.
  const empty = [...here.querySelectorAll(selector)].filter((el) => {
    if (el.disabled || el.type === "hidden" || el.type === "file" || !el.getClientRects().length) return false;
    if (el.type === "radio" || el.type === "checkbox") return ![...here.elements].some((other) => other.name === el.name && other.checked);
    return !el.value;
  });
  const asked = (el) => el.required || el.name.startsWith("a-") || el.closest("fieldset")?.querySelector(":scope > legend .field-required");
  return empty.find(asked) || empty[0];
}
function settle() {
  const here = form();
  if (!here) return;
  kept = body().toString();
  document.querySelectorAll("[data-camera]").forEach((b) => { b.hidden = !navigator.mediaDevices?.getUserMedia; });
  document.querySelectorAll("[data-thing]").forEach(more);
  const visible = (selector) => [...here.querySelectorAll(selector)].find((el) => !el.disabled && el.getClientRects().length);
  const open = ".leg-current .leg-body ";
  const at = document.getElementById("flow").dataset.step;
  const proceed = visible("[data-proceed]");
  const known = at === "who" && visible(".party") && !visible(".party-new, [data-first]");
  const usual = `${open}input:not([tabindex='-1']), ${open}select, ${open}textarea`;
  const target = visible("[data-error-summary], .field-wrong .control, .field-wrong input, .thing-wrong input")
    || (known && proceed) || (at === "matter" && document.getElementById("thing-part") && (unanswered(here, "#thing-part input[type=radio]") || proceed))
    || visible("[autofocus]") || visible("[data-first]")
    || (at === "form" && unanswered(here, usual))
    || (at === "materials" && visible(`${open}input[type=radio]:checked`)) || visible(usual) || proceed;
  target?.focus();
  if (target === proceed) window.scrollTo(0, 0);
}
document.addEventListener("htmx:afterSettle", (event) => { if (event.detail.target?.id === "flow" || event.detail.elt?.id === "flow") settle(); });
settle();

// --- the receipt is opened at once for printing
const print = document.querySelector("[data-print-now='1']");
if (print) {
  window.open(print.href, "_blank", "noopener");
  history.replaceState(null, "", location.pathname);
}
