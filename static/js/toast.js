/* Messages of the server, and what goes wrong with a request in the background. Good news leaves by itself, bad news stays. */

const STAY = 8000;

function watch(toast) {
  if (toast.dataset.watched) return;
  toast.dataset.watched = "yes";
  if (!toast.matches(".tone-good, .tone-info") || toast.closest("[data-still]")) return;
  let timer = setTimeout(() => toast.remove(), STAY);
  const hold = () => clearTimeout(timer);
  const release = () => {
    clearTimeout(timer);
    timer = setTimeout(() => toast.remove(), STAY);
  };
  toast.addEventListener("mouseenter", hold);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("mouseleave", release);
  toast.addEventListener("focusout", release);
}

function watchAll() {
  document.querySelectorAll(".toast").forEach(watch);
}

function say(text) {
  const template = document.getElementById("toast-problem");
  const toasts = document.getElementById("toasts");
  if (!template || !toasts) return;
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.querySelector("p").textContent = text;
  toasts.append(toast);
}

function reason(status) {
  if (status === 403) return "没有权限进行此操作。";
  if (status === 404) return "所请求的内容不存在，可能已被处理。请刷新页面。";
  if (status === 409) return "内容已被他人更新。请刷新页面后再操作。";
  if (status === 429) return "请求过于频繁，请稍后再试。";
  return `操作没有完成（${status}）。请重试；仍不成功时请联系管理员。`;
}

document.addEventListener("click", (event) => {
  event.target.closest("[data-toast-close]")?.closest(".toast")?.remove();
});
document.addEventListener("htmx:responseError", (event) => say(reason(event.detail.xhr.status)));
document.addEventListener("htmx:sendError", () => say("无法连接服务器，操作没有完成。请检查网络后重试。"));
document.addEventListener("htmx:afterSettle", watchAll);

let running = 0;
function count(change) {
  running = Math.max(0, running + change);
  document.body.classList.toggle("loading", running > 0);
}
document.addEventListener("htmx:beforeRequest", () => count(1));
document.addEventListener("htmx:afterRequest", () => count(-1));
watchAll();
