// form[data-copa-confirm="Question ?"]: asks in a dialog before sending. Without a script the form is sent at once,
// so the action behind it must be one that can be undone, or have its own page of confirmation.
function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function button(text, kind) {
  const made = element("button", "button", text);
  made.type = "button";
  if (kind) made.dataset.kind = kind;
  return made;
}

function dialogFor({ copaConfirm, copaConfirmText, copaConfirmYes, copaConfirmNo, copaConfirmKind }) {
  const dialog = element("dialog", "dialog");
  const title = element("h2", "", copaConfirm);
  title.id = `confirm-${Math.random().toString(36).slice(2)}`;
  dialog.setAttribute("aria-labelledby", title.id);
  const row = element("div", "row");
  const yes = button(copaConfirmYes || "Oui, continuer", copaConfirmKind || "main");
  const no = button(copaConfirmNo || "Non, revenir");
  row.append(yes, no);
  dialog.append(title);
  if (copaConfirmText) dialog.append(element("p", "", copaConfirmText));
  dialog.append(row);
  return { dialog, yes, no };
}

function ask(form) {
  return new Promise((resolve) => {
    const { dialog, yes, no } = dialogFor(form.dataset);
    let answer = false;
    yes.addEventListener("click", () => { answer = true; dialog.close(); });
    no.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => { dialog.remove(); resolve(answer); });
    document.body.append(dialog);
    dialog.showModal();
    no.focus();
  });
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-copa-confirm]") || form.dataset.copaConfirmed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!(await ask(form))) return;
  form.dataset.copaConfirmed = "yes";
  form.requestSubmit(event.submitter);
}, true);
