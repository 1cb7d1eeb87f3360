// form[data-copa-once]: sent once. A second tap while the first is on its way changes nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-copa-once]") || event.defaultPrevented) return;
  if (form.dataset.copaSent) {
    event.preventDefault();
    return;
  }
  form.dataset.copaSent = "yes";
  const button = event.submitter || form.querySelector('[type="submit"]');
  if (!button) return;
  button.setAttribute("aria-busy", "true");
  if (button.dataset.copaBusy) {
    button.dataset.copaIdle = button.textContent;
    button.textContent = button.dataset.copaBusy;
  }
});

// Coming back with the browser's arrow shows the page as it was left: busy. Make it usable again.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("[data-copa-sent]")) delete form.dataset.copaSent;
  for (const button of document.querySelectorAll("[data-copa-idle]")) button.textContent = button.dataset.copaIdle;
  for (const button of document.querySelectorAll('[aria-busy="true"]')) button.removeAttribute("aria-busy");
});
