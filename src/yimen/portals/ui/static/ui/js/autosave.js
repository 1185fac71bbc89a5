// form[data-autosave="/address"]: what is typed is kept at once on this device, sent a moment later, and taken
// off the device once the server has it. After a reload or a lost line it is put back. Never kept over a day.
import { csrfToken, say, store } from "./live.js";

const PREFIX = "yimen:unsent:";
const DAY = 24 * 3600 * 1000;
const SKIP = new Set(["csrfmiddlewaretoken"]);
// What the page knew of the draft goes back with what was typed on it.
const PAGE_OWN = new Set(["_revision", "_page"]);
const who = document.body.dataset.account || "";

store.keys(PREFIX).forEach((key) => { if (Date.now() - (store.get(key)?.at || 0) > DAY) store.drop(key); });
document.addEventListener("submit", (event) => {
  // Signing out on a shared computer leaves nothing behind.
  if (event.target.matches("[data-sign-out]")) store.keys(PREFIX).forEach((key) => store.drop(key));
});

function values(form) {
  const kept = [];
  for (const [name, value] of new FormData(form)) {
    if (!SKIP.has(name) && typeof value === "string" && !form.querySelector(`[name="${CSS.escape(name)}"][type=password]`)) kept.push([name, value]);
  }
  return kept;
}

function putBack(form, kept) {
  const byName = new Map();
  kept.forEach(([name, value]) => byName.set(name, [...(byName.get(name) || []), value]));
  for (const el of form.elements) {
    if (PAGE_OWN.has(el.name)) { if (byName.has(el.name)) el.value = byName.get(el.name)[0]; continue; }
    if (!el.name || SKIP.has(el.name) || ["file", "password", "submit", "button", "hidden"].includes(el.type)) continue;
    const held = byName.get(el.name);
    if (el.type === "checkbox" || el.type === "radio") {
      const checked = Boolean(held?.includes(el.value));
      if (el.checked !== checked) { el.checked = checked; el.dispatchEvent(new Event("change", { bubbles: true })); }
    } else if (held?.length) {
      const value = held.shift();
      if (el.value !== value) { el.value = value; el.dispatchEvent(new Event("change", { bubbles: true })); }
    }
  }
}

function start(form) {
  const url = form.dataset.autosave;
  const key = `${PREFIX}${who}:${url}`;
  const line = form.querySelector("[data-saved-line]") || form.appendChild(Object.assign(document.createElement("p"), { className: "saved-line" }));
  let timer = 0;
  let pause = 1000;
  let sending = false;
  let again = false;
  let done = false;

  line.setAttribute("role", "status");
  function tell(state, text) { line.dataset.state = state; line.textContent = text; }
  const clock = () => new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });

  function keep() { return store.set(key, { at: Date.now(), values: values(form) }); }

  // Another device typed as well: both values are shown; until the person chose, the page goes on from what it knew.
  function learn(told) {
    const known = form.elements.namedItem("_revision");
    const place = form.querySelector("[data-elsewhere]");
    if (known && told.revision !== undefined && !told.elsewhere) known.value = told.revision;
    if (!place || told.elsewhere === undefined || place.told === told.elsewhere) return;
    if (told.elsewhere || place.told) place.innerHTML = told.elsewhere;
    place.told = told.elsewhere;
    if (told.elsewhere) say("另一台设备也在填，请看表上方的提示");
  }

  async function send() {
    window.clearTimeout(timer);
    if (done) return;
    if (sending) { again = true; return; }
    if (!navigator.onLine) { tell("offline", "断网了，已暂存在本机，联网后自动保存"); return; }
    sending = true;
    const sent = JSON.stringify(values(form));
    const body = new URLSearchParams(JSON.parse(sent));
    try {
      const answer = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": csrfToken(form), "X-Requested-With": "autosave" } });
      if (answer.redirected && /login/.test(answer.url)) { tell("failed", "登录已过期，内容暂存在本机，请重新登录后继续"); return; }
      if (answer.ok) {
        pause = 1000;
        const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
        if (JSON.stringify(values(form)) === sent) { store.drop(key); form.dispatchEvent(new CustomEvent("autosave:saved", { bubbles: true })); }
        learn(told);
        tell("saved", `已保存 ${clock()}${told.elsewhere ? "。另一台设备也在填，请看表上方" : ""}`);
      } else if (answer.status >= 500) { throw new Error("server"); } else {
        tell("failed", "没有保存成功，内容暂存在本机；请检查标红的项目，或刷新后再试");
      }
    } catch {
      tell("offline", "暂时连不上，已暂存在本机，会自动再试");
      pause = Math.min(pause * 2, 30000);
      timer = window.setTimeout(send, pause);
    } finally {
      sending = false;
      if (again) { again = false; timer = window.setTimeout(send, 300); }
    }
  }

  function changed(event) {
    if (event.target.type === "file" || event.target.type === "password") return;
    const kept = keep();
    tell("typing", kept ? "正在保存…" : "正在保存（本机无法暂存）…");
    window.clearTimeout(timer);
    timer = window.setTimeout(send, 900);
  }

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("upload:done", changed);
  form.addEventListener("upload:removed", changed);
  form.addEventListener("submit", (event) => { if (!event.defaultPrevented) { window.clearTimeout(timer); done = true; store.drop(key); } });
  window.addEventListener("pageshow", (event) => { if (event.persisted) done = false; });
  window.addEventListener("online", () => { if (store.get(key)) send(); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden" && store.get(key)) send(); });

  const unsent = store.get(key);
  if (unsent?.values && !document.querySelector("[data-error-summary]")) {
    putBack(form, unsent.values);
    tell("restored", "已找回上次没来得及保存的内容");
    say("已找回上次没来得及保存的内容");
    timer = window.setTimeout(send, 300);
  }
}

function begin() {
  document.querySelectorAll("form[data-autosave]:not([data-autosave-on])").forEach((form) => {
    form.dataset.autosaveOn = "";
    start(form);
  });
}
begin();
document.addEventListener("htmx:load", begin);
