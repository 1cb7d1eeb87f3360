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

function applyPreset(button) {
  const codes = button.dataset.copaPreset.split(" ");
  const boxes = [...button.closest("[data-copa-question]").querySelectorAll("input[type=checkbox]")];
  for (const box of boxes) box.checked = codes.includes(box.value);
  boxes[0].dispatchEvent(new Event("change", { bubbles: true }));
}

// « Appeler » notes the hour of the call in the block of its alert, and that the 15 was called.
function noteCall(form, link) {
  const family = link.closest("[data-copa-procedure]").dataset.copaProcedure;
  const field = (name) => [...form.querySelectorAll(`[name="${CSS.escape(`alert/${family}/${name}`)}"]`)];
  const [hour] = field("alert.spoke_at");
  if (hour && hour.value === "") {
    const now = new Date();
    hour.value = [now.getHours(), now.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
    hour.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const called = field("alert.called_15").find((input) => input.value === "true");
  if (called && !called.checked && link.hasAttribute("data-copa-samu")) called.click();
}

export function attachChoices(form) {
  takeBack(form);
  form.addEventListener("click", (event) => {
    const link = event.target.closest("[data-copa-procedure] :is(a[href^='tel:'], a[href^='sms:'])");
    if (link) noteCall(form, link);
  });
  form.addEventListener("change", (event) => {
    if (event.target.type === "checkbox" && event.target.closest(".tiles")) keepAlone(event.target);
  });
  for (const suggestions of form.querySelectorAll("[data-copa-suggestions]")) {
    suggestions.hidden = false;
  }
  form.addEventListener("click", (event) => {
    const preset = event.target.closest("[data-copa-preset]");
    if (preset) applyPreset(preset);
    const button = event.target.closest("[data-copa-set]");
    if (!button) return;
    const input = button.closest("[data-copa-question]").querySelector("input");
    input.value = button.dataset.copaSet;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

// The services proposed are those that serve the chosen need; the others stay one need away.
export function offerServices(form) {
  offerEntries(form);
  for (const select of form.querySelectorAll("select[name$='/need.item.target']")) {
    const need = form.querySelector(`[name="${CSS.escape(select.name.replace(/target$/, "code"))}"]`)?.value ?? "";
    for (const option of select.options) {
      const serves = (option.dataset.copaServes ?? "").split(" ");
      const isOffered = !option.value || !need || serves.includes(need) || option.value === "OTHER";
      option.hidden = !isOffered && !option.selected;
    }
  }
}

// Of the directory, those of the type that is asked for.
function offerEntries(form) {
  for (const select of form.querySelectorAll("select[name$='/need.item.entry']")) {
    const target = form.querySelector(`[name="${CSS.escape(select.name.replace(/entry$/, "target"))}"]`)?.value ?? "";
    for (const option of select.options) {
      option.hidden = Boolean(option.value) && option.dataset.copaServes !== target && !option.selected;
    }
    for (const group of select.querySelectorAll("optgroup")) {
      group.hidden = [...group.children].every((option) => option.hidden);
    }
  }
}
