/* A textarea with data-counter="limit" says how many characters are left, counted as the server counts:
   one per character, also outside the basic plane; a line break is one. */

const NEAR = 0.9;

function show(area) {
  const output = document.getElementById(area.dataset.counterOutput);
  if (!output) return;
  const limit = Number(area.dataset.counter);
  const used = Array.from(area.value.replace(/\r\n?/g, "\n")).length;
  const over = used > limit;
  output.dataset.state = over ? "over" : used >= limit * NEAR ? "near" : "";
  const figures = `${used.toLocaleString("en")} / ${limit.toLocaleString("en")}`;
  output.textContent = over ? `${figures} 超出 ${(used - limit).toLocaleString("en")} 字` : figures;
  area.setCustomValidity(over ? `最多 ${limit} 字，现为 ${used} 字` : "");
  announce(area, output);
}

/* A screen reader hears it only when the typing rests, and only near the limit. */
const resting = new WeakMap();

function announce(area, output) {
  clearTimeout(resting.get(area));
  output.setAttribute("aria-live", "off");
  if (!output.dataset.state) return;
  resting.set(area, setTimeout(() => {
    const text = output.textContent;
    output.setAttribute("aria-live", "polite");
    output.textContent = "";
    output.textContent = text;
  }, 800));
}

function showAll(root) {
  root.querySelectorAll("textarea[data-counter]").forEach(show);
}

document.addEventListener("input", (event) => {
  if (event.target.matches?.("textarea[data-counter]")) show(event.target);
});
document.addEventListener("htmx:load", (event) => showAll(event.target));
showAll(document);
