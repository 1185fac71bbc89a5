// Large type and high contrast at once, without a reload; the cookie lets the server draw the next page right.
import { say } from "./live.js";

const COOKIES = { theme: "yimen_theme", size: "yimen_size" };

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!event.target.matches("[data-appearance]") || !button?.dataset.set) return;
  event.preventDefault();
  const { set, on, off } = button.dataset;
  const pressed = button.getAttribute("aria-pressed") !== "true";
  const value = pressed ? on : off;
  document.documentElement.dataset[set] = value;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${COOKIES[set]}=${value}; path=/; max-age=31536000; samesite=lax${secure}`;
  document.querySelectorAll(`[data-appearance] [data-set="${set}"]`).forEach((other) => {
    other.setAttribute("aria-pressed", String(pressed));
    other.value = pressed ? off : on;
  });
  say(`${button.textContent.trim()}${pressed ? "已打开" : "已关闭"}`);
});
