"""Whose sign an alert is, and what the team decides in words that name the right person. Pure functions."""

from pathways.enums import AlertDecision, AlertPerson

# alerts.md 5.5 speaks of the mother; of the other parent (HOME_COPARENT_MIND, his own item 10) it is he who is called.
_OF_COPARENT = {
    AlertDecision.CALL_MOTHER: "Je rappelle l’autre parent",
    AlertDecision.REFUSES: "L’autre parent refuse tout suivi",
}


def person_of_sign(code: str) -> str:
    """The AlertPerson that the code of a sign names ("FAMILY:SIGN"); of the tenth answer, the mother.

    A danger at home, or a protected situation, is nobody's alone: the home's.
    """
    sign = code.partition(":")[2]
    if sign.startswith("CHILD_"):
        return AlertPerson.CHILD
    if sign.startswith(("MOTHER_", "EPDS_")):
        return AlertPerson.MOTHER
    return AlertPerson.COPARENT if sign.startswith("HOME_COPARENT") else AlertPerson.HOME


def decision_words(decision: str, about: str) -> str:
    """A decision of the team in French; "" for none."""
    if decision not in AlertDecision.values:
        return decision
    known = AlertDecision(decision)
    return str(_OF_COPARENT.get(known, known.label) if about == AlertPerson.COPARENT else known.label)


def decision_choices(about: str) -> list[tuple[str, str]]:
    """The decisions of a form, for the person of this alert."""
    return [(value, decision_words(value, about)) for value in AlertDecision.values]
