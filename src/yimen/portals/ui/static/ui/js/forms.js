// Forms: one submit only, a warning before leaving with unsaved text, and the focus on the list of errors.
import { say } from "./live.js";

const dirty = new WeakSet();
let leaving = false;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method.toLowerCase() === "get" || form.method === "dialog") return;
  if (form.matches("[data-appearance], [data-many], [hx-post], [hx-put]")) { dirty.delete(form); return; }
  if (form.dataset.submitting) { event.preventDefault(); return; }
  form.dataset.submitting = "true";
  leaving = true;
  say("正在提交，请稍候");
  // After this turn: a button disabled now would not be sent with the form.
  window.setTimeout(() => form.querySelectorAll("button:not([type=button])").forEach((button) => {
    button.setAttribute("aria-busy", "true");
    button.disabled = true;
  }), 0);
});

window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  leaving = false;
  document.querySelectorAll("form[data-submitting]").forEach((form) => {
    delete form.dataset.submitting;
    form.querySelectorAll("[aria-busy]").forEach((button) => { button.removeAttribute("aria-busy"); button.disabled = false; });
  });
});

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-guard]");
  if (form) dirty.add(form);
});
document.addEventListener("autosave:saved", (event) => dirty.delete(event.target));
window.addEventListener("beforeunload", (event) => {
  if (!leaving && [...document.querySelectorAll("form[data-guard]")].some((form) => dirty.has(form))) event.preventDefault();
});

const summary = document.querySelector("[data-error-summary]");
if (summary) {
  if (!("quiet" in summary.dataset)) summary.focus();
  if (!document.title.startsWith("有误：")) document.title = `有误：${document.title}`;
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    const control = target.matches("fieldset") ? target.querySelector("input:not([disabled])") || target : target;
    target.closest(".field")?.scrollIntoView({ block: "start" });
    control.focus({ preventScroll: true });
  });
}
