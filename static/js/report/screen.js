// Puts what the sheet found on the page: what is shown, what is missing, how far one is.

import { pathOf } from "./sheet.js";

const plural = (count, one, many) => `${count}\u00a0${count >= 2 ? many : one}`;
const show = (element, isShown) => { if (element) element.hidden = !isShown; };

export class Screen {
  constructor(form) {
    this.form = form;
    this.wantsMissing = form.hasAttribute("data-copa-shows-missing");
    this.errors = {};
    this.warnings = {};
    // Sentences of this page alone, which no answer of the server takes away.
    this.reminders = {};
  }

  question(path) {
    return this.form.querySelector(`[data-copa-question="${CSS.escape(path)}"]`);
  }

  // ---- What is asked -----------------------------------------------------------------------------------
  draw(sheet) {
    const { items } = sheet.definition;
    for (const [item, row] of sheet.every()) {
      if (item.isRows) continue;
      const element = this.question(pathOf(item, row));
      if (!element) continue;
      show(element, sheet.isVisible(item, row));
      // A sign taken back makes a field required that was drawn as optional.
      show(element.querySelector(".optional"), !sheet.isRequired(item, row));
      const closed = sheet.closedOptions(item, row);
      for (const option of element.querySelectorAll("[data-copa-option]")) {
        const input = option.querySelector("input");
        option.hidden = closed.includes(option.dataset.copaOption) && !input.checked;
      }
    }
    for (const group of this.form.querySelectorAll("[data-copa-group], [data-copa-rows]")) {
      const item = items.get(group.dataset.copaGroup ?? group.dataset.copaRows);
      const isEmpty = item?.id === "alert" && sheet.rows("alert").length === 0;
      show(group, item !== undefined && !isEmpty && sheet.isVisible(item, null));
    }
    for (const scale of this.form.querySelectorAll("[data-copa-scale]")) {
      show(scale, scale.querySelector(".scale-row:not([hidden])") !== null);
    }
    this.drawTotal(sheet);
    this.drawWords(sheet);
  }

  // The scale in the language of the sheet, when the page carries it.
  drawWords(sheet) {
    for (const words of this.form.querySelectorAll("[data-copa-words]")) {
      show(words, words.dataset.copaWords === sheet.answers["epds.language"]);
    }
  }

  drawTotal(sheet) {
    const box = this.form.querySelector("[data-copa-total]");
    if (!box) return;
    const ids = Array.from({ length: 10 }, (_, index) => `epds.i${String(index + 1).padStart(2, "0")}`);
    const given = ids.map((id) => sheet.answers[id]).filter((value) => typeof value === "number");
    const isWhole = given.length === ids.length && sheet.answers["epds.missing"] !== true;
    const sum = box.querySelector("[data-copa-total-sum]");
    show(sum, isWhole);
    sum.textContent = isWhole ? String(given.reduce((total, value) => total + value, 0)) : "";
    box.querySelector("[data-copa-total-words]").textContent = isWhole
      ? "pour dix réponses"
      : `Pas de total sans les dix réponses : ${given.length} pour l’instant.`;
  }

  // ---- Sentences beside the fields -----------------------------------------------------------------------
  note({ errors = {}, warnings = {} }) {
    this.errors = errors;
    this.warnings = warnings;
  }

  drawNotes(sheet) {
    const notices = { ...this.warnings, ...this.reminders };
    const errors = { ...this.errors };
    for (const [path, rule] of sheet.notices()) (rule.severity === "error" ? errors : notices)[path] = rule.text;
    for (const element of this.form.querySelectorAll("[data-copa-question]")) {
      const path = element.dataset.copaQuestion;
      this.write(element, "[data-copa-error]", errors[path]);
      this.write(element, "[data-copa-warning]", notices[path]);
    }
  }

  // ---- What is refused -------------------------------------------------------------------------------------
  refused() {
    const places = [...this.form.querySelectorAll("[data-copa-error]:not([hidden])")];
    return places.filter((place) => place.parentElement.closest("[hidden]") === null);
  }

  // Nothing is missing, but a field holds what cannot be taken: « Tout est rempli » would be untrue.
  drawRefused() {
    const count = this.refused().length;
    if (!count || this.form.querySelector("[data-copa-missing-list] li")) return;
    const words = plural(count, "réponse à corriger", "réponses à corriger");
    for (const place of document.querySelectorAll("[data-copa-missing-words]")) place.textContent = words;
  }

  goToRefused() {
    const [first] = this.refused();
    if (first) this.goTo(first.closest("[data-copa-question]"));
    return first !== undefined;
  }

  write(element, selector, text = "") {
    const place = element.querySelector(selector);
    if (!place) return;
    const words = place.querySelector("span");
    if (words.textContent !== text) words.textContent = text;
    show(place, text !== "");
    const field = element.matches("fieldset") ? element : element.querySelector("input, select, textarea");
    const ids = new Set((field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
    ids[text ? "add" : "delete"](place.id);
    if (ids.size) field.setAttribute("aria-describedby", [...ids].join(" "));
    else field.removeAttribute("aria-describedby");
    if (selector === "[data-copa-error]" && field !== element) {
      field.toggleAttribute("aria-invalid", text !== "");
      if (text) field.setAttribute("aria-invalid", "true");
    }
  }

  // ---- What is missing ------------------------------------------------------------------------------------
  gaps(sheet) {
    return sheet.missing().map(([item, row]) => {
      const element = item.isRows
        ? this.form.querySelector(`[data-copa-rows="${CSS.escape(item.id)}"]`)
        : this.question(pathOf(item, row));
      const section = element?.closest("[data-copa-section]");
      return { element, section, text: element?.dataset.copaText ?? "" };
    }).filter(({ element }) => element);
  }

  drawMissing(gaps) {
    const box = this.form.querySelector("[data-copa-missing-box]");
    const words = gaps.length
      ? plural(gaps.length, "réponse manque", "réponses manquent")
      : "Tout est rempli";
    for (const place of document.querySelectorAll("[data-copa-missing-words]")) place.textContent = words;
    box.querySelector("[data-copa-missing-count]").textContent = plural(gaps.length, "réponse", "réponses");
    box.querySelector("[data-copa-missing-list]").replaceChildren(...gaps.map((gap) => this.gapLine(gap)));
    show(box, gaps.length > 0 && this.wantsMissing);
  }

  gapLine({ element, section, text }) {
    const line = document.createElement("li");
    const link = document.createElement("a");
    link.href = `#${element.id}`;
    link.textContent = `${sectionTitle(section)} – ${text}`;
    line.append(link);
    return line;
  }

  // ---- How far ---------------------------------------------------------------------------------------------
  drawProgress(sheet, gaps) {
    let done = 0;
    let total = 0;
    for (const section of this.form.querySelectorAll("[data-copa-section]")) {
      const isShown = section.querySelector("[data-copa-question]:not([hidden])") !== null && this.isAsked(section);
      show(section, isShown);
      const state = this.sectionState(section, sheet, gaps);
      if (state !== "ok" && section instanceof HTMLDetailsElement) section.open = true;
      this.drawNav(section.dataset.copaSection, state, isShown);
      if (isShown) {
        total += 1;
        if (state === "ok") done += 1;
      }
    }
    this.drawBars(sheet, gaps, done, total);
  }

  isAsked(section) {
    return [...section.querySelectorAll("[data-copa-question]:not([hidden])")].some(
      (element) => element.parentElement.closest("[hidden]:not([data-copa-section])") === null,
    );
  }

  sectionState(section, sheet, gaps) {
    const hasError = section.querySelector("[data-copa-error]:not([hidden])") !== null;
    const hasAlert = section.querySelector("[data-copa-rows='alert']:not([hidden]) [data-copa-row]") !== null;
    // The tenth answer of the scale: its procedure stands in this very part.
    const hasTenth = section.querySelector("[data-copa-link='epds.i10'] [data-copa-procedure]:not([hidden])") !== null;
    if (hasError || hasAlert || hasTenth) return "bad";
    if (!gaps.some((gap) => gap.section === section)) return "ok";
    return section.querySelector("[data-copa-question] :checked, .select option:checked:not([value=''])")
      || [...section.querySelectorAll(".input, .area")].some((field) => field.value !== "") ? "half" : "todo";
  }

  drawNav(id, state, isShown) {
    const line = this.form.querySelector(`[data-copa-nav="${id}"]`);
    show(line, isShown);
    const waits = this.form.querySelector(`[data-copa-nav-waits="${id}"]`);
    if (waits) show(waits, !isShown && !this.form.querySelector(`[data-copa-nav="${waits.dataset.copaAfter}"]`).hidden);
    const link = line.querySelector("a");
    link.dataset.state = state;
    for (const mark of link.querySelectorAll("[data-copa-mark]")) show(mark, mark.dataset.copaMark === state);
  }

  drawBars(sheet, gaps, done, total) {
    this.form.querySelector("[data-copa-parts-done]").textContent = done;
    this.form.querySelector("[data-copa-parts-total]").textContent = total;
    const parts = this.form.querySelector("[data-copa-parts-bar]");
    [parts.max, parts.value] = [Math.max(total, 1), done];
    const required = [...sheet.every()].filter(([item, row]) => !item.isRows && sheet.isRequired(item, row)).length;
    for (const bar of document.querySelectorAll("[data-copa-answers-bar]")) {
      [bar.max, bar.value] = [Math.max(required, 1), Math.max(required - gaps.length, 0)];
    }
  }

  // ---- Going to a place of the form ---------------------------------------------------------------------------
  goTo(element) {
    for (let around = element.closest("details"); around; around = around.parentElement.closest("details")) {
      around.open = true;
    }
    const field = element.querySelector("input:checked, input:not([type=hidden]), select, textarea") ?? element;
    // A question taller than the screen begins at its top: its first tiles must not stand above it.
    const isTall = element.getBoundingClientRect().height > window.innerHeight / 2;
    element.scrollIntoView({ block: isTall ? "start" : "center" });
    field.focus({ preventScroll: true });
  }

  openMissing() {
    this.wantsMissing = true;
    const box = this.form.querySelector("[data-copa-missing-box]");
    const hasGaps = box.querySelector("li") !== null;
    show(box, hasGaps);
    if (hasGaps) {
      box.scrollIntoView({ block: "start" });
      box.focus({ preventScroll: true });
    }
    return hasGaps;
  }
}

const sectionTitle = (section) => section?.querySelector("h2")?.firstChild.textContent.trim() ?? "";
