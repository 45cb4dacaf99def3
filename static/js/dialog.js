/* data-dialog-open="id" opens that <dialog>; data-dialog-close closes the one around it. A click beside it closes it too.
   data-open on a dialog opens it with the page: a form that came back with errors. */

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog-open]");
  if (opener) {
    event.preventDefault();
    open(document.getElementById(opener.dataset.dialogOpen));
    return;
  }
  if (event.target.closest("[data-dialog-close]")) {
    event.preventDefault();
    event.target.closest("dialog")?.close();
    return;
  }
  if (event.target instanceof HTMLDialogElement && isBeside(event.target, event)) event.target.close();
});

/* Where the work is (data-focus) comes first, not the cross that closes. */
function open(dialog) {
  if (!dialog || dialog.open) return;
  dialog.showModal();
  dialog.querySelector("[data-focus], [aria-invalid=true]")?.focus();
}

function isBeside(dialog, { clientX, clientY }) {
  const box = dialog.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}

function openMarked(root) {
  root.querySelectorAll("dialog[data-open]").forEach(open);
}

document.addEventListener("htmx:load", (event) => openMarked(event.target));
openMarked(document);
