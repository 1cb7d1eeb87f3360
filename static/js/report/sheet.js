// Answers beside their context: what is visible, what is required, what is missing. No page in here: the same
// questions have the same answers as in visits/questionnaire/sheet.py.

const OUTCOME = "visit.outcome";
const NOT_DONE = "NOT_DONE";
export const ROW_KEYS = { child: "child.ref", alert: "alert.family", "need.prev": "need.prev.ref" };

export const pathOf = (item, row) => (row && item.rows ? `${row.group}/${row.key}/${item.id}` : item.id);

// What two screens must not mix: one answer, or a whole row that only its place names.
export const unitOf = (path) => {
  const [group, key, linkId] = path.split("/");
  return linkId === undefined || group in ROW_KEYS ? path : `${group}/${key}`;
};

const isEmpty = (value) => value === undefined || value === null || (Array.isArray(value) && value.length === 0);

function compare(values, condition) {
  switch (condition.operator) {
    case "exists": return values.length > 0;
    case "=": return values.includes(condition.answer);
    case "!=": return !values.includes(condition.answer);
    default: return values.some((value) => typeof value === "number" && value > condition.answer);
  }
}

export class Sheet {
  // families: the alert families open now, whatever opened them; unticked: those of which a recorded sign is no longer
  // ticked. drawn: rows the page shows though nothing is written in them yet, as { group: Map(key → answers) }.
  constructor(definition, answers, context, { families = [], unticked = new Set(), drawn = {} } = {}) {
    this.definition = definition;
    this.answers = answers;
    this.context = context;
    this.families = families;
    this.unticked = unticked;
    this.drawn = drawn;
    this.seen = new Map();
  }

  get outcome() {
    return this.answers[OUTCOME] ?? this.context.outcome;
  }

  rows(group) {
    const given = this.answers[group] ?? [];
    const find = (key) => given.find((row) => row[ROW_KEYS[group]] === key) ?? {};
    if (group === "child") {
      return this.context.children.map((child) => ({
        group, key: child.ref, answers: find(child.ref), values: child.values, isInHospital: child.in_hospital,
      }));
    }
    if (group === "alert") {
      return this.families.map((family) => ({ group, key: family, answers: find(family) }));
    }
    if (group === "need.prev") {
      return this.context.needs.map(({ ref, oriented }) => {
        const known = { "need.prev.ref": ref, "need.prev.oriented": oriented };
        return { group, key: ref, answers: { ...find(ref), ...known } };
      });
    }
    if (this.drawn[group]) return [...this.drawn[group]].map(([key, answers]) => ({ group, key, answers }));
    return given.map((answers, index) => ({ group, key: String(index), answers }));
  }

  places(item) {
    return item.rows ? this.rows(item.rows) : [null];
  }

  answer(item, row) {
    const value = (row && item.rows ? row.answers : this.answers)[item.id];
    return isEmpty(value) && item.id === OUTCOME ? this.context.outcome : value;
  }

  values(item, row) {
    if (item.isHidden) return this.computed(item, row);
    if (!this.isVisible(item, row)) return [];
    const value = this.answer(item, row);
    if (isEmpty(value)) return [];
    return Array.isArray(value) ? value : [value];
  }

  computed(item, row) {
    if (row?.values && item.rows === "child") return [row.values[item.id]];
    if (item.id === "ctx.dev.epds") return [this.isEpdsDeviation()];
    if (item.id === "ctx.dev.joint") {
      const joint = this.given("visit.joint");
      return [Boolean(this.context.values["ctx.joint_planned"]) && joint.length === 1 && joint[0] === "NONE"];
    }
    const value = this.context.values[item.id];
    return value === undefined ? [] : [value];
  }

  isEpdsDeviation() {
    if (!this.context.values["ctx.epds_due"] || this.outcome === NOT_DONE) return false;
    const present = this.given("who.present");
    const status = this.given("epds.status");
    return (present.length > 0 && !present.includes("MOTHER")) || (status.length > 0 && status[0] !== "DONE");
  }

  given(linkId) {
    const item = this.definition.items.get(linkId);
    return item ? this.values(item, null) : [];
  }

  isVisible(item, row) {
    const key = `${item.id}\n${row?.key ?? ""}`;
    if (!this.seen.has(key)) this.seen.set(key, this.isAsked(item, row));
    return this.seen.get(key);
  }

  isPossible(item) {
    const kind = this.context.values["ctx.visit_kind"];
    return item.stage <= this.context.stage && (item.visits === null || item.visits.includes(kind));
  }

  isAsked(item, row) {
    if (!this.isPossible(item)) return false;
    const { parent } = item;
    if (parent && !this.isVisible(parent, parent.isRows ? null : row)) return false;
    if (item.id === "alert" && this.context.recorded.length > 0) return true;
    if (!parent && this.outcome === NOT_DONE && !item.staysWhenNotDone) return false;
    return this.meets(item.enable, row);
  }

  meets(when, row) {
    if (when.conditions.length === 0) return true;
    const holds = (condition) => this.holds(condition, row);
    return when.behaviour === "any" ? when.conditions.some(holds) : when.conditions.every(holds);
  }

  holds(condition, row) {
    const item = this.definition.items.get(condition.question);
    if (item.rows && row && row.group === item.rows) return compare(this.values(item, row), condition);
    return this.places(item).some((place) => compare(this.values(item, place), condition));
  }

  isRequired(item, row) {
    if (item.isHidden || !this.isVisible(item, row)) return false;
    const unless = item.rules.find((rule) => rule.kind === "required-unless");
    if (unless && this.meets(unless.when, row)) return false;
    if (item.id === "alert.facts" && row && this.unticked.has(row.key)) return true;
    if (row?.isInHospital && !this.followsAnswer(item)) return false;
    if (item.required.condition) return this.holds(item.required.condition, row);
    return item.required.mode === "always" || (item.required.mode === "done" && this.outcome === "DONE");
  }

  // Whether an answer of the same row opened the question.
  followsAnswer(item) {
    return item.enable.conditions.some(({ question, operator }) => {
      const other = this.definition.items.get(question);
      return other.rows === item.rows && !other.isHidden && (operator === "=" || operator === "exists");
    });
  }

  isMissing(item, row) {
    if (item.isRows) {
      const written = this.rows(item.id).filter((place) => Object.keys(place.answers).length > 0);
      return this.isRequired(item, null) && written.length < item.minOccurs;
    }
    // A row added and left empty is not sent, so nothing is missing in it.
    if (row && !(row.group in ROW_KEYS) && Object.keys(row.answers).length === 0) return false;
    if ((item.source && item.source !== "visit") || item.type === "display" || item.isGroup) return false;
    if (!this.isRequired(item, row)) return false;
    if (item.source === "visit") return !this.context.given.includes(item.id);
    const value = this.answer(item, row);
    if (item.rules.some((rule) => rule.kind === "must-be-true")) return value !== true;
    return isEmpty(value);
  }

  // Every question in every place it stands, row groups included, in the order of the form.
  * every(items = this.definition.top, row = null) {
    for (const item of items) {
      if (item.isHidden) continue;
      if (!item.isGroup || item.isRows) yield [item, row];
      if (item.isRows) {
        for (const place of this.rows(item.id)) yield* this.every(item.items, place);
      } else if (item.isGroup) {
        yield* this.every(item.items, row);
      }
    }
  }

  missing() {
    return [...this.every()].filter(([item, row]) => this.isMissing(item, row));
  }

  // Sentences of the rules that only look at other answers; the server checks the rest at each saving.
  * notices() {
    for (const [item, row] of this.every()) {
      if (!this.isVisible(item, row)) continue;
      for (const rule of item.rules) {
        if (rule.kind === "condition" && this.meets(rule.when, row)) yield [pathOf(item, row), rule];
      }
    }
  }

  closedOptions(item, row) {
    return item.rules
      .filter((rule) => rule.kind === "option-when" && !this.meets(rule.when, row))
      .flatMap((rule) => rule.codes);
  }
}
