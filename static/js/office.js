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

/* The list of corrections comes anew with each tick: what was typed meanwhile stays, and where. */
const typed = new Map();
let writing = null;

document.addEventListener("input", (event) => {
  if (event.target.name?.startsWith("note:")) typed.set(event.target.name, event.target.value);
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id !== "corrections") return;
  const { name, selectionStart } = document.activeElement;
  writing = name?.startsWith("note:") ? { name, selectionStart } : null;
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id !== "corrections") return;
  for (const [name, value] of typed) {
    const [note] = document.getElementsByName(name);
    if (note) note.value = value;
  }
  const [note] = writing ? document.getElementsByName(writing.name) : [];
  note?.focus();
  note?.setSelectionRange(writing.selectionStart, writing.selectionStart);
});
