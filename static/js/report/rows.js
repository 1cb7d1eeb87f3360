// Copies of a repeating group: a need added by hand, an alert block opened by a sign.

const KEY = "__row__";

const listOf = (group) => group.querySelector(":scope > [data-copa-row-list]");

export const rowOf = (group, key) =>
  [...listOf(group).children].find((row) => row.dataset.copaRow === key) ?? null;

export function addRow(group, key, title = "") {
  const source = group.querySelector(":scope > template[data-copa-row-template]");
  const holder = document.createElement("template");
  holder.innerHTML = source.innerHTML.replaceAll(KEY, key);
  const row = holder.content.firstElementChild;
  if (title) row.querySelector("[data-copa-row-title]").textContent = title;
  listOf(group).append(row);
  return row;
}

// « Besoin 1 » → « Besoin 2 »: rows without a key of their own are named by their place.
export function nextTitle(group, key) {
  const source = group.querySelector(":scope > template[data-copa-row-template]");
  const name = source.content.querySelector("[data-copa-row-title]").textContent.trim();
  return `${name}\u00a0${Number(key) + 1}`;
}

export function attachAddButtons(form, onAdded) {
  for (const button of form.querySelectorAll("[data-copa-add-row]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const group = button.closest("[data-copa-rows]");
      const keys = [...listOf(group).children].map((row) => Number(row.dataset.copaRow));
      const key = String(Math.max(-1, ...keys) + 1);
      const row = addRow(group, key, nextTitle(group, key));
      onAdded();
      row.focus();
    });
  }
}
