/* One click sends once: the button rests until the answer comes. A page taken from the browser's store wakes it again. */

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  if (event.target.dataset.sent) {
    event.preventDefault();
    return;
  }
  event.target.dataset.sent = "yes";
  event.target.setAttribute("aria-busy", "true");
});
// A draft that was saved in the background meanwhile is still being sent.
document.addEventListener("htmx:afterRequest", (event) => wake(event.target.closest?.("form:not([data-draft])")));
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(wake));

function wake(form) {
  if (!form) return;
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
}

/* After errors the summary is what is read first. */
document.querySelector(".error-summary:not([data-still] *)")?.focus();
