// Another screen saved the same report: what differs, side by side, and one choice. The box and its words stand in the
// page (templates/visits/_report_conflict.html); without script the server fills them.

export class Conflict {
  // onKeep(revision of the other screen): what stands here replaces it; onTake(): the page is drawn anew from it.
  constructor({ onKeep, onTake }) {
    this.box = document.querySelector("[data-copa-conflict]");
    this.box?.querySelector("[data-copa-keep-mine]").addEventListener("click", (event) => {
      if (this.theirs === undefined) return; // Filled by the server: the button sends the form.
      event.preventDefault();
      this.box.hidden = true;
      onKeep(this.theirs);
    });
    this.box?.querySelector("[data-copa-take-theirs]").addEventListener("click", onTake);
  }

  show({ revision, saved_words: savedWords, differences }) {
    if (!this.box) return;
    this.theirs = revision;
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
