// .upload[data-upload="/address"]: sends each file with progress, tries again after a lost line, keeps the digest.
import { csrfToken } from "./live.js";

const size = (n) => (n < 1024 * 1024 ? `${Math.max(1, Math.round(n / 1024))} KB` : `${(n / 1024 / 1024).toFixed(1)} MB`);

function start(box) {
  const input = box.querySelector("input[type=file]");
  const list = box.querySelector("[data-upload-list]");
  const voice = box.querySelector("[data-upload-say]");
  const name = box.dataset.uploadName;
  const most = Number(box.dataset.uploadMax || 20);
  const needed = input.required;
  const waiting = new Set();
  box.dataset.ready = "true";
  // The digests are posted instead of the files.
  input.removeAttribute("name");

  const settle = () => { input.required = needed && !list.querySelector("[data-state=done]"); };

  function row(file) {
    const item = document.createElement("li");
    item.className = "upload-item";
    item.innerHTML = '<span class="upload-name"></span><button type="button" class="button button-quiet button-small"></button><progress max="100" value="0"></progress><span class="upload-note" role="status"></span>';
    item.querySelector(".upload-name").textContent = file.name;
    item.querySelector("progress").setAttribute("aria-label", `${file.name} 上传进度`);
    list.append(item);
    return item;
  }

  function send(file, item, tries) {
    const note = item.querySelector(".upload-note");
    const bar = item.querySelector("progress");
    const button = item.querySelector("button");
    const request = new XMLHttpRequest();
    item.dataset.state = "sending";
    button.textContent = "取消";
    button.onclick = () => { request.abort(); waiting.delete(again); item.remove(); settle(); };
    function again() { waiting.delete(again); send(file, item, tries + 1); }
    function failed(text, mayRetry) {
      item.dataset.state = "failed";
      bar.hidden = true;
      note.textContent = text;
      voice.textContent = `${file.name}：${text}`;
      if (!mayRetry) { button.textContent = "移除"; button.onclick = () => { item.remove(); settle(); }; return; }
      button.textContent = "重试";
      button.onclick = again;
      waiting.add(again);
      if (navigator.onLine && tries < 4) window.setTimeout(() => { if (waiting.has(again)) again(); }, 1500 * 2 ** tries);
    }
    request.upload.onprogress = (event) => {
      if (!event.lengthComputable) return;
      bar.value = Math.round((event.loaded / event.total) * 100);
      note.textContent = `${size(event.loaded)} / ${size(event.total)}`;
    };
    request.onerror = () => failed(navigator.onLine ? "连接中断，正在重试" : "断网了，联网后自动继续", true);
    request.ontimeout = request.onerror;
    request.onload = () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { /* not ours: told below */ }
      if (request.status >= 500) { failed("服务器暂时不能接收，正在重试", true); return; }
      if (request.status >= 400 || !answer.digest) {
        failed(answer.detail || answer.message || "没有上传成功，请换一个文件或稍后再试", false);
        return;
      }
      item.dataset.state = "done";
      bar.hidden = true;
      note.textContent = `已上传，${size(answer.size || file.size)}`;
      voice.textContent = `${file.name} 已上传`;
      const held = Object.assign(document.createElement("input"), { type: "hidden", name, value: answer.digest });
      item.append(held);
      button.textContent = "移除";
      button.onclick = () => { item.remove(); settle(); box.dispatchEvent(new CustomEvent("upload:removed", { bubbles: true, detail: answer })); };
      settle();
      box.dispatchEvent(new CustomEvent("upload:done", { bubbles: true, detail: answer }));
    };
    const form = new FormData();
    form.append("file", file, file.name);
    request.open("POST", box.dataset.upload);
    request.timeout = 180000;
    request.setRequestHeader("X-CSRFToken", csrfToken(box.closest("form")));
    request.setRequestHeader("Accept", "application/json");
    bar.hidden = false;
    bar.value = 0;
    note.textContent = "正在上传";
    request.send(form);
  }

  function take(files) {
    const chosen = input.multiple ? [...files] : [...files].slice(0, 1);
    if (!input.multiple) list.replaceChildren();
    chosen.forEach((file) => {
      const item = row(file);
      if (file.size > most * 1024 * 1024 || file.size === 0) {
        item.dataset.state = "failed";
        item.querySelector("progress").hidden = true;
        item.querySelector(".upload-note").textContent = file.size ? `文件 ${size(file.size)}，超过 ${most} MB，请压缩后再传` : "文件是空的，请换一个";
        const button = item.querySelector("button");
        button.textContent = "移除";
        button.onclick = () => item.remove();
        return;
      }
      send(file, item, 0);
    });
  }

  input.addEventListener("change", () => { take(input.files); input.value = ""; });
  window.addEventListener("online", () => [...waiting].forEach((again) => again()));
  const drop = box.querySelector(".upload-drop");
  ["dragenter", "dragover"].forEach((kind) => drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("upload-over"); }));
  ["dragleave", "drop"].forEach((kind) => drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.remove("upload-over"); }));
  drop.addEventListener("drop", (event) => take(event.dataTransfer.files));
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-upload-remove]");
    if (button) { button.closest("li").remove(); settle(); }
  });
}

const begin = (root) => root.querySelectorAll("[data-upload]:not([data-ready])").forEach(start);
begin(document);
document.addEventListener("htmx:load", (event) => begin(event.detail.elt.parentElement || document));
