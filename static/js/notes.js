/* Notes at the counter are saved as one types. Whoever leaves the page within the pause before a saving has typed too. */

const unsaved = new Set();

function noteForm(event) {
  return event.target.closest?.("form:has(.ask-note)");
}

document.addEventListener("input", (event) => {
  if (event.target.matches?.(".ask-note")) unsaved.add(event.target.form);
});
document.addEventListener("htmx:configRequest", (event) => unsaved.delete(noteForm(event)));
for (const name of ["htmx:sendError", "htmx:responseError"]) {
  document.addEventListener(name, (event) => {
    const form = noteForm(event);
    if (form) unsaved.add(form);
  });
}
// Before a page that comes next is asked for, where the browser says so; the latest when this one goes.
for (const name of ["beforeunload", "pagehide"]) window.addEventListener(name, send);

function send() {
  for (const form of unsaved) {
    fetch(form.action, { method: "POST", body: new FormData(form), keepalive: true, headers: { "HX-Request": "true" } });
  }
  unsaved.clear();
}
