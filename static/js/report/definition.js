// Reads the FHIR Questionnaire of the page into plain items. The same file drives the server (visits/questionnaire).

const COPA = "urn:copa:fhir:copa-";
const MIN_OCCURS = "http://hl7.org/fhir/StructureDefinition/questionnaire-minOccurs";
const HIDDEN = "http://hl7.org/fhir/StructureDefinition/questionnaire-hidden";

const valueOf = (extension) => {
  const key = Object.keys(extension).find((name) => name.startsWith("value"));
  return key === undefined ? undefined : extension[key];
};
const all = (node, url) => (node.extension ?? []).filter((extension) => extension.url === url);
const first = (node, url, fallback) => {
  const found = all(node, url)[0];
  return found === undefined ? fallback : valueOf(found);
};

const answerOf = (value) => (value !== null && typeof value === "object" ? value.code : value);

function enableWhen(node) {
  const conditions = (node.enableWhen ?? []).map((entry) => {
    const key = Object.keys(entry).find((name) => name.startsWith("answer"));
    return { question: entry.question, operator: entry.operator, answer: answerOf(entry[key]) };
  });
  return { behaviour: node.enableBehavior ?? "all", conditions };
}

const writtenCondition = (node) => ({
  question: first(node, "question"),
  operator: first(node, "operator"),
  answer: answerOf(first(node, "answer")),
});

const readRule = (node) => ({
  kind: first(node, "kind"),
  severity: first(node, "severity", "error"),
  text: first(node, "text", ""),
  codes: all(node, "code").map(valueOf),
  when: {
    behaviour: first(node, "behaviour", "all"),
    conditions: all(node, "condition").map(writtenCondition),
  },
});

function readRequired(node) {
  const entry = all(node, `${COPA}required-when`)[0];
  if (entry === undefined) return { mode: "never" };
  const condition = all(entry, "condition")[0];
  return condition ? { mode: "when", condition: writtenCondition(condition) } : { mode: valueOf(entry) };
}

function readItem(node, parent, rows, items) {
  const isRows = node.type === "group" && Boolean(node.repeats);
  const visits = first(node, `${COPA}visits`);
  const item = {
    id: node.linkId,
    type: node.type,
    repeats: Boolean(node.repeats),
    isGroup: node.type === "group",
    isRows,
    parent,
    rows,
    enable: enableWhen(node),
    required: readRequired(node),
    rules: all(node, `${COPA}rule`).map(readRule),
    visits: visits === undefined ? null : visits.split(" "),
    stage: first(node, `${COPA}stage`, 1),
    section: first(node, `${COPA}section`, parent?.section),
    source: first(node, `${COPA}source`, ""),
    minOccurs: first(node, MIN_OCCURS, 0),
    isHidden: first(node, HIDDEN, false),
    staysWhenNotDone: first(node, `${COPA}when-not-done`, false),
    items: [],
  };
  items.set(item.id, item);
  item.items = (node.item ?? []).map((child) => readItem(child, item, isRows ? item.id : rows, items));
  return item;
}

// → { version, items: Map(linkId → item), top: [item] }
export function readDefinition(questionnaire) {
  const items = new Map();
  const top = questionnaire.item.map((node) => readItem(node, null, "", items));
  return { id: questionnaire.id, version: questionnaire.version, items, top };
}
