"""What is loaded: the same twice, inside the walls, true to the report form, with something for every page."""

import json
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import F

from copa.demo.loader import Plan
from copa.demo.logins import logins
from copa.kernel import scope
from pathways.actions.shared import store_words
from pathways.enums import SIGN_KINDS, PathwayState, ProposalAnswer
from pathways.models import Alert, Birth, Family, FamilyWord, Pathway, PmiRelay, Proposal
from territories.enums import MandateRole, Role
from territories.models import User
from tests.demo.conftest import AT, inside
from tests.guards import GuardedClient
from visits.models import Report, SealedAnswers, Visit
from visits.questionnaire import Questionnaire, clean, join_sealed, missing
from visits.questionnaire import load as read_definition
from visits.reads.frozen import thawed

FIRST, SECOND = "vallees-de-l-est", "plaine-et-coteaux"


def test_every_birth_asked_for_is_there(plan: Plan) -> None:
    counts = []
    for slug in (FIRST, SECOND):
        with scope.opened(inside(slug)):
            counts.append(Birth.objects.count())

    assert counts == [count for _, count in plan.shares()]
    assert sum(counts) == 110


def test_no_row_points_into_another_territory(plan: Plan) -> None:
    """The composite keys refuse it; this asks every pair of tables all the same."""
    wrong = []
    for slug in (FIRST, SECOND):
        with scope.opened(inside(slug)):
            for model in apps.get_models():
                names = [field.name for field in model._meta.concrete_fields]
                if "territory" not in names or not hasattr(model, "unscoped"):
                    continue
                for field in model._meta.concrete_fields:
                    target = field.related_model
                    if target and any(one.name == "territory" for one in target._meta.concrete_fields):
                        linked = model.objects.exclude(**{f"{field.name}": None})
                        if linked.exclude(**{f"{field.name}__territory": F("territory")}).exists():
                            wrong.append(f"{model.__name__}.{field.name}")

    assert wrong == []


def test_families_have_references_as_the_platform_draws_them(plan: Plan) -> None:
    with scope.opened(inside(FIRST)):
        references = list(Family.objects.order_by("pk").values_list("reference", flat=True))

    assert [one for one in references if not re.fullmatch(r"VA-[2-9B-DF-HJ-KMNP-TV-XZ]{6}", one)] == []
    assert references != sorted(references)


def test_words_are_those_the_platform_writes(plan: Plan) -> None:
    with scope.opened(inside(FIRST)):
        words = FamilyWord.objects.order_by("family", "word")
        loaded = list(words.values_list("family", "word"))
        FamilyWord.objects.all().delete()
        for key in Family.objects.order_by("pk").values_list("pk", flat=True):
            store_words(family_id=key)

        assert len(loaded) > 200
        assert list(words.values_list("family", "word")) == loaded


def test_signed_reports_pass_the_form_they_were_written_with(plan: Plan) -> None:
    with scope.opened(inside(FIRST)):
        reports = list(Report.objects.signed().select_related("form").order_by("pk"))
        sealed = dict(SealedAnswers.objects.order_by("pk").values_list("report", "answers"))
        questionnaires: dict[int, Questionnaire] = {}
        problems = []
        for report in reports:
            form = questionnaires.setdefault(report.form_id, read_definition(report.form.definition))
            answers = join_sealed(form, report.answers, sealed.get(report.pk, {}))
            context = thawed(report.context)
            result = clean(form, _typed(form, answers), context)
            gaps = missing(form, result.answers, context)
            if result.errors or gaps or result.answers != answers:
                problems.append((report.context["visit_kind"], result.errors, gaps))

    assert len(reports) > 40
    assert problems == []


def _typed(form: Questionnaire, answers: dict[str, object]) -> dict[str, object]:
    """What a person typed: without what the platform computes."""
    return {link: value for link, value in answers.items() if form.by_id[link].source not in {"visit", "computed"}}


def test_every_card_of_the_worklist_has_something(plan: Plan) -> None:
    with scope.opened(inside(FIRST)):
        recent = AT.date() - timedelta(days=21)
        assert Birth.objects.not_proposed().filter(day__gte=recent).count() >= 3
        assert Proposal.objects.filter(answer=ProposalAnswer.PENDING, birth__day__gte=recent).count() >= 3
        assert Pathway.objects.active().filter(ap=None).count() >= 2
        assert Visit.objects.report_overdue(AT).exists()
        assert Visit.objects.report_missing().filter(report_due_at__gt=AT).exists()
        assert Alert.objects.open().filter(kind__in=SIGN_KINDS).count() >= 3
        assert PmiRelay.objects.waiting().shown().count() >= 3
        assert Pathway.objects.filter(state=PathwayState.CLOSED).exists()


def test_the_known_ap_has_a_day(plan: Plan) -> None:
    with scope.opened(inside(FIRST)):
        hers = Visit.objects.filter(ap__user__email="ap@vallees.copa.example").order_by("planned_at")
        today = hers.filter(planned_at__date=AT.date())
        states = list(today.values_list("state", flat=True))
        neighbour = Visit.objects.filter(ap__user__email="ap2@vallees.copa.example", planned_at__date=AT.date())

        assert states.count("planned") == 2
        assert states.count("started") == 1
        assert "ended" in states
        assert neighbour.exists()


def test_nothing_lies_in_the_future(plan: Plan) -> None:
    with scope.opened(inside(FIRST)):
        assert not Birth.objects.filter(at__gt=AT).exists()
        assert not Family.objects.filter(created_at__gt=AT).exists()
        assert not Visit.objects.filter(ended_at__gt=AT).exists()
        assert not Report.objects.filter(saved_at__gt=AT).exists()
        assert not Alert.objects.filter(raised_at__gt=AT).exists()


def test_a_second_load_stops_before_the_first_row(plan: Plan) -> None:
    users = User.objects.count()

    with pytest.raises(CommandError, match="already has Plaine et Coteaux, Vallées de l’Est"):
        call_command("load_demo", "--births", "30", "--territories", "2", stdout=StringIO())

    assert User.objects.count() == users


def test_logins_cover_every_role_as_json(plan: Plan) -> None:
    out = StringIO()

    call_command("demo_logins", "--json", stdout=out)
    found = json.loads(out.getvalue())

    assert {login["role"] for login in found} == {*Role.values, *MandateRole.values}
    assert set(found[0]) == {"role", "territory", "email", "password", "name"}
    assert found[0]["email"] == "coordination@vallees.copa.example"


def test_every_login_opens_its_first_page(plan: Plan, client: GuardedClient) -> None:
    refused = []
    for login in logins():
        client.logout()
        answer = client.post("/accounts/login/", {"login": login.email, "password": login.password})
        if answer.status_code != 302 or client.get("/").status_code not in {200, 302}:
            refused.append(login.email)

    assert refused == []


def test_the_neighbour_ap_works_in_the_same_maternity(plan: Plan) -> None:
    with scope.opened(inside(FIRST)):
        houses = set(
            Visit.objects.filter(ap__user__email__in=["ap@vallees.copa.example", "ap2@vallees.copa.example"])
            .order_by()
            .values_list("ap__structure__name", flat=True)
        )

    assert houses == {"Maternité Saint-Rémi"}
