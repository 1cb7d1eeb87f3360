// A red flag is an alert at the tap: its procedure opens, its block appears, and the draft leaves at once.

import { addRow, rowOf } from "./rows.js";

const KEPT = "L’alerte reste ouverte : c’est l’équipe qui la clôt. Écrivez pourquoi dans « Les faits ».";

const isShown = (element) => element.closest("[hidden]") === null;

export class Alerts {
  constructor(form, context) {
    this.form = form;
    this.names = context.families;
    // Recorded by the server: they stay, whatever is un-ticked.
    this.recorded = new Set(context.recorded);
  }

  // Families of the signs ticked now; a sign whose question is hidden raises nothing.
  ticked() {
    const inputs = this.form.querySelectorAll("[data-copa-family] input:checked");
    return new Set([...inputs].filter(isShown).map((input) => input.closest("[data-copa-family]").dataset.copaFamily));
  }

  families() {
    return [...new Set([...this.ticked(), ...this.recorded])];
  }

  record(families = []) {
    for (const family of families) this.recorded.add(family);
  }

  isSign(input) {
    return input.closest?.("[data-copa-family]") !== null && input.checked === true;
  }

  // The sentence to show when a sign that already left is taken back.
  keptWords(input) {
    const family = input.closest?.("[data-copa-family]")?.dataset.copaFamily;
    return family && !input.checked && this.recorded.has(family) ? KEPT : "";
  }

  // Blocks « Ce que vous avez fait », one per family. A block nobody needs any more is left, hidden by its group.
  openBlocks() {
    const group = this.form.querySelector("[data-copa-rows='alert']");
    if (!group) return;
    const families = this.families();
    for (const family of families) {
      if (!rowOf(group, family)) addRow(group, family, this.names[family] ?? "");
    }
    for (const row of group.querySelectorAll(":scope > [data-copa-row-list] > [data-copa-row]")) {
      row.hidden = !families.includes(row.dataset.copaRow);
    }
  }

  drawProcedures() {
    for (const procedure of this.form.querySelectorAll("[data-copa-procedure]")) {
      const question = procedure.closest("[data-copa-question]");
      const family = procedure.dataset.copaProcedure;
      const signs = [...question.querySelectorAll(`[data-copa-family="${family}"] input:checked`)];
      const wasHidden = procedure.hidden;
      procedure.hidden = signs.length === 0;
      procedure.setAttribute("role", "alert");
      const words = signs.map((input) => input.closest("label").querySelector("span").firstChild.textContent.trim());
      procedure.querySelector("[data-copa-signs]").textContent = words.join(", ") || "…";
      if (wasHidden && !procedure.hidden) procedure.scrollIntoView({ block: "nearest" });
    }
  }
}
