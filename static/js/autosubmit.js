// form[data-copa-autosubmit]: filters apply as soon as they are chosen; the button is for those without a script.
for (const form of document.querySelectorAll("[data-copa-autosubmit]")) {
  for (const button of form.querySelectorAll("[data-copa-autosubmit-button]")) button.hidden = true;
  form.addEventListener("change", () => form.requestSubmit());
}
