// From the fields of the page to the answer document the server reads: { linkId: value, group: [rows] }.

import { ROW_KEYS } from "./sheet.js";

function typed(item, values) {
  const given = values.filter((value) => value !== "");
  if (given.length === 0) return undefined;
  if (item.repeats) return given;
  if (item.type === "boolean") return given[0] === "true";
  if (item.type === "integer" && /^-?\d+$/.test(given[0])) return Number(given[0]);
  return given[0];
}

function place(definition, name) {
  const [group, key, linkId] = name.split("/");
  return linkId === undefined ? { linkId: name } : { group, key, linkId };
}

// Rows the page shows for the groups that have no key of their own, written or not.
function drawnRows(form, rows) {
  const drawn = {};
  for (const group of form.querySelectorAll("[data-copa-rows]")) {
    const name = group.dataset.copaRows;
    if (name in ROW_KEYS) continue;
    const keys = [...group.querySelectorAll("[data-copa-row]")].map((row) => row.dataset.copaRow);
    drawn[name] = new Map(keys.map((key) => [key, rows.get(name)?.get(key) ?? {}]));
  }
  return drawn;
}

// → { answers, drawn }
export function readAnswers(form, definition) {
  const fields = new Map();
  for (const [name, value] of new FormData(form)) {
    const known = definition.items.get(place(definition, name).linkId);
    if (known) fields.set(name, [...(fields.get(name) ?? []), value]);
  }
  const answers = {};
  const rows = new Map();
  for (const [name, values] of fields) {
    const { group, key, linkId } = place(definition, name);
    const value = typed(definition.items.get(linkId), values);
    if (value === undefined) continue;
    if (group === undefined) {
      answers[linkId] = value;
      continue;
    }
    const found = rows.get(group) ?? rows.set(group, new Map()).get(group);
    const row = found.get(key) ?? found.set(key, group in ROW_KEYS ? { [ROW_KEYS[group]]: key } : {}).get(key);
    row[linkId] = value;
  }
  for (const [group, found] of rows) answers[group] = [...found.values()];
  return { answers, drawn: drawnRows(form, rows) };
}
