// The rail as a menu under 1152 px. The popover attribute does the work; this is for browsers without it.
if (!("popover" in HTMLElement.prototype)) {
  for (const button of document.querySelectorAll("[data-copa-menu]")) {
    const menu = document.getElementById(button.dataset.copaMenu);
    button.setAttribute("aria-expanded", "false");
    button.setAttribute("aria-controls", menu.id);
    button.addEventListener("click", () => {
      const isOpen = menu.toggleAttribute("data-open");
      button.setAttribute("aria-expanded", String(isOpen));
    });
  }
}
