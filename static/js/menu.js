/* Menus made of <details> close on Escape and on a click elsewhere. */
function closeMenus(except) {
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (menu !== except) menu.open = false;
  });
}

document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.menu[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

/* Where the navigation is wider than the screen, the current entry is in sight. */
document.querySelector(".portal-nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
