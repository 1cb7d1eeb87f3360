// Another screen answered the same questions otherwise: what differs, side by side, and one choice. The box and its words stand in the
// page (templates/visits/_report_conflict.html); without script the server fills them.

export class Conflict {
  // onKeep(theirs) and onTake(theirs), with what the server said of the other screen.
  constructor({ onKeep, onTake }) {
    this.box = document.querySelector("[data-copa-conflict]");
    this.listen("[data-copa-keep-mine]", onKeep);
    this.listen("[data-copa-take-theirs]", onTake);
  }

  listen(selector, onChosen) {
    this.box?.querySelector(selector).addEventListener("click", (event) => {
      if (this.theirs === undefined) return; // Filled by the server: the button and the link do what they say.
      event.preventDefault();
      const { theirs } = this;
      this.settle();
      onChosen(theirs);
    });
  }

  show(theirs) {
    if (!this.box) return;
    const { saved_words: savedWords, differences } = theirs;
    this.theirs = theirs;
    this.box.querySelector("[data-copa-conflict-when]").textContent = savedWords;
    const row = this.box.querySelector("[data-copa-conflict-row]");
    this.box.querySelector("[data-copa-conflict-list]").replaceChildren(...differences.map((one) => line(row, one)));
    if (!this.box.hidden) return;
    this.box.hidden = false;
    this.box.scrollIntoView({ block: "center" });
    this.box.focus({ preventScroll: true });
  }

  // Something was kept: there is nothing left to choose.
  settle() {
    this.theirs = undefined;
    if (this.box) this.box.hidden = true;
  }
}

function line(row, { label, mine, theirs }) {
  const item = row.content.cloneNode(true);
  for (const [name, text] of Object.entries({ label, mine, theirs })) {
    item.querySelector(`[data-copa-${name}]`).textContent = text;
  }
  return item;
}
