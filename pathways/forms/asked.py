"""What is asked of her at the inclusion beside the adhesion (inclusion.md 4); nothing is answered beforehand."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from pathways.actions.asked import Asked
from pathways.enums import (
    LANGUAGES,
    AccessNeed,
    BirthPlace,
    CircleRole,
    FeedingWish,
    GoalKind,
    HalfDay,
    InterviewProfessional,
    YesNoUnknown,
)
from pathways.forms.contact import AloneField
from pathways.forms.inputs import day, line, tick, tiles
from pathways.models import Child

_YES_NO = [("1", "Oui"), ("0", "Non")]
_SCALE = [("1", "1, pas du tout"), ("2", "2"), ("3", "3"), ("4", "4"), ("5", "5, tout à fait")]
# I2: the same six are asked again at the end.
FEELINGS: dict[str, str] = {
    "care": "Aujourd’hui, je me sens à l’aise pour les soins de bébé.",
    "feeding": "Aujourd’hui, je me sens à l’aise pour le nourrir.",
    "sleep": "Aujourd’hui, je sais comment l’aider à bien dormir.",
    "supported": "Aujourd’hui, je me sens soutenue par les professionnels.",
    "who_to_call": "Aujourd’hui, je sais qui appeler si quelque chose m’inquiète.",
    "surrounded": "Aujourd’hui, je me sens entourée.",
}


def language_fields(*, is_asked: bool) -> dict[str, forms.Field]:
    """What helps her to understand and to move (R228); the AP reads it before the first visit."""
    return {
        "language": forms.ChoiceField(
            label="Langue dans laquelle elle est à l’aise",
            choices=[("", "Choisissez"), *LANGUAGES],
            required=is_asked,
        ),
        "access_needs": AloneField(
            choices=AccessNeed.choices,
            alone=AccessNeed.NONE,
            label="Ce qui l’aide à comprendre ou à se déplacer",
            required=is_asked,
        ),
    }


def asked_fields(unweighed: Sequence[Child]) -> dict[str, forms.Field]:
    """The questions; a weight for each child who has none yet."""
    grams = {"min_value": "Entre 400 et 6 500 g.", "max_value": "Entre 400 et 6 500 g."}
    weights = {
        f"weight_{child.rank}": forms.IntegerField(
            label=f"Poids de naissance de {child.shown_name}, en grammes",
            min_value=400,
            max_value=6500,
            error_messages=grams,
            widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        )
        for child in unweighed
    }
    return {
        **language_fields(is_asked=True),
        **weights,
        **_interview(),
        **_strata(),
        **_feeding(),
        **_beside(),
        **_feelings(),
    }


def _vulnerability() -> forms.ChoiceField:
    return tiles(
        YesNoUnknown.choices,
        "Une vulnérabilité est connue avant la visite",
        help_text="Seulement oui ou non : le détail reste au dossier de l’équipe.",
    )


def _wish() -> forms.ChoiceField:
    return tiles(FeedingWish.choices, "Souhaite-t-elle allaiter", help_text="Toutes les réponses sont bonnes.")


class StrataForm(forms.Form):
    """The two strata an inclusion may lack; the parity stands with the birth (R037)."""

    wish = _wish()
    vulnerability = _vulnerability()


def _strata() -> dict[str, forms.Field]:
    return {
        "birth_place": tiles(BirthPlace.choices, "Lieu de naissance"),
        "prado": tiles(_YES_NO, "Retour à la maison avec Prado"),
        "vulnerability": _vulnerability(),
        "knows_pmi": tiles(YesNoUnknown.choices, "Sait-elle où est la PMI la plus proche"),
        "pmi_named": line("Laquelle, avec ses mots", max_length=120),
    }


def _interview() -> dict[str, forms.Field]:
    """R223, RS15."""
    return {
        "interview": tiles(YesNoUnknown.choices, "Un entretien prénatal précoce a eu lieu"),
        "interview_by": tiles(InterviewProfessional.choices, "Avec qui", required=False),
        "interview_on": day("Quand", required=False, help_text="Vide si elle ne sait plus."),
        "interview_sent": tiles(YesNoUnknown.choices, "Compte rendu transmis à la maternité", required=False),
    }


def _feeding() -> dict[str, forms.Field]:
    weeks = forms.NumberInput(attrs={"inputmode": "numeric"})
    return {
        "wish": _wish(),
        "fed_once": tiles(YesNoUnknown.choices, "Bébé a déjà reçu du lait maternel", required=False),
        "goal_kind": tiles(GoalKind.choices, "Son objectif à elle", required=False),
        "goal_weeks": forms.IntegerField(
            label="Jusqu’à quel âge de bébé, en semaines", min_value=1, max_value=104, required=False, widget=weeks
        ),
        "goal_is_exclusive": tiles(_YES_NO, "Avec seulement du lait maternel", required=False),
    }


def _beside() -> dict[str, forms.Field]:
    return {
        "are_professionals_presented": tick(
            "Les professionnels qui peuvent aider lui ont été présentés",
            help_text="Sage-femme, PMI, médecins, psychologue, lieux d’accueil. La date en est gardée.",
        ),
        "other_programme": line("Un autre programme à domicile", max_length=120, help_text="PANJO, RéPAP, autre."),
        "other_programme_from": day("Depuis le", required=False),
        "other_programme_to": day("Jusqu’au", required=False),
    }


def _feelings() -> dict[str, forms.Field]:
    return {f"feel_{key}": tiles(_SCALE, sentence, required=False) for key, sentence in FEELINGS.items()}


# R019: as many half-days of the midwife as are usually known at the bed; the calendar takes the others.
MIDWIFE_DAYS = (1, 2)


def midwife_fields() -> dict[str, forms.Field]:
    """When the midwife is expected, if it is known already."""
    fields: dict[str, forms.Field] = {}
    for place in MIDWIFE_DAYS:
        fields[f"midwife_on_{place}"] = day("Jour", required=False)
        fields[f"midwife_half_{place}"] = forms.ChoiceField(
            label="Moment", required=False, choices=[("", "Choisissez"), *HalfDay.choices]
        )
    return fields


def check_midwife_days(form: forms.Form) -> None:
    """A day comes with its half, and nothing else does."""
    for place in MIDWIFE_DAYS:
        on, half = form.cleaned_data.get(f"midwife_on_{place}"), form.cleaned_data.get(f"midwife_half_{place}")
        if on and not half:
            form.add_error(f"midwife_half_{place}", "Choisissez le matin ou l’après-midi.")
        if half and not on and f"midwife_on_{place}" not in form.errors:
            form.add_error(f"midwife_on_{place}", "Choisissez un jour.")


def midwife_days_of(data: dict[str, Any]) -> list[tuple[date, str]]:
    """The half-days that were typed."""
    days = [(data[f"midwife_on_{place}"], data[f"midwife_half_{place}"]) for place in MIDWIFE_DAYS]
    return [(on, half) for on, half in days if on]


def asked_of(data: dict[str, Any], unweighed: Sequence[Child], found: dict[str, str]) -> Asked:
    """The answers, as the action wants them; `found` how each of the three people asked about was named."""
    exclusive = {"1": True, "0": False}.get(data["goal_is_exclusive"])
    sent = {"YES": True, "NO": False}.get(data["interview_sent"])
    plain = (
        "language",
        "birth_place",
        "vulnerability",
        "wish",
        "knows_pmi",
        "pmi_named",
        "interview",
        "interview_by",
        "interview_on",
        "are_professionals_presented",
        "fed_once",
        "goal_kind",
        "goal_weeks",
        "other_programme",
        "other_programme_from",
        "other_programme_to",
    )
    return Asked(
        **{part: data[part] for part in plain},
        access_needs=tuple(data["access_needs"]),
        goal_is_exclusive=exclusive,
        interview_sent=sent,
        is_prado=data["prado"] == "1",
        midwife_found=found[CircleRole.LIBERAL_MIDWIFE],
        doctor_found=found[CircleRole.GENERAL_PRACTITIONER],
        child_doctor_found=found[CircleRole.PAEDIATRICIAN],
        weights={child.public_id: data[f"weight_{child.rank}"] for child in unweighed},
        feelings={key: int(data[f"feel_{key}"]) for key in FEELINGS if data[f"feel_{key}"]},
    )
