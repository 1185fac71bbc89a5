// Small things: account menu, copy, print, back, and whether the line is there.
import { say } from "./live.js";

function closeMenus(except) {
  document.querySelectorAll("[data-menu-button][aria-expanded=true]").forEach((button) => {
    if (button === except) return;
    button.setAttribute("aria-expanded", "false");
    document.getElementById(button.getAttribute("aria-controls")).hidden = true;
  });
}

document.addEventListener("click", async (event) => {
  const menu = event.target.closest("[data-menu-button]");
  closeMenus(menu);
  if (menu) {
    const open = menu.getAttribute("aria-expanded") !== "true";
    menu.setAttribute("aria-expanded", String(open));
    document.getElementById(menu.getAttribute("aria-controls")).hidden = !open;
    return;
  }
  const copy = event.target.closest("[data-copy], [data-copy-from]");
  if (copy) {
    const text = copy.dataset.copy || document.querySelector(copy.dataset.copyFrom)?.textContent.trim() || "";
    const words = copy.querySelector("span") || copy;
    const before = words.textContent;
    try { await navigator.clipboard.writeText(text); words.textContent = "已复制"; say("已复制"); }
    catch { words.textContent = "请手动复制"; }
    window.setTimeout(() => { words.textContent = before; }, 2000);
    return;
  }
  if (event.target.closest("[data-print]")) window.print();
  const back = event.target.closest("[data-back]");
  if (back && history.length > 1) { event.preventDefault(); history.back(); }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("[data-menu-button][aria-expanded=true]");
  if (open) { closeMenus(); open.focus(); }
});

function connection(told) {
  document.querySelectorAll("[data-connection]").forEach((line) => {
    line.querySelector(".connection-on").hidden = !navigator.onLine;
    line.querySelector(".connection-off").hidden = navigator.onLine;
  });
  if (told) say(navigator.onLine ? "已恢复连接" : "断网了，填写的内容暂存在本机");
}
connection(false);
window.addEventListener("online", () => connection(true));
window.addEventListener("offline", () => connection(true));
