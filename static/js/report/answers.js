// Between the fields of the page and the answer document the server reads: { linkId: value, group: [rows] }. A field
// is named by its path: linkId, or group/key/linkId.

import { addRow, nextTitle, rowOf } from "./rows.js";
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

// What stands in the fields: { path: [values] }, empty ones left out.
export function readFields(form, definition) {
  const fields = {};
  for (const [name, value] of new FormData(form)) {
    if (value === "" || !definition.items.has(place(definition, name).linkId)) continue;
    (fields[name] ??= []).push(value);
  }
  return fields;
}

// → { answers, drawn }
export function readAnswers(form, definition) {
  const answers = {};
  const rows = new Map();
  for (const [name, values] of Object.entries(readFields(form, definition))) {
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

// The fields as `fields` says, the others emptied; those for which `keeps(path)` holds stay as they are.
export function fillFields(form, definition, fields, keeps = () => false) {
  openRows(form, definition, Object.keys(fields));
  for (const field of form.elements) {
    if (!field.name || !definition.items.has(place(definition, field.name).linkId) || keeps(field.name)) continue;
    const values = fields[field.name] ?? [];
    if (["checkbox", "radio"].includes(field.type)) field.checked = values.includes(field.value);
    else if (field.value !== (values[0] ?? "")) field.value = values[0] ?? "";
  }
}

function openRows(form, definition, names) {
  for (const name of names) {
    const { group, key } = place(definition, name);
    const holder = group && form.querySelector(`[data-copa-rows="${CSS.escape(group)}"]`);
    const canGrow = holder?.querySelector(":scope > template[data-copa-row-template]");
    if (canGrow && !rowOf(holder, key)) addRow(holder, key, group in ROW_KEYS ? "" : nextTitle(holder, key));
  }
}
