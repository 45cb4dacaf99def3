/* Rows that can be chosen: the box in the header takes all of the page, Shift takes a range, the bar below says how many. */

let last = null;

function boxes(form) {
  return Array.from(form.querySelectorAll("tbody input[type=checkbox][data-row]"));
}

function refresh(form) {
  const all = boxes(form);
  const chosen = all.filter((box) => box.checked);
  all.forEach((box) => box.closest("tr").classList.toggle("selected", box.checked));
  const head = form.querySelector("[data-rows-all]");
  if (head) {
    head.checked = all.length > 0 && chosen.length === all.length;
    head.indeterminate = chosen.length > 0 && chosen.length < all.length;
  }
  const bar = form.querySelector("[data-bulk]");
  if (!bar) return;
  bar.hidden = chosen.length === 0;
  bar.querySelector("[data-bulk-count]").textContent = String(chosen.length);
}

function takeRange(form, box) {
  const all = boxes(form);
  const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
  if (from >= 0) all.slice(from, to + 1).forEach((each) => (each.checked = box.checked));
}

document.addEventListener("click", (event) => {
  const form = event.target.closest?.("[data-selection]");
  if (!form) return;
  if (event.target.matches("[data-rows-all]")) boxes(form).forEach((box) => (box.checked = event.target.checked));
  else if (event.target.matches("[data-row]")) {
    if (event.shiftKey && last) takeRange(form, event.target);
    last = event.target;
  } else if (event.target.closest("[data-rows-none]")) boxes(form).forEach((box) => (box.checked = false));
  else return;
  refresh(form);
});

function refreshAll(root) {
  root.querySelectorAll("[data-selection]").forEach(refresh);
}

document.addEventListener("htmx:load", (event) => refreshAll(event.target.parentElement ?? document));
window.addEventListener("pageshow", () => refreshAll(document));
refreshAll(document);
