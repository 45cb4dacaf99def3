/* The case page: with script the list of corrections follows each tick by itself; a revealed sheet closes its dialog. */

document.documentElement.classList.add("scripted");

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.matches?.("[data-reveal]") && event.detail.successful) event.target.closest("dialog")?.close();
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!event.target.matches?.("#sheet") || event.detail.xhr.status !== 422) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
  event.detail.target = document.getElementById("reveal-form");
});
