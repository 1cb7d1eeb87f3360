"""Who reads which line of the printed report, and the FHIR response."""

from typing import Any

import pytest

from tests.visits.questionnaires import HOUSING, INES, MALO, TIRED, at, child, context, epds, form, second_visit, whole
from visits.questionnaire import (
    Block,
    EntryRef,
    RaisedAlert,
    ReportContext,
    clean,
    printable,
    questionnaire_response,
    split_by_sensitivity,
)

LETTERS = "ELGPMFC"


def _blocks(raw: dict[str, Any], letter: str, facts: ReportContext | None = None) -> dict[str, Block]:
    facts = facts or context()
    answers = clean(form(), raw, facts).answers
    return {block.code: block for block in printable(form(), answers, facts, letter)}


def _text(raw: dict[str, Any], letter: str, facts: ReportContext | None = None) -> str:
    blocks = _blocks(raw, letter, facts).values()
    return "\n".join(f"{line.label}: {line.text}" for block in blocks for line in block.lines)


@pytest.mark.parametrize(
    ("letter", "codes"),
    [
        ("E", "head remember present child feeding themes mother grid circle needs links next foot"),
        ("L", "head present child feeding themes mother circle needs links foot"),
        ("G", "head child feeding themes needs foot"),
        ("P", "head child feeding themes needs foot"),
        ("M", "head present child themes circle needs links foot"),
        ("F", "head child themes circle next foot"),
        ("C", "head child themes next foot"),
    ],
)
def test_blocks_of_each_recipient(letter: str, codes: str):
    blocks = _blocks(whole(), letter)

    assert " ".join(blocks) == codes
    assert [block.number for block in blocks.values()] == sorted(block.number for block in blocks.values())


def test_unknown_recipient_is_refused():
    with pytest.raises(ValueError, match="unknown recipient"):
        printable(form(), {}, context(), "X")


def test_quiet_visit_says_so():
    assert _blocks(whole(), "E")["remember"].lines[0].text == "Rien de particulier à signaler ce jour."


@pytest.mark.parametrize("letter", "LGPM")
def test_nobody_outside_the_team_is_told_that_there_is_nothing(letter: str):
    """Not on a quiet day either: on the day of a sealed alert its absence would say what is hidden."""
    recorded = RaisedAlert(family="MIND_VITAL", subject="MOTHER", codes=("EPDS_ITEM10",), sensitivity="S3")
    vital = second_visit(recorded_alerts=(recorded,))

    assert "Rien de particulier" not in _text(whole(), letter)
    assert "Rien de particulier" not in _text(epds(*[0] * 9, 2), letter, vital)
    assert "remember" in _blocks(whole(next__tell="Apporter la fiche"), "M")


def test_remember_holds_three_lines_at_most():
    raw = whole(
        need__any="SOME",
        next__tell="Apporter la fiche",
        child=[child(child__flag_any="SOME", child__flags=["CHILD_FEVER", "CHILD_BLUE_GREY"])],
    ) | {"need.item": [{"need.item.code": "MOOD", "need.item.about": "MOTHER", "need.item.action": "REQUEST"}]}

    assert len(_blocks(raw, "E")["remember"].lines) == 3


# ---- S3 never printed ----------------------------------------------------------------------------------------
SECRETS = {
    "child": whole(child=[child(child__flag_any="SOME", child__flags=["CHILD_INJURY"])])
    | {"alert": [{"alert.family": "CHILD_VITAL", "alert.facts": "mots entendus", "alert.spoke_to": "SAMU"}]},
    "mother": whole(mother__flag_any="SOME", mother__flags=["MOTHER_DEATH_TALK"])
    | {"alert": [{"alert.family": "MIND_VITAL", "alert.facts": "mots entendus", "alert.spoke_to": "SAMU"}]},
    "home": whole(home__flags=["HOME_VIOLENCE_TOLD"])
    | {"alert": [{"alert.family": "PROTECTED", "alert.facts": "mots entendus", "alert.spoke_to": "SAMU"}]},
}
WORDS = ("Chute, choc", "mourir", "violences", "mots entendus", "urgence vitale", "Ne pas laisser", "protégée", "Le 15")


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize("secret", SECRETS)
def test_sealed_answers_are_never_printed(letter: str, secret: str):
    text = _text(SECRETS[secret], letter)

    assert [word for word in WORDS if word in text] == []
    assert ("Une alerte a été transmise à l’équipe." in text) is (letter in "EL")


@pytest.mark.parametrize("letter", LETTERS)
def test_sealed_alert_already_recorded_is_never_printed(letter: str):
    recorded = RaisedAlert(family="MIND_VITAL", subject="MOTHER", codes=("EPDS_ITEM10",), sensitivity="S3")
    facts = second_visit(recorded_alerts=(recorded,))
    opened, _ = split_by_sensitivity(form(), clean(form(), epds(*[0] * 9, 2), facts).answers)

    text = "\n".join(line.text for block in printable(form(), opened, facts, letter) for line in block.lines)

    assert "Ne pas laisser" not in text
    assert ("Une alerte a été transmise à l’équipe." in text) is (letter in "EL")


@pytest.mark.parametrize("letter", LETTERS)
def test_ten_values_are_never_printed(letter: str):
    text = _text(epds(3, 3, 3, 3, 3, 3, 3, 3, 3, 0), letter, second_visit())

    assert "Réponse n" not in text
    assert ("27 sur 30" in text) is (letter == "E")


@pytest.mark.parametrize(
    ("allowed", "letter", "printed"),
    [(("G",), "G", True), (("L",), "L", True), (("M",), "G", False), ((), "M", False), ((), "L", False)],
)
def test_total_reaches_others_only_when_the_mother_agreed(allowed: tuple[str, ...], letter: str, *, printed: bool):
    text = _text(epds(*[1] * 10), letter, second_visit(epds_recipients=allowed))

    assert ("10 sur 30" in text) is printed


def test_total_carries_day_threshold_and_source():
    text = _text(epds(*[1] * 10), "E", second_visit(day=5, epds_threshold_version="2026-1"))

    assert "10 sur 30, à J+5, très tôt, à refaire. Seuil utilisé\u00a0: 11, version 2026-1." in text
    assert "Cox, Holden, Sagovsky" in text


def _third_asked(ask: str, *bases: str) -> dict[str, Any]:
    asked = {"v3.ask": ask, "v3.joint_wish": "YES", "v3.facts": "Questionnaire haut"}
    return epds(*[2] * 10) | asked | ({"v3.basis": list(bases)} if bases else {})


@pytest.mark.parametrize("bases", [("EPDS",), ("EPDS", "GRID"), ("SIGNS",)])
def test_on_what_a_third_visit_rests_is_told_with_the_result_alone(bases: tuple[str, ...]):
    """The form always asks it: a missing line would tell the EPDS, so that it misses whatever the basis."""
    raw = _third_asked("VULNERABILITY", *bases)

    closed = _text(raw, "L", second_visit())
    opened = _text(raw, "L", second_visit(epds_recipients=("L",)))

    assert "Oui, la situation le demande" in closed
    assert [word for word in ("Sur quoi vous appuyez-vous", "Questionnaire haut") if word in closed] == []
    assert "Sur quoi vous appuyez-vous" in opened
    assert "Sur quoi vous appuyez-vous" in _text(raw, "E", second_visit())


def test_why_parents_ask_for_a_third_visit_stays():
    assert "Questionnaire haut" in _text(_third_asked("PARENTS"), "L", second_visit())


# ---- One adult's words ---------------------------------------------------------------------------------------------
def test_words_of_one_adult_stay_from_the_other():
    raw = whole(mother__says="LOW", coparent__says="OVERWHELMED", note__free="note pour l'équipe")

    assert "Triste, à bout" in _text(raw, "E")
    assert "Dépassé(e)" in _text(raw, "E")
    for letter in "GPMFC":
        assert "Triste, à bout" not in _text(raw, letter)
    for letter in "LGPMFC":
        assert "Dépassé(e)" not in _text(raw, letter)
        assert "note pour" not in _text(raw, letter)


@pytest.mark.parametrize(
    ("about", "readers"), [("CHILD", "ELGPM"), ("MOTHER", "ELGM"), ("COPARENT", "E"), ("FAMILY", "ELM")]
)
def test_need_reaches_those_it_concerns(about: str, readers: str):
    row = {"need.item.code": "HARD_BIRTH", "need.item.about": about, "need.item.action": "REQUEST"}
    raw = whole(need__any="SOME") | {"need.item": [row]}

    assert "".join(letter for letter in LETTERS if "Naissance mal vécue" in _text(raw, letter)) == readers


@pytest.mark.parametrize(
    ("about", "agreed", "urgency", "said"),
    [
        ("FAMILY", "YES", "THIS_WEEK", "Pour la famille · {do} · La famille est d’accord · Pour cette semaine"),
        ("CHILD", "NO", "ROUTINE", "Pour l’enfant · {do} · Les parents ne sont pas d’accord · Sans urgence"),
        ("MOTHER", "LATER", "ROUTINE", "Pour la mère · {do} · Accord\u00a0: veut réfléchir · Sans urgence"),
    ],
)
def test_each_answer_about_a_need_is_read_without_its_question(about: str, agreed: str, urgency: str, said: str):
    asked = {"code": "HOUSING", "about": about, "action": "REQUEST", "target": "PMI_CENTRE"}
    row = {f"need.item.{key}": value for key, value in {**asked, "agreed": agreed, "urgency": urgency}.items()}

    text = _text(whole(need__any="SOME") | {"need.item": [row]}, "E")

    assert said.format(do="Je demande une orientation · Vers\u00a0: PMI de secteur") in text


def test_alert_of_the_child_reaches_its_doctors_with_the_instruction():
    row = {
        "alert.family": "CHILD_URGENT",
        "alert.spoke_to": "EMR_DOCTOR",
        "alert.spoke_at": "14:20",
        "alert.instruction": "SEEN_TODAY",
    }
    raw = whole(child=[child(child__flag_any="SOME", child__flags=["CHILD_FEVER"])]) | {"alert": [row]}

    assert "Médecin de l’équipe · 14\u00a0h\u00a020 · Être vu aujourd’hui" in _text(raw, "E")
    assert "38\u00a0°C ou plus · Être vu aujourd’hui" in _text(raw, "P")
    assert "38\u00a0°C" not in _text(raw, "F")


def test_alert_of_the_mother_does_not_reach_the_doctors():
    raw = whole(mother__flag_any="SOME", mother__flags=["MOTHER_LEG"])

    assert "".join(letter for letter in LETTERS if "Mollet" in _text(raw, letter)) == "EL"


def test_each_twin_is_named():
    facts = context(children=(INES, MALO))
    text = _text(whole(child=[child("ines"), child("malo", child__feed__now="MIXED")]), "F", facts)

    assert "Que boit Malo depuis hier\u202f?: Lait maternel et préparation" in text
    assert "Que boit Inès depuis hier\u202f?: Lait maternel seulement" in text


def test_visit_not_done_prints_its_reason():
    raw = {"visit.outcome": "NOT_DONE", "visit.not_done_reason": "ABSENT"}

    assert "Personne au rendez-vous" in _text(raw, "E")


# ---- FHIR ------------------------------------------------------------------------------------------------------------
def _response(raw: dict[str, Any], facts: ReportContext | None = None) -> dict[str, Any]:
    facts = facts or context()
    answers = clean(form(), raw, facts).answers
    return questionnaire_response(form(), answers, facts, response_id="r1", authored_at=at(16))


def _by_link(node: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for item in node.get("item", ()):
        found.setdefault(item["linkId"], []).append(item)
        for link_id, nodes in _by_link(item).items():
            found.setdefault(link_id, []).extend(nodes)
    return found


def test_response_names_its_version_and_nests_like_the_form():
    response = _response(whole())

    assert response["questionnaire"] == "urn:copa:fhir:questionnaire:copa-visit-report|2026.4-provisoire"
    assert response["authored"] == "2026-11-03T16:00:00+01:00"
    assert [item["linkId"] for item in response["item"]][:3] == ["visit", "who", "mother.flag_any"]
    who = next(item for item in response["item"] if item["linkId"] == "who")
    assert [item["linkId"] for item in who["item"]] == ["who.present", "who.alone"]


def test_response_carries_every_type():
    found = _by_link(_response(whole()))

    assert found["visit.km"][0]["answer"] == [{"valueDecimal": 12.4}]
    assert found["visit.started_at"][0]["answer"] == [{"valueDateTime": "2026-11-03T14:05:00+01:00"}]
    assert found["sign.confirm"][0]["answer"] == [{"valueBoolean": True}]
    assert found["child.ref"][0]["answer"] == [{"valueReference": {"reference": "ines"}}]
    assert found["theme.bond"][0]["answer"][0]["valueCoding"] == {
        "system": "urn:copa:fhir:code:theme_bond",
        "code": "SIGNALS",
        "display": "Comprendre bébé\u00a0: pleurs, faim, sommeil",
    }
    assert found["ctx.visit_kind"][0]["answer"][0]["valueCoding"]["code"] == "V1"


def test_response_repeats_a_group_per_child():
    facts = context(children=(INES, MALO))

    found = _by_link(_response(whole(child=[child("ines"), child("malo")]), facts))

    assert len(found["child"]) == 2
    assert len(found["child.feed.now"]) == 2
    assert found["child.flag_any"][1]["text"].startswith("Malo")


@pytest.mark.parametrize(("letter", "printed"), [("E", True), ("L", True), ("M", False), ("F", False)])
def test_answer_the_mother_left_empty_is_told_to_those_who_read_the_questionnaire(letter: str, *, printed: bool):
    raw = epds(1, None, 1, 1, 1, 1, 1, 1, 1, 0, epds__missing=True)

    assert ("La mère a laissé une réponse vide" in _text(raw, letter, second_visit())) is printed


# ---- Needs already noted, and the people around ----------------------------------------------------------------
@pytest.mark.parametrize(
    ("letter", "family", "coparent"),
    [("E", True, True), ("L", True, False), ("G", False, False), ("P", False, False), ("M", True, False)]
    + [("F", False, False), ("C", False, False)],
)
def test_need_already_noted_is_read_by_whom_it_concerns(letter: str, family: bool, coparent: bool):
    facts = context(needs=(HOUSING, TIRED))
    rows = [
        {"need.prev.ref": "n1", "need.prev.state": "BETTER", "need.prev.contact": "YES"},
        {"need.prev.ref": "n2", "need.prev.state": "SAME"},
    ]
    rows[0]["need.prev.contact_on"] = "2026-11-02"

    text = _text(whole() | {"need.prev": rows}, letter, facts).replace("\u00a0", " ")

    told = "Déjà noté : Logement, la famille: Mieux · Premier rendez-vous : Oui · 2 nov. 2026"
    assert (told in text) is family
    assert ("Fatigue, le coparent" in text) is coparent


@pytest.mark.parametrize("letter", LETTERS)
def test_number_of_somebody_around_stays_with_the_team(letter: str):
    row = {"kind": "FRIENDS", "role": "Garde l’aîné", "contact": "01 99 00 55 01", "active": True}
    gone = {"kind": "NEIGHBOURS", "role": "Faisait les courses", "active": False}
    rows = [{f"res.entry.{name}": value for name, value in one.items()} for one in (row, gone)]

    text = _text(whole() | {"res.entry": rows}, letter)

    assert ("Amis: Garde l’aîné" in text) is (letter in "ELMF")
    assert ("Faisait les courses, plus en ce moment" in text) is (letter in "ELMF")
    assert ("01 99 00 55 01" in text) is (letter == "E")


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize(
    ("about", "agreed"), [("CHILD", "YES"), ("MOTHER", "YES"), ("COPARENT", "YES"), ("CHILD", "NO")]
)
def test_service_asked_for_is_read_by_whom_the_form_says(letter: str, about: str, agreed: str):
    entry = EntryRef(ref="e1", name="Relais de Ligny", type="SOCIAL_WORKER", type_label="AS", phone="+33199005501")
    asked = {"code": "HOUSING", "about": about, "action": "REQUEST", "target": "SOCIAL_WORKER", "entry": "e1"}
    need = {f"need.item.{key}": value for key, value in {**asked, "agreed": agreed, "urgency": "ROUTINE"}.items()}
    facts = context(entries=(entry,))

    text = _text(whole(need__any="SOME") | {"need.item": [need]}, letter, facts).replace("\u00a0", " ")

    if letter in "FC":
        is_told = letter == "F" and agreed == "YES" and about != "COPARENT"
        # The contact and nothing of why (documents.md 1, block 11).
        assert ("Service à contacter: Relais de Ligny, 01 99 00 55 01" in text) is is_told
        assert "Logement" not in text
    else:
        readers = {"CHILD": "ELGPM", "MOTHER": "ELGM", "COPARENT": "E"}[about]
        assert ("Relais de Ligny" in text) is (letter in readers)


@pytest.mark.parametrize("letter", LETTERS)
def test_service_around_the_family_is_named_beside_what_it_does(letter: str):
    entry = EntryRef(ref="e1", name="Repas solidaires", type="SOCIAL_WORKER", type_label="AS")
    row = {"kind": "SERVICE", "service": "e1", "role": "Deux repas par semaine", "active": True}
    rows = [{f"res.entry.{name}": value for name, value in row.items()}]

    text = _text(whole() | {"res.entry": rows}, letter, context(entries=(entry,)))

    assert ("Repas solidaires · Deux repas par semaine" in text) is (letter in "ELMF")


def test_response_carries_each_need_by_its_reference():
    facts = context(needs=(HOUSING,))
    answers = clean(
        form(), whole() | {"need.prev": [{"need.prev.ref": "n1", "need.prev.state": "SAME"}]}, facts
    ).answers

    response = questionnaire_response(form(), answers, facts, response_id="r", authored_at=at(16))

    node = next(item for item in response["item"] if item["linkId"] == "need.prev")
    assert [one["linkId"] for one in node["item"]] == ["need.prev.ref", "need.prev.state", "need.prev.oriented"]
