// The visit report on the tablet: one page driven by the Questionnaire it carries.

import { Alerts } from "./alerts.js";
import { fillFields, readAnswers, readFields } from "./answers.js";
import { attachChoices, offerServices } from "./choices.js";
import { Conflict } from "./conflict.js";
import { readDefinition } from "./definition.js";
import { Draft } from "./draft.js";
import { attachAddButtons } from "./rows.js";
import { Screen } from "./screen.js";
import { Sheet, unitOf } from "./sheet.js";
import { Unsent } from "./unsent.js";
import { renewToken } from "../token.js";

const json = (id) => JSON.parse(document.getElementById(id).textContent);

class Report {
  constructor(form) {
    this.form = form;
    this.definition = readDefinition(json("copa-definition"));
    this.context = json("copa-report-context");
    this.screen = new Screen(form);
    this.alerts = new Alerts(form, this.context);
    this.unsent = new Unsent(form.dataset.copaDraftUrl);
    this.draft = new Draft({
      form,
      url: form.dataset.copaDraftUrl,
      read: () => this.letter(),
      onState: (state, words) => this.say(state, words),
      onReply: (reply, sent) => this.learn(reply, sent),
      onConflict: (theirs) => this.conflict.show(theirs),
      onOver: () => this.unsent.clear(),
    });
    this.conflict = new Conflict({
      onKeep: (theirs) => this.settle(theirs),
      onTake: (theirs) => this.settle(theirs, theirs.values),
    });
  }

  // The body of a saving. `base` is what this screen started from: the server tells by it who changed what.
  letter() {
    this.sentFields = readFields(this.form, this.definition);
    return {
      form: this.definition.id,
      version: this.form.dataset.copaVersion,
      revision: Number(this.revision?.value ?? 0),
      screen: document.querySelector("[data-copa-screen]")?.value ?? "",
      base: this.base,
      answers: this.answers,
    };
  }

  start() {
    attachChoices(this.form);
    attachAddButtons(this.form, () => this.refresh());
    this.form.addEventListener("input", (event) => this.changed(event));
    this.form.addEventListener("change", (event) => this.changed(event));
    this.form.addEventListener("submit", (event) => this.sign(event));
    document.addEventListener("click", (event) => this.follow(event));
    this.refresh();
    this.base = this.answers;
    this.takeUp();
  }

  // What this tab had not sent when it was reloaded.
  takeUp() {
    const left = this.unsent.read();
    if (!left) return;
    fillFields(this.form, this.definition, left.fields);
    this.base = left.base;
    if (this.revision) this.revision.value = left.revision;
    this.draft.noticedAt = left.noticedAt ?? null;
    this.refresh();
    this.draft.touch({ now: true });
  }

  touch({ now = false } = {}) {
    this.hold();
    this.draft.touch({ now });
  }

  hold() {
    this.unsent.write({
      fields: readFields(this.form, this.definition),
      base: this.base,
      revision: Number(this.revision?.value ?? 0),
      noticedAt: this.draft.noticedAt,
    });
  }

  get sheet() {
    return new Sheet(this.definition, this.answers, this.context, {
      families: this.alerts.families(), unticked: this.alerts.unticked(), drawn: this.drawn,
    });
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
    this.screen.reminders = this.alerts.reminders();
    this.screen.drawNotes(sheet);
    const gaps = this.screen.gaps(sheet);
    this.screen.drawMissing(gaps);
    this.screen.drawRefused();
    this.screen.drawProgress(sheet, gaps);
    this.gaps = gaps;
  }

  changed(event) {
    const input = event.target;
    if (!input.name) return;
    // A tile or a list fires both events: the second one says nothing new.
    const isChoice = ["checkbox", "radio"].includes(input.type) || input.tagName === "SELECT";
    if (isChoice !== (event.type === "change")) return;
    const path = input.closest("[data-copa-question]")?.dataset.copaQuestion;
    if (path) {
      delete this.screen.errors[path];
      delete this.screen.warnings[path];
    }
    this.refresh();
    const isSign = this.alerts.isSign(input);
    if (isSign) this.draft.notice();
    this.touch({ now: isSign });
  }

  get revision() {
    return document.querySelector("[data-copa-revision]");
  }

  // The choice is made in full sight of what differs. Kept here: these answers now start from the other screen's, so
  // they replace them. Taken from there: the fields of the conflict alone are drawn anew.
  settle(theirs, values = null) {
    this.base = theirs.base;
    if (values) this.draw(values, (path) => !theirs.paths.includes(unitOf(path)));
    this.touch({ now: true });
  }

  draw(fields, keeps) {
    fillFields(this.form, this.definition, fields, keeps);
    this.refresh();
  }

  learn(reply, sent) {
    this.conflict.settle();
    if (this.revision && reply.revision !== undefined) this.revision.value = reply.revision;
    this.base = reply.base ?? sent.answers;
    this.alerts.record(reply.alerts, reply.signs);
    if (reply.alerts) this.context.recorded = [...this.alerts.recorded];
    this.screen.note(reply);
    if (reply.values) this.drawOthers(reply.values);
    if (this.draft.isUnsaved) this.hold();
    else this.unsent.clear();
    if (this.isOutdated(reply)) return;
    this.refresh();
  }

  // A death or a withdrawal since this page was drawn: once all is kept, it is drawn anew for what may still be written.
  isOutdated({ standing }) {
    const drawn = document.querySelector("[data-copa-standing]");
    this.isOver ||= Boolean(drawn) && standing !== undefined && standing !== drawn.value;
    if (!this.isOver || this.draft.isUnsaved) return false;
    this.draft.isLeaving = true;
    window.location.replace(drawn.dataset.copaAgain);
    return true;
  }

  // What another screen answered meanwhile appears here; what was typed here since the sending stays.
  drawOthers(values) {
    const now = readFields(this.form, this.definition);
    const isNewer = (path) => String(now[path] ?? "") !== String(this.sentFields[path] ?? "");
    this.draw(values, isNewer);
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
    if (this.screen.openMissing() || this.screen.goToRefused()) return;
    const button = document.querySelector("[data-copa-sign]");
    button.disabled = true;
    if (await this.draft.flush()) {
      if (this.isOver) return;
      this.draft.isLeaving = true;
      renewToken(this.form);
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
      if (!this.screen.openMissing()) this.screen.goToRefused();
    } else if (target && (this.form.contains(target) || target === this.form)) {
      event.preventDefault();
      if (target instanceof HTMLDetailsElement) target.open = true;
      this.screen.goTo(target);
    }
  }
}

for (const form of document.querySelectorAll("form[data-copa-report]")) new Report(form).start();
