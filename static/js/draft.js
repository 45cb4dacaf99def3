/* Saves as one types. Each saving is counted, so that the server can tell an old one that comes late. */

const form = document.querySelector("form[data-draft]");
const ACTS = ["go", "overwrite"];
let unsaved = false;
let leaving = false;

function count() {
  const turn = form.elements.namedItem("turn");
  turn.value = String(Number(turn.value) + 1);
  return turn.value;
}

if (form) {
  form.addEventListener("input", () => { unsaved = true; });
  form.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "post") return;
    // What waited behind an earlier saving would come after the page itself, and carry the button it was sent by.
    if (leaving) {
      event.preventDefault();
      return;
    }
    for (const name of ACTS) event.detail.parameters.delete(name);
    event.detail.parameters.set("turn", count());
    unsaved = false;
  });
  form.addEventListener("htmx:sendError", notSaved);
  form.addEventListener("htmx:responseError", notSaved);
  form.addEventListener("submit", () => {
    leaving = true;
    count();
  });
  // Whoever goes away within the pause before a saving has typed too.
  window.addEventListener("pagehide", () => {
    if (!unsaved || leaving) return;
    count();
    fetch(form.action, { method: "POST", body: new FormData(form), keepalive: true, headers: { "HX-Request": "true" } });
  });
  window.addEventListener("pageshow", () => { leaving = false; });
  document.addEventListener("htmx:afterSwap", mark);
  document.addEventListener("htmx:oobAfterSwap", mark);
}

function notSaved() {
  unsaved = true;
  document.querySelector("#draft-saved").textContent = "未能保存，请检查网络；内容仍在本页，恢复后会再保存。";
}

/* What is wrong is shown at the field itself too. */
function mark() {
  for (const errors of form.querySelectorAll(".field-errors")) {
    const wrong = errors.children.length > 0;
    const control = document.getElementById(errors.id.replace(/-errors$/, ""));
    errors.closest(".field")?.classList.toggle("field-invalid", wrong);
    if (!control || control.tagName === "FIELDSET") continue;
    if (wrong) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  }
}

/* A photo goes as soon as it is chosen. */
for (const input of document.querySelectorAll("input[type=file][data-send]")) {
  input.form.querySelector("[data-send-button]").hidden = true;
  input.addEventListener("change", () => { if (input.files.length) input.form.requestSubmit(); });
}
