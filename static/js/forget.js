// form[data-copa-forget]: signing out leaves nothing of what was typed in this tab, whoever sits down next.
document.addEventListener("submit", (event) => {
  if (event.target.closest("[data-copa-forget]")) sessionStorage.clear();
});
