// table[data-rows]: j and k walk the rows, Enter opens the row's first link.
import { typing } from "./live.js";

const rows = () => [...document.querySelectorAll("table[data-rows] tbody tr")].filter((row) => row.getClientRects().length);

document.addEventListener("keydown", (event) => {
  if (typing(event) || event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
  const here = document.activeElement?.closest?.("table[data-rows] tbody tr");
  if (event.key === "Enter" && here && document.activeElement === here) {
    const link = here.querySelector("[data-open], a[href]");
    if (link) { event.preventDefault(); link.click(); }
    return;
  }
  if (event.key !== "j" && event.key !== "k") return;
  const all = rows();
  if (!all.length) return;
  const now = all.indexOf(here);
  const next = event.key === "j" ? Math.min(now + 1, all.length - 1) : Math.max(now - 1, 0);
  event.preventDefault();
  all.forEach((row) => { row.tabIndex = -1; row.removeAttribute("aria-selected"); });
  all[next].tabIndex = 0;
  all[next].focus();
});
