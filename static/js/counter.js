// [data-copa-limit]: how much is written, and how much is too much. Nothing is cut: a text pasted whole stays whole, and
// the server says the same (visits/questionnaire/values.py).
const FROM = 0.8;

const number = (value) => value.toLocaleString("fr-FR");

function counterOf(field) {
  const known = document.getElementById(`${field.id}-compte`);
  if (known) return known;
  const counter = document.createElement("p");
  counter.id = `${field.id}-compte`;
  counter.className = "hint";
  counter.setAttribute("aria-live", "polite");
  field.after(counter);
  field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${counter.id}`.trim());
  return counter;
}

function count(field) {
  const limit = Number(field.dataset.copaLimit);
  // As the server counts: characters, the spaces around them left out.
  const length = [...field.value.trim()].length;
  if (length < limit * FROM && !document.getElementById(`${field.id}-compte`)) return;
  const counter = counterOf(field);
  const over = length - limit;
  counter.hidden = length < limit * FROM;
  counter.className = over > 0 ? "problem" : "hint";
  counter.textContent = over > 0
    ? `${number(over)}\u00a0${over >= 2 ? "caractères" : "caractère"} de trop\u00a0: raccourcissez, rien n’est coupé.`
    : `${number(length)} sur ${number(limit)} caractères`;
}

document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-copa-limit]")) count(event.target);
});
for (const field of document.querySelectorAll("[data-copa-limit]")) count(field);
