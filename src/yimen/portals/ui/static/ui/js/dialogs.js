// Native dialogs: data-dialog-open="id" opens, data-dialog-close closes; the browser keeps the focus inside.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog-open]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialogOpen);
    if (dialog instanceof HTMLDialogElement) { event.preventDefault(); dialog.showModal(); }
    return;
  }
  if (event.target.closest("[data-dialog-close]")) event.target.closest("dialog")?.close();
  if (event.target instanceof HTMLDialogElement && event.target.matches(".dialog:not([data-stay])")) event.target.close();
});

// A refusal that comes back to a part of a page is shown, never swallowed.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status < 400 || !xhr.responseText.includes("data-refusal")) return;
  event.detail.shouldSwap = false;
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-label", "没有办成");
  const body = document.createElement("div");
  body.className = "dialog-body";
  body.append(...new DOMParser().parseFromString(xhr.responseText, "text/html").body.childNodes);
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button button-secondary";
  close.dataset.dialogClose = "";
  close.textContent = "知道了";
  const row = document.createElement("div");
  row.className = "button-row";
  row.append(close);
  body.append(row);
  dialog.append(body);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
});
