// [data-copa-toast]: a message may be put away. It never leaves by itself: somebody may read slowly.
for (const toast of document.querySelectorAll("[data-copa-toast]")) {
  const close = document.createElement("button");
  close.type = "button";
  close.className = "toast-close";
  close.setAttribute("aria-label", "Fermer ce message");
  close.textContent = "×";
  close.addEventListener("click", () => toast.remove());
  toast.append(close);
}
