// form[data-copa-once]: sent once. A second tap while the first is on its way changes nothing, and neither does one on
// a link beside the button: following it would abort what is being sent.
const WAITING = "data-copa-waiting";

export function hold(button) {
  button.setAttribute("aria-busy", "true");
  // Its place stays its own: shorter words must not pull the next link under the finger.
  button.style.minInlineSize = `${button.getBoundingClientRect().width}px`;
  if (!button.dataset.copaBusy) return;
  button.dataset.copaIdle = button.innerHTML;
  button.textContent = button.dataset.copaBusy;
}

export function release(button) {
  button.removeAttribute("aria-busy");
  button.style.minInlineSize = "";
  if (button.dataset.copaIdle !== undefined) button.innerHTML = button.dataset.copaIdle;
  delete button.dataset.copaIdle;
}

// What stands beside the button: the whole form, or the row of which it is one button.
const around = (form) => form.closest(".row") ?? form;

export function holdLinks(form) {
  const place = around(form);
  place.setAttribute(WAITING, "");
  for (const link of place.querySelectorAll("a[href]")) link.setAttribute("aria-disabled", "true");
}

function releasePlace(place) {
  place.removeAttribute(WAITING);
  for (const link of place.querySelectorAll("a[aria-disabled]")) link.removeAttribute("aria-disabled");
}

export const releaseLinks = (form) => releasePlace(around(form));

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-copa-once]") || event.defaultPrevented) return;
  if (form.dataset.copaSent) {
    event.preventDefault();
    return;
  }
  form.dataset.copaSent = "yes";
  const button = event.submitter || form.querySelector('[type="submit"]');
  if (button) hold(button);
  holdLinks(form);
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.(`[${WAITING}] a[href]`)) event.preventDefault();
}, true);

// Coming back with the browser's arrow shows the page as it was left: busy. Make it usable again.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("[data-copa-sent]")) delete form.dataset.copaSent;
  for (const place of document.querySelectorAll(`[${WAITING}]`)) releasePlace(place);
  for (const button of document.querySelectorAll('[aria-busy="true"]')) release(button);
});
