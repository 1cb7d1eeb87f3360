// The visit report on the tablet: one page driven by the Questionnaire it carries.

import { Alerts } from "./alerts.js";
import { readAnswers } from "./answers.js";
import { attachChoices, offerServices } from "./choices.js";
import { Conflict } from "./conflict.js";
import { readDefinition } from "./definition.js";
import { Draft } from "./draft.js";
import { attachAddButtons } from "./rows.js";
import { Screen } from "./screen.js";
import { Sheet } from "./sheet.js";

const json = (id) => JSON.parse(document.getElementById(id).textContent);

class Report {
  constructor(form) {
    this.form = form;
    this.definition = readDefinition(json("copa-definition"));
    this.context = json("copa-report-context");
    this.screen = new Screen(form);
    this.alerts = new Alerts(form, this.context);
    this.draft = new Draft({
      url: form.dataset.copaDraftUrl,
      token: form.elements.csrfmiddlewaretoken.value,
      read: () => ({
        form: this.definition.id,
        version: form.dataset.copaVersion,
        revision: Number(this.revision?.value ?? 0),
        screen: document.querySelector("[data-copa-screen]")?.value ?? "",
        answers: this.answers,
      }),
      onState: (state, words) => this.say(state, words),
      onReply: (reply) => this.learn(reply),
      onConflict: (theirs) => this.conflict.show(theirs),
    });
    this.conflict = new Conflict({
      onKeep: (revision) => this.keepMine(revision),
      onTake: () => { this.draft.isLeaving = true; },
    });
  }

  start() {
    attachChoices(this.form);
    attachAddButtons(this.form, () => this.refresh());
    this.form.addEventListener("input", (event) => this.changed(event));
    this.form.addEventListener("change", (event) => this.changed(event));
    this.form.addEventListener("submit", (event) => this.sign(event));
    document.addEventListener("click", (event) => this.follow(event));
    this.refresh();
  }

  get sheet() {
    return new Sheet(this.definition, this.answers, this.context, this.alerts.families(), this.drawn);
  }

  readPage() {
    ({ answers: this.answers, drawn: this.drawn } = readAnswers(this.form, this.definition));
  }

  // Hiding a question may hide a sign, and with it an alert block: two rounds settle it.
  refresh() {
    this.readPage();
    this.screen.draw(this.sheet);
    this.alerts.openBlocks();
    this.readPage();
    const sheet = this.sheet;
    this.screen.draw(sheet);
    this.alerts.drawProcedures();
    offerServices(this.form);
    this.screen.drawNotes(sheet);
    const gaps = this.screen.gaps(sheet);
    this.screen.drawMissing(gaps);
    this.screen.drawProgress(sheet, gaps);
    this.gaps = gaps;
  }

  changed(event) {
    const input = event.target;
    if (!input.name) return;
    // A tile or a list fires both events: the second one says nothing new.
    const isChoice = ["checkbox", "radio"].includes(input.type) || input.tagName === "SELECT";
    if (isChoice !== (event.type === "change")) return;
    const kept = this.alerts.keptWords(input);
    const path = input.closest("[data-copa-question]")?.dataset.copaQuestion;
    if (path) {
      delete this.screen.errors[path];
      delete this.screen.warnings[path];
      if (kept) this.screen.reminders[path] = kept;
    }
    this.refresh();
    this.draft.touch({ now: this.alerts.isSign(input) });
  }

  get revision() {
    return document.querySelector("[data-copa-revision]");
  }

  // The choice is made in full sight of what differs: what stands here replaces what the other screen saved.
  keepMine(revision) {
    if (this.revision && revision !== undefined) this.revision.value = revision;
    this.draft.touch({ now: true });
  }

  learn(reply) {
    this.conflict.settle(reply.revision);
    if (this.revision && reply.revision !== undefined) this.revision.value = reply.revision;
    this.alerts.record(reply.alerts);
    if (reply.alerts) this.context.recorded = [...this.alerts.recorded];
    this.screen.note(reply);
    this.refresh();
  }

  say(state, words) {
    for (const place of document.querySelectorAll("[data-copa-save-state]")) {
      place.dataset.state = state === "wait" ? "none" : state;
      place.querySelector("[data-copa-save-words]").textContent = words;
      for (const icon of place.querySelectorAll("[data-copa-save-icon]")) {
        icon.hidden = (icon.dataset.copaSaveIcon === "kept") !== (state === "ok");
      }
    }
  }

  // Nothing is sent while something is missing, nor while the draft is not kept: a page lost on the road would take
  // the answers with it.
  async sign(event) {
    event.preventDefault();
    this.refresh();
    if (this.screen.openMissing()) return;
    const button = document.querySelector("[data-copa-sign]");
    button.disabled = true;
    if (await this.draft.flush()) {
      this.draft.isLeaving = true;
      this.form.submit();
    } else {
      button.disabled = false;
    }
  }

  follow(event) {
    const link = event.target.closest?.("a[href^='#']");
    if (!link) return;
    const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (link.matches("[data-copa-show-missing]")) {
      event.preventDefault();
      this.screen.openMissing();
    } else if (target && (this.form.contains(target) || target === this.form)) {
      event.preventDefault();
      if (target instanceof HTMLDetailsElement) target.open = true;
      this.screen.goTo(target);
    }
  }
}

for (const form of document.querySelectorAll("form[data-copa-report]")) new Report(form).start();
