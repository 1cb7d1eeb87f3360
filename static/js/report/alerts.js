// A red flag is an alert at the tap: its procedure opens, its block appears, and the draft leaves at once.

import { addRow, rowOf } from "./rows.js";

const KEPT = "Alerte envoyée pour ce signe, qui n’est pas coché : cochez-le, ou dites pourquoi dans « Les faits ». "
  + "L’alerte reste ouverte, c’est l’équipe qui la clôt.";
const LOWERED = "Alerte envoyée pour cette réponse, changée depuis : remettez-la, ou dites pourquoi dans « Les faits ». "
  + "L’alerte reste ouverte, c’est l’équipe qui la clôt.";
const WHY = "Une alerte est partie pour un signe qui n’est pas coché : cochez-le, ou dites pourquoi. "
  + "L’alerte reste ouverte, c’est l’équipe qui la clôt.";

// What to say of a sign on the phone: its words on the page, where they are words.
const said = (label) => label.dataset.copaSaid || label.querySelector("span").firstChild.textContent.trim();

const isShown = (element) => element.closest("[hidden]") === null;

export class Alerts {
  constructor(form, context) {
    this.form = form;
    this.names = context.families;
    // Recorded by the server: they stay, whatever is un-ticked.
    this.recorded = new Set(context.recorded);
    this.signs = context.signs;
  }

  // Families of the signs ticked now; a sign whose question is hidden raises nothing.
  ticked() {
    const inputs = this.form.querySelectorAll("[data-copa-family] input:checked");
    return new Set([...inputs].filter(isShown).map((input) => input.closest("[data-copa-family]").dataset.copaFamily));
  }

  families() {
    return [...new Set([...this.ticked(), ...this.recorded])];
  }

  record(families = [], signs = this.signs) {
    for (const family of families) this.recorded.add(family);
    this.signs = signs;
  }

  // Families of which a recorded sign is no longer ticked: the report then needs to say why.
  unticked() {
    return new Set(this.signs.filter((sign) => !this.isTicked(sign)).map((sign) => sign.family));
  }

  isTicked({ path, value }) {
    const inputs = [...this.form.querySelectorAll(`[name="${CSS.escape(path)}"]:checked`)].filter(isShown);
    return inputs.some((input) => (value === "" ? Number(input.value) > 0 : input.value === value));
  }

  // Sentences of this page alone: { path: words }.
  reminders() {
    const found = {};
    for (const family of this.unticked()) found[`alert/${family}/alert.facts`] = WHY;
    for (const sign of this.signs) if (!this.isTicked(sign)) found[sign.path] = sign.value === "" ? LOWERED : KEPT;
    return found;
  }

  isSign(input) {
    return input.closest?.("[data-copa-family]") !== null && input.checked === true;
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

  // Whether a recorded sign of this family was an answer to this question.
  isSent(question, family) {
    const names = new Set([...question.querySelectorAll("[name]")].map((field) => field.name));
    return this.signs.some((sign) => sign.family === family && names.has(sign.path));
  }

  drawProcedures() {
    for (const procedure of this.form.querySelectorAll("[data-copa-procedure]")) {
      const question = procedure.closest("[data-copa-question]");
      const family = procedure.dataset.copaProcedure;
      const signs = [...question.querySelectorAll(`[data-copa-family="${family}"] input:checked`)];
      const wasHidden = procedure.hidden;
      // Sent, it stays: an answer taken back ends no alert, and what to do is still to be read.
      procedure.hidden = signs.length === 0 && !this.isSent(question, family);
      procedure.setAttribute("role", "alert");
      const words = signs.map((input) => said(input.closest("label")));
      procedure.querySelector("[data-copa-signs]").textContent = words.join(", ") || (procedure.hidden ? "…" : "alerte déjà envoyée");
      if (wasHidden && signs.length > 0) procedure.scrollIntoView({ block: "nearest" });
    }
  }
}
