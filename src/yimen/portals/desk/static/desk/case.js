// Workspace: the viewer of materials, sentences that spare typing, parts shown by a tick, the first field focused.
const viewer = document.querySelector("[data-viewer]");
const stage = viewer?.querySelector("[data-viewer-stage]");
let picture = null;

function show(link) {
  const type = link.dataset.view;
  if (!viewer || !(type.startsWith("image/") || type === "application/pdf")) return false;
  document.querySelectorAll("[data-view][aria-current]").forEach((other) => other.removeAttribute("aria-current"));
  link.setAttribute("aria-current", "true");
  viewer.hidden = false;
  viewer.querySelector("[data-viewer-name]").textContent = link.dataset.name;
  picture = null;
  if (type === "application/pdf") {
    const frame = document.createElement("iframe");
    frame.src = link.href;
    frame.title = link.dataset.name;
    stage.replaceChildren(frame);
  } else {
    picture = document.createElement("img");
    picture.src = link.href;
    picture.alt = link.dataset.name;
    picture.dataset.zoomStep = "0";
    picture.dataset.turn = "0";
    stage.replaceChildren(picture);
  }
  viewer.querySelectorAll("[data-zoom], [data-rotate]").forEach((b) => { b.hidden = !picture; });
  viewer.scrollIntoView({ block: "nearest" });
  return true;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-view]");
  if (link && !event.ctrlKey && !event.metaKey && show(link)) { event.preventDefault(); return; }
  if (event.target.closest("[data-viewer-close]")) { viewer.hidden = true; stage.replaceChildren(); }
  const zoom = event.target.closest("[data-zoom]");
  if (zoom && picture) {
    const step = Number(picture.dataset.zoomStep) + (zoom.dataset.zoom === "in" ? 1 : -1);
    picture.dataset.zoomStep = String(Math.max(0, Math.min(3, step)));
  }
  if (event.target.closest("[data-rotate]") && picture) picture.dataset.turn = String((Number(picture.dataset.turn) + 1) % 4);
  const sentence = event.target.closest("[data-insert]");
  if (sentence) {
    const field = document.getElementById(sentence.dataset.insert);
    const before = field.value.trim();
    field.value = "replace" in sentence.dataset || !before ? sentence.textContent : `${before}\n${sentence.textContent}`;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  }
});

document.addEventListener("change", (event) => {
  const part = event.target.dataset?.shows && document.getElementById(event.target.dataset.shows);
  if (part) { part.hidden = !event.target.checked; if (event.target.checked) part.querySelector("textarea, input")?.focus(); }
});

document.querySelector("[data-first='1']")?.focus();
const wanted = new URLSearchParams(location.search).get("act");
if (wanted) document.querySelector(".act-form textarea, .act-form input:not([type=hidden])")?.focus({ preventScroll: true });
