// form[data-copa-keep]: what was typed comes back with the browser's arrow after a refusal.
// It stays in this tab, for this member, until the form is stored or the tab is closed.
// data-copa-typed: the page answers a refusal, and shows what was typed by itself.
import { PREFIX } from "./forget.js";

function fieldsOf(form) {
  return [...form.elements].filter((field) => field.name && !["hidden", "file", "password", "submit"].includes(field.type));
}

function isChoice(field) {
  return field.type === "checkbox" || field.type === "radio";
}

function save(form, key) {
  const values = fieldsOf(form).map((field) => [field.name, isChoice(field) ? field.checked : field.value, field.value]);
  sessionStorage.setItem(key, JSON.stringify({ isSent: false, values }));
}

function restore(form, values) {
  for (const [name, value, option] of values) {
    for (const field of fieldsOf(form).filter((one) => one.name === name)) {
      if (!isChoice(field)) field.value = value;
      else if (field.value === option) field.checked = value;
      if (value) field.closest("details")?.setAttribute("open", "");
    }
  }
}

const member = document.body.dataset.copaMember;

for (const form of document.querySelectorAll("[data-copa-keep]")) {
  const key = `${PREFIX}${member}:${location.pathname}${location.search}`;
  const kept = JSON.parse(sessionStorage.getItem(key) || "null");
  if ("copaTyped" in form.dataset) save(form, key);
  // What was stored, forget.js has taken away; what was sent and never answered comes back.
  else if (kept) restore(form, kept.values);
  form.addEventListener("input", () => save(form, key));
  form.addEventListener("submit", () => {
    save(form, key);
    sessionStorage.setItem(key, JSON.stringify({ ...JSON.parse(sessionStorage.getItem(key)), isSent: true }));
  });
}
