// Another screen saved the same report: what differs, side by side, and one choice.

export class Conflict {
  constructor(form, { onKeep, onTake }) {
    this.box = form.querySelector("[data-copa-conflict]");
    this.box.querySelector("[data-copa-conflict-keep]").addEventListener("click", () => {
      this.box.hidden = true;
      onKeep(this.theirs);
    });
    this.box.querySelector("[data-copa-conflict-take]").addEventListener("click", onTake);
  }

  show({ revision, saved_words: savedWords, differences }) {
    this.theirs = revision;
    this.box.querySelector("[data-copa-conflict-when]").textContent = savedWords;
    this.box.querySelector("[data-copa-conflict-list]").replaceChildren(...differences.map(line));
    this.box.hidden = false;
    this.box.scrollIntoView({ block: "center" });
    this.box.focus({ preventScroll: true });
  }
}

function line({ label, mine, theirs }) {
  const item = document.createElement("li");
  const title = document.createElement("strong");
  title.textContent = label;
  item.append(title, ` Ici : ${mine}. Autre écran : ${theirs}.`);
  return item;
}
