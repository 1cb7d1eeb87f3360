// Habits of the fields: an answer that excludes the others, a radio that can be taken back, ready-made numbers.

function keepAlone(input) {
  const boxes = [...input.closest(".tiles").querySelectorAll("input[type=checkbox]")];
  const isAlone = (box) => box.closest("[data-copa-alone]") !== null;
  if (!input.checked) return;
  for (const box of boxes) {
    if (box !== input && (isAlone(input) || isAlone(box))) box.checked = false;
  }
}

// A second touch on a chosen tile takes the answer back: a question opened by mistake must be able to close.
function takeBack(form) {
  const held = new Set([...form.querySelectorAll("input[type=radio]:checked")]);
  form.addEventListener("click", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || input.type !== "radio") return;
    const wasHeld = held.has(input);
    for (const other of form.querySelectorAll(`input[name="${CSS.escape(input.name)}"]`)) held.delete(other);
    if (wasHeld) {
      input.checked = false;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    } else {
      held.add(input);
    }
  });
}

export function attachChoices(form) {
  takeBack(form);
  form.addEventListener("change", (event) => {
    if (event.target.type === "checkbox" && event.target.closest(".tiles")) keepAlone(event.target);
  });
  for (const suggestions of form.querySelectorAll("[data-copa-suggestions]")) {
    suggestions.hidden = false;
  }
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copa-set]");
    if (!button) return;
    const input = button.closest("[data-copa-question]").querySelector("input");
    input.value = button.dataset.copaSet;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

// The services proposed are those that serve the chosen need; the others stay one need away.
export function offerServices(form) {
  for (const select of form.querySelectorAll("select[name$='/need.item.target']")) {
    const need = form.querySelector(`[name="${CSS.escape(select.name.replace(/target$/, "code"))}"]`)?.value ?? "";
    for (const option of select.options) {
      const serves = (option.dataset.copaServes ?? "").split(" ");
      const isOffered = !option.value || !need || serves.includes(need) || option.value === "OTHER";
      option.hidden = !isOffered && !option.selected;
    }
  }
}
