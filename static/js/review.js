/* The review desk: digits tick reasons, reasons and opinion are counted together, activity renews the claim. */

const MINUTE = 60_000;
const typing = "input:not([type=checkbox]):not([type=radio]), textarea, select";

/* Counted as the server counts: a code point is one character, parts are joined by a line break. */
function composed(form) {
  const reasons = Array.from(form.querySelectorAll("[data-reason]:checked"), (box) => box.dataset.reason.trim());
  const text = form.querySelector("[data-opinion]").value.replace(/\r\n?/g, "\n").trim();
  return [...reasons, text].filter(Boolean).join("\n");
}

function count(form) {
  const area = form.querySelector("[data-opinion]");
  const output = document.getElementById(area.getAttribute("aria-describedby"));
  const limit = Number(area.dataset.opinion);
  const used = Array.from(composed(form)).length;
  output.dataset.state = used > limit ? "over" : used >= limit * 0.9 ? "near" : "";
  const over = used > limit ? `，超出 ${used - limit} 字` : "";
  output.textContent = `合计 ${used} / ${limit} 字${over}`;
}

document.querySelectorAll("[data-opinion]").forEach((area) => {
  const form = area.form;
  form.addEventListener("input", () => count(form));
  form.addEventListener("change", () => count(form));
  window.addEventListener("pageshow", () => count(form));
  count(form);
});

/* Digits tick and untick reasons, except while somebody types or a dialog is open. */
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !/^[1-9]$/.test(event.key)) return;
  if (localStorage.getItem("beian.shortcuts") === "off") return;
  if (event.target.matches(typing) || document.querySelector("dialog[open]")) return;
  const box = document.querySelector(`[data-digit="${event.key}"]`);
  if (!box) return;
  event.preventDefault();
  box.click();
  box.focus();
});

/* In the opinion Escape leaves the field, so that the keys work again; Ctrl+Enter refuses. */
document.querySelector("[data-decision]")?.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.matches("[data-opinion]")) event.target.blur();
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    event.currentTarget.requestSubmit(event.currentTarget.querySelector("[data-refuse]"));
  }
});

/* While somebody works here the claim is renewed, at most once a minute. */
const panel = document.querySelector("[data-claim]");
let renewed = Date.now();

async function renew() {
  if (!panel || Date.now() - renewed < MINUTE) return;
  renewed = Date.now();
  const token = document.querySelector("input[name=csrfmiddlewaretoken]").value;
  const answer = await fetch(panel.dataset.claim, { method: "POST", headers: { "X-CSRFToken": token } }).catch(() => null);
  if (!answer) return;
  if (answer.ok) panel.querySelector("[data-claim-until]").textContent = (await answer.json()).until;
  else if (answer.status === 409) lose((await answer.json()).message);
}

function lose(message) {
  const place = panel.querySelector("[data-claim-lost]");
  place.querySelector("span").textContent = message;
  place.hidden = false;
}

if (panel) {
  for (const kind of ["keydown", "pointerdown", "scroll", "wheel"]) {
    document.addEventListener(kind, renew, { passive: true, capture: true });
  }
}

/* Personal data was revealed: the dialog has done its work. */
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.matches?.("[data-reveal]") && event.detail.successful) event.target.closest("dialog")?.close();
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!event.target.matches?.("#sheet") || event.detail.xhr.status !== 422) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
  event.detail.target = document.getElementById("reveal-form");
});
