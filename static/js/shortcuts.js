/* data-shortcut="a" on a button, link or field: the key presses (or focuses) it. "?" lists what the page offers.
   Single keys may be switched off there, as WCAG 2.1.4 asks; the choice stays in this browser. */

const OFF = "beian.shortcuts";

function areOff() {
  return localStorage.getItem(OFF) === "off";
}

function isTyping(target) {
  return target.isContentEditable || target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select");
}

function marked() {
  const dialog = document.querySelector("dialog[open]");
  return Array.from((dialog ?? document).querySelectorAll("[data-shortcut]")).filter(
    (element) => !element.disabled && element.getClientRects().length > 0,
  );
}

function press(element) {
  if (element.matches("input, textarea, select")) element.focus();
  else element.click();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "?" && !isTyping(event.target)) {
    event.preventDefault();
    showHelp();
    return;
  }
  if (areOff() || isTyping(event.target)) return;
  const element = marked().find((each) => each.dataset.shortcut.toLowerCase() === event.key.toLowerCase());
  if (!element) return;
  event.preventDefault();
  press(element);
});

function nameOf(element) {
  const label = element.dataset.shortcutLabel ?? element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent;
  if (label) return label.trim();
  const copy = element.cloneNode(true);
  copy.querySelectorAll("kbd").forEach((key) => key.remove());
  return copy.textContent.trim();
}

function row(key, name) {
  const term = document.createElement("dt");
  const meaning = document.createElement("dd");
  const cap = document.createElement("kbd");
  cap.textContent = key.length === 1 ? key.toUpperCase() : key;
  term.append(cap);
  meaning.textContent = name;
  return [term, meaning];
}

function showHelp() {
  const dialog = document.getElementById("shortcut-help");
  if (!dialog || dialog.open) return;
  const list = dialog.querySelector(".shortcut-list");
  list.replaceChildren(...marked().flatMap((element) => row(element.dataset.shortcut, nameOf(element))), ...row("?", "显示本说明"));
  dialog.querySelector("[data-shortcut-switch]").checked = !areOff();
  dialog.showModal();
}

document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-shortcut-switch]")) localStorage.setItem(OFF, event.target.checked ? "on" : "off");
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-shortcut-help]")) showHelp();
});
