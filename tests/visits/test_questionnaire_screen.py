"""The page of the form: what it draws, what it keeps, what it never shows."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from django.template.loader import render_to_string

from tests.visits.questionnaires import HOUSING, INES, MALO, TIRED, at, child, context, epds, form, second_visit, whole
from visits.questionnaire import FormView, RaisedAlert, ReportContext, TeamCall, clean, draft_reply, view_model
from visits.questionnaire.screen import QuestionView, RowsView

CALL = TeamCall(
    team_name="Saint-Rémi",
    phone_href="+33199001248",
    phone_label="01 99 00 12 48",
    address="3 rue des Lilas",
    ap_first_name="Nadia",
)


def _view(raw: dict[str, Any], facts: ReportContext | None = None, *, shows_missing: bool = False) -> FormView:
    facts = facts or context(call=CALL)
    result = clean(form(), raw, facts)
    return view_model(
        form(), result.answers, facts, result.errors, rejected=result.rejected, shows_missing=shows_missing
    )


def _html(view: FormView) -> str:
    places = {"form": view, "draft_url": "/brouillon", "sign_url": "/remettre", "saved_words": ""}
    parts = ("_form", "_actions", "_save_state")
    return "".join(render_to_string(f"visits/report/{part}.html", places) for part in parts)


def _questions(node: Any) -> list[QuestionView]:
    if isinstance(node, QuestionView):
        return [node]
    found: list[QuestionView] = []
    for name in ("sections", "blocks", "rows", "questions"):
        for child_node in getattr(node, name, ()):
            found += _questions(child_node)
    return found


def _question(view: FormView, path: str) -> QuestionView:
    return next(question for question in _questions(view) if question.path == path)


def test_the_second_number_stands_in_the_procedure_that_names_it():
    second = ("Second numéro : Paul Lefort, 01 99 00 20 05", "tel:+33199002005")
    facts = second_visit(call=replace(CALL, seconds=(second,)))

    buttons = _question(_view({}, facts), "epds.i10").procedures[0].buttons

    # The 3114 too: its step names it, on the full screen and in the report alike (alerts.md 5.5.5).
    assert [button.href for button in buttons] == ["tel:+33199001248", "tel:+33199002005", "tel:15", "tel:3114"]


@pytest.mark.parametrize(
    ("facts", "present", "waits"),
    [
        (second_visit(), [], True),
        (second_visit(), ["FATHER"], True),
        (second_visit(), ["MOTHER"], False),
        (context(), [], False),
    ],
)
def test_the_list_of_parts_says_what_opens_the_mood_questionnaire(facts: ReportContext, present, waits: bool):
    html = _html(_view({"who.present": present} if present else {}, facts))

    line = re.search(r"<li data-copa-nav-waits[^>]*>.*?</li>", html, re.DOTALL)
    is_said = line is not None and "hidden" not in line[0].partition(">")[0]
    assert is_said is waits
    assert not is_said or "après «" in line[0]


def test_a_visit_that_did_not_take_place_waits_for_no_questionnaire():
    assert "data-copa-nav-waits" not in _html(_view({"visit.outcome": "NOT_DONE"}, second_visit()))


def test_empty_form_has_nothing_done_and_nothing_ticked():
    view = _view({})

    ticked = [o.code for q in _questions(view) for o in q.options if o.is_selected]
    assert ticked == ["DONE"]
    assert view.parts_done == 0
    assert not any(section.is_folded for section in view.sections)
    assert view.answered < view.required


def test_finished_parts_are_folded_with_their_answers():
    view = _view(whole(theme__prevention=None))

    states = {section.id: (section.state, section.is_folded) for section in view.sections}
    assert states["s2"] == ("ok", True)
    assert states["s7"] == ("half", False)
    assert next(s.summary for s in view.sections if s.id == "s2") == "Mère, Coparent · Oui"
    assert [len(run.sections) for run in view.runs if run.is_folded] == [6, 5]
    assert [gap.path for gap in view.missing] == ["theme.prevention"]
    assert view.shows_missing


def test_whole_report_has_every_part_done():
    view = _view(whole())

    assert view.missing == ()
    assert view.parts_done == view.parts_total == 12
    assert view.answered == view.required


def test_open_alert_marks_its_part():
    view = _view(whole(child=[child(child__flag_any="SOME", child__flags=["CHILD_FEVER"])]))

    alert = next(section for section in view.sections if section.id == "s3")
    assert alert.state == "bad"
    assert not alert.is_folded


def test_folded_part_does_not_say_a_sealed_sign():
    view = _view(whole(child=[child(child__flag_any="SOME", child__flags=["CHILD_INJURY", "CHILD_FEVER"])]))

    part = next(section for section in view.sections if section.id == "s4")
    fever = form().by_id["child.flags"].option("CHILD_FEVER")
    assert part.is_folded
    assert part.summary.startswith(f"Oui · {fever.label} · ")


def test_refused_answer_keeps_what_was_typed():
    view = _view(whole(visit__km="loin"))

    question = _question(view, "visit.km")
    assert (question.value, question.error) == ("loin", "Écrivez un nombre, par exemple 12,4.")
    assert 'value="loin"' in _html(view)


def test_error_without_a_field_is_read_all_the_same():
    view = _view(whole() | {"stranger": "1"})

    assert view.problems == ("Cette question n’existe pas dans cette version du formulaire.",)
    assert "n’existe pas dans cette version" in _html(view)


def test_one_block_per_child_with_the_first_name():
    view = _view({}, context(children=(INES, MALO)))

    rows = next(block for s in view.sections for block in s.blocks if isinstance(block, RowsView) and s.id == "s4")
    assert [row.title for row in rows.rows] == ["Inès", "Malo"]
    assert _question(view, "child/malo/child.feed.now").label.startswith("Que boit Malo")


def test_questions_the_visit_rules_out_are_not_drawn():
    drawn = {question.link_id for question in _questions(_view({}))}

    assert not drawn & {"v3.ask", "sfl.none", "feed.goal.same", "pmi.link", "child.ue.nappies", "epds.status"}
    assert not any(link.startswith(("ctx", "need.prev")) for link in drawn)


def _rows_of(view: FormView, link_id: str) -> RowsView:
    def under(blocks: Any) -> list[Any]:
        return [one for block in blocks for one in (block, *under(getattr(block, "blocks", ())))]

    return next(one for s in view.sections for one in under(s.blocks) if getattr(one, "link_id", "") == link_id)


def test_one_block_per_need_noted_with_towards_whom():
    view = _view(whole(), context(needs=(HOUSING, TIRED)))

    rows = _rows_of(view, "need.prev")
    titles = ["Logement, la famille, vers assistant de service social", "Fatigue, le coparent"]
    assert [row.title for row in rows.rows] == titles
    assert (rows.add_label, rows.template, rows.spare) == ("", None, None)
    assert not _question(view, "need.prev/n2/need.prev.contact").is_visible


def test_empty_row_of_a_person_is_drawn_only_where_no_button_adds_one():
    empty, written = _view(whole()), _view(whole() | {"res.entry": [{"res.entry.kind": "FRIENDS"}]})

    assert _rows_of(empty, "res.entry").rows == ()
    assert [_rows_of(view, "res.entry").spare.key for view in (empty, written)] == ["0", "1"]
    html = _html(empty)
    hidden = html[html.index("<noscript>") : html.index("</noscript>")]
    assert 'name="res.entry/0/res.entry.role"' in hidden
    assert html.count('name="res.entry/0/res.entry.role"') == 1


def test_second_need_may_be_written_without_script():
    view = _view(whole(need__any="SOME") | {"need.item": [{"need.item.code": "MOOD"}]})

    assert _rows_of(view, "need.item").spare.key == "1"
    assert _rows_of(_view(whole(need__any="SOME")), "need.item").spare is None


def test_danger_stands_apart_from_the_questions():
    view = _view({})

    assert view.danger is not None
    assert "home.flags" not in {question.link_id for question in _questions(view)}


def test_codes_of_the_team_are_not_drawn():
    html = _html(_view(whole(need__any="SOME")))

    assert 'value="VIOLENCE_SEALED"' not in html
    assert 'value="PERINATAL_PSYCHIATRY"' not in html
    assert "PSYCHOLOGIST" in html


def test_item_10_comes_first_and_alone():
    view = _view(epds(), second_visit())

    section = next(section for section in view.sections if section.id == "s10")
    kinds = [getattr(block, "link_id", block.kind) for block in section.blocks[0].blocks]
    assert kinds.index("epds.i10") < kinds.index("scale")
    assert len(next(b for b in section.blocks[0].blocks if b.kind == "scale").questions) == 9


def test_no_item_wording_only_numbers():
    labels = [q.label for q in _questions(_view(epds(), second_visit())) if q.link_id.startswith("epds.i")]

    assert len(labels) == 10
    assert all(re.fullmatch(r"Réponse n° \d+( \(à recopier en premier\))?", label) for label in labels)


def test_procedure_carries_the_numbers_and_the_address():
    view = _view(whole(child=[child(child__flag_any="SOME", child__flags=["CHILD_BLUE_GREY"])]))

    procedures = _question(view, "child/ines/child.flags").procedures
    vital = next(procedure for procedure in procedures if procedure.family.code == "CHILD_VITAL")
    assert vital.is_visible
    assert [button.href for button in vital.buttons] == ["tel:15", "tel:+33199001248"]
    assert vital.opening.startswith("Je suis Nadia, auxiliaire CoPa, chez une famille. Adresse : 3 rue des Lilas.")
    assert not next(p for p in procedures if p.family.code == "CHILD_URGENT").is_visible


def test_procedure_without_a_team_line_still_calls_the_15():
    view = _view({}, context())

    urgent = next(p for p in _question(view, "child/ines/child.flags").procedures if p.family.code == "CHILD_URGENT")
    assert [button.href for button in urgent.buttons] == ["tel:15"]


def test_gaps_are_marked_only_after_a_refused_signature():
    quiet = _question(_view({}), "theme.bond")
    marked = _question(_view({}, shows_missing=True), "theme.bond")

    assert not quiet.is_missing
    assert marked.is_missing


@pytest.mark.parametrize(
    ("raw", "facts"),
    [
        ({}, context()),
        (whole(), context(call=CALL)),
        (whole(visit__km="loin", doc__given=["NONE", "CARD"]), context()),
        (epds(*[1] * 9, 2), second_visit(call=CALL, children=(INES, MALO))),
        ({"visit.outcome": "NOT_DONE"}, context(children=())),
        (whole(need__any="SOME") | {"need.item": [{"need.item.code": "MOOD"}, {"need.item.code": "FOOD"}]}, context()),
        ({"visit.joint": ["NONE"]}, context(visit_kind="V3", joint_planned=True, dev_duration=True)),
        ({}, context(visit_kind="ULTRA_EARLY", day=1, started_at=at(10), ended_at=None)),
    ],
)
def test_page_draws_with_unique_ids_and_no_inline_code(raw: dict[str, Any], facts: ReportContext):
    html = _html(_view(raw, facts, shows_missing=True))

    ids = re.findall(r'\bid="([^"]+)"', html)
    assert [name for name in set(ids) if ids.count(name) > 1] == []
    assert re.findall(r"\son[a-z]+=|\sstyle=", html) == []
    assert re.findall(r"<script(?![^>]*(?:src=|type=\"application/json\"))", html) == []
    described = {word for group in re.findall(r'aria-describedby="([^"]+)"', html) for word in group.split()}
    assert described <= set(ids)
    assert set(re.findall(r'\bfor="([^"]+)"', html)) <= set(ids)
    anchors = set(re.findall(r'href="#([^"]+)"', html))
    assert {name for name in anchors - set(ids) if "-alert-" not in name} == set()


def test_client_gets_what_it_evaluates_and_no_words():
    view = _view(whole())
    definition = json.dumps(view.definition, ensure_ascii=False)

    assert "contained" not in view.definition
    assert "Mère" not in definition
    assert view.client_context["values"]["ctx.visit_kind"] == "V1"
    assert view.client_context["given"] == ["visit.started_at", "visit.ended_at"]


def test_draft_reply_keeps_every_recorded_alert():
    recorded = RaisedAlert(family="MIND_VITAL", subject="MOTHER", codes=("EPDS_ITEM10",), sensitivity="S3")

    reply = draft_reply(clean(form(), whole(visit__km="loin"), context()), [recorded])

    assert reply == {
        "errors": {"visit.km": "Écrivez un nombre, par exemple 12,4."},
        "warnings": {},
        "alerts": ["MIND_VITAL"],
    }


def test_phone_says_words_where_the_tile_is_a_number():
    view = _view(epds(*[0] * 9, 2), second_visit())

    said = {option.said for option in _question(view, "epds.i10").options}

    assert len(said) == 1
    assert "questionnaire sur le moral" in said.pop()
    assert 'data-copa-said="une réponse du questionnaire' in _html(view)


def test_protected_signal_opens_its_procedure():
    question = _question(_view(whole(grid__s3_signal=True)), "grid.s3_signal")

    assert question.family == "PROTECTED"
    assert [procedure.family.code for procedure in question.procedures if procedure.is_visible] == ["PROTECTED"]


def test_blocks_of_what_was_done_wait_for_a_sign():
    view = _view(whole(mother__flag_any="SOME"))

    (alerts,) = [
        block
        for section in view.sections
        for block in section.blocks
        if block.kind == "rows" and block.link_id == "alert"
    ]
    assert not alerts.is_visible


def test_sign_taken_back_is_asked_why_beside_the_facts():
    recorded = (RaisedAlert(family="CHILD_URGENT", subject="ines", codes=("CHILD_FEVER",), sensitivity="S2"),)
    question = _question(_view(whole(), context(recorded_alerts=recorded)), "alert/CHILD_URGENT/alert.facts")

    assert "dites pourquoi" in question.warning
    assert not question.is_optional


def test_decimal_stays_as_people_write_it():
    assert _question(_view(whole(visit__km="12,5")), "visit.km").value == "12,5"


def test_long_text_is_counted_and_never_cut():
    html = _html(_view(whole()))

    assert "maxlength" not in html
    assert 'data-copa-limit="600"' in html


def test_refused_answer_is_not_called_complete():
    errors = clean(form(), whole(visit__km="douze"), context()).errors
    html = render_to_string("visits/report/_actions.html", {"form": view_model(form(), whole(), context(), errors)})

    assert "1\u00a0réponse à corriger" in html
    assert "Tout est rempli" not in html
