// form[data-copa-unsaved]: the browser asks before what was typed is lost.
const changed = new Set();

function guard(event) {
  if (changed.size) event.preventDefault();
}

for (const form of document.querySelectorAll("[data-copa-unsaved]")) {
  form.addEventListener("input", () => changed.add(form));
  form.addEventListener("submit", () => changed.delete(form));
  form.addEventListener("copa:saved", () => changed.delete(form));
}
window.addEventListener("beforeunload", guard);
