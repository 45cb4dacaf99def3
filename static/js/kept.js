/* What was typed survives a session that ended: kept when a form[data-keep] is refused, filled in again after the
   sign-in it led to. Only what was typed since the page came, only in this tab, and only until the next page. */

const STORE = "kept:";
const DOOR = "kept-door";
const LEFT_OUT = new Set(["hidden", "password", "file", "submit", "button", "reset", "image"]);

const form = document.querySelector("form[data-keep]");
const door = document.querySelector("[data-sign-in]");
const place = STORE + location.pathname;

if (door) {
  sessionStorage.setItem(DOOR, location.pathname);
  const waiting = Object.keys(sessionStorage).some((key) => key.startsWith(STORE));
  for (const notice of document.querySelectorAll("[data-kept-waiting]")) notice.hidden = !waiting;
} else {
  const kept = cameThroughDoor() ? sessionStorage.getItem(place) : null;
  forget();
  if (form) {
    const before = read();
    const keep = () => sessionStorage.setItem(place, JSON.stringify(typedSince(before)));
    form.addEventListener("submit", keep);
    form.addEventListener("htmx:beforeOnLoad", (event) => {
      if (event.detail.xhr.getResponseHeader("HX-Redirect")) keep();
    });
    // Whoever listens for what is typed does so when the page is whole.
    if (kept) document.addEventListener("DOMContentLoaded", () => fill(JSON.parse(kept)));
  }
}

function cameThroughDoor() {
  const last = sessionStorage.getItem(DOOR);
  return Boolean(last && document.referrer && new URL(document.referrer).pathname === last);
}

function forget() {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(STORE) || key === DOOR) sessionStorage.removeItem(key);
  }
}

function controls() {
  return [...form.elements].filter((each) => each.name && "value" in each && !LEFT_OUT.has(each.type));
}

function ticked(control) {
  return control.type === "checkbox" || control.type === "radio";
}

function key(control) {
  return ticked(control) ? `${control.name}=${control.value}` : control.name;
}

function read() {
  return new Map(controls().map((each) => [key(each), ticked(each) ? each.checked : each.value]));
}

function typedSince(before) {
  return controls()
    .filter((each) => before.get(key(each)) !== (ticked(each) ? each.checked : each.value))
    .map((each) => ({ key: key(each), value: ticked(each) ? each.checked : each.value, label: each.selectedOptions?.[0]?.text }));
}

function fill(kept) {
  const here = new Map(controls().map((each) => [key(each), each]));
  const filled = kept.filter(({ key: name }) => here.has(name)).map((each) => put(here.get(each.key), each));
  if (filled.length) form.querySelector("[data-kept-filled]").hidden = false;
  if (filled.length < kept.length) form.querySelector("[data-kept-missing]").hidden = false;
  for (const control of filled) {
    for (const name of ["input", "change"]) control.dispatchEvent(new Event(name, { bubbles: true }));
  }
}

function put(control, { value, label }) {
  if (ticked(control)) control.checked = value;
  // The cities of another province came by themselves, and are not in the page that comes anew.
  else if (control.options && ![...control.options].some((each) => each.value === value)) control.add(new Option(label, value, false, true));
  else control.value = value;
  return control;
}
