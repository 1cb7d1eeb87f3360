// form[data-copa-keep="<member>"]: what was typed comes back with the browser's arrow after a refusal.
// It stays in this tab, for this member, until the form is stored or the tab is closed.
// Sent when the session had ended (returned.js), it says so once typed back.
// data-copa-typed: the page answers a refusal, and shows what was typed by itself.
const PREFIX = "copa:kept:";

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

function tell(form) {
  const words = document.createElement("p");
  words.className = "well";
  words.setAttribute("role", "status");
  words.textContent =
    "Votre session s’était arrêtée : rien n’a été enregistré. Ce que vous aviez écrit est revenu, relisez puis envoyez.";
  form.prepend(words);
}

function forgetOthers(member) {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX) && !key.startsWith(`${PREFIX}${member}:`)) sessionStorage.removeItem(key);
  }
}

for (const form of document.querySelectorAll("[data-copa-keep]")) {
  const member = form.dataset.copaKeep;
  const key = `${PREFIX}${member}:${location.pathname}${location.search}`;
  forgetOthers(member);
  const kept = JSON.parse(sessionStorage.getItem(key) || "null");
  if ("copaTyped" in form.dataset) save(form, key);
  // Sent, and no refusal came back: it is stored.
  else if (kept?.isSent) sessionStorage.removeItem(key);
  else if (kept) {
    restore(form, kept.values);
    if (kept.isReturned) tell(form);
  }
  form.addEventListener("input", () => save(form, key));
  form.addEventListener("submit", () => {
    save(form, key);
    sessionStorage.setItem(key, JSON.stringify({ ...JSON.parse(sessionStorage.getItem(key)), isSent: true }));
  });
}
