"""The page of steps from the information to the pathway. One sending: nothing is stored by halves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from copa.kernel.french import inner
from pathways.actions.asked import Asked
from pathways.actions.circle import Newcomer
from pathways.actions.inclusion import Adhesion, TakenOver, Team
from pathways.actions.information import CoParentSaid
from pathways.enums import (
    ASKED_RECIPIENTS,
    NO_COPY_WORDS,
    AgreedContent,
    Agreement,
    ConsentMode,
    ConsentPlace,
    FeedingWish,
    Recipient,
    YesNoUnknown,
)
from pathways.forms.adhesion import collector_fields, collector_of, minor_field, moment_field, notice_fields
from pathways.forms.asked import asked_fields, asked_of, check_midwife_days, midwife_fields
from pathways.forms.circle import check_newcomers, found_of, newcomer_fields, newcomers_of
from pathways.forms.contact import STANDS_FOR, contact_fields
from pathways.forms.coparents import CoParentGroup, coparent_fields, coparent_groups, said_by_coparents
from pathways.forms.inputs import line, tick, tiles
from pathways.models import Child, CoParent
from pathways.reads.handings import GivenBack
from pathways.reads.professionals import Professionals
from territories.models import Member, Structure, Territory

_EVALUATION = [("INFORMED", "Informée, pas d’opposition"), ("OPPOSED", "S’oppose")]


# The fields of the page in its order, without those of each child, sentence and professional.
_ADHESION = (
    "notice_version", "notice_form", "minor_beside", "is_alone", "accepts", "place", "mode", "collector",
    "collector_name", "given_at", "knows_pmi", "pmi_named", "language",
)  # fmt: skip
_ASKED = (
    "access_needs", "birth_place", "prado", "wish", "fed_once", "goal_kind", "goal_weeks", "goal_is_exclusive",
    "interview", "interview_by", "interview_on", "interview_sent", "vulnerability",
)  # fmt: skip
_LAST = (
    "evaluation", "channels", "hours", "is_shared_phone", "is_discreet", "no_voice_mail", "carrier", "ap",
    "is_pmi_presented", "are_professionals_presented", "other_programme", "other_programme_from",
    "other_programme_to", "accepts_late",
)  # fmt: skip

SKIPPED = "Sur la tablette, elle a préféré ne pas répondre\u00a0: laissé vide, rien n’est noté."
UNSEEN = "Pas vue sur la tablette\u00a0: à lui demander."


def recipient_fields(initial: dict[str, str], given: GivenBack | None = None) -> dict[str, forms.Field]:
    """One question per recipient, then what they read besides; `initial` maps each to the answer already known.

    A psychologist is asked about where there is one. `given` is what she answered on the tablet: it stands before
    what was known, and a question she skipped there is left blank, without an answer to be stored.
    """
    fields = _recipient_fields({**initial, **(given.answers if given else {})})
    for code in given.skipped if given else ():
        field = fields[f"recipient_{code}"]
        field.initial, field.required, field.widget.is_required = None, False, False
        field.help_text = f"{SKIPPED}{_kept(initial.get(code, ''))} {field.help_text}".strip()
    for code in given.unseen if given else ():
        field = fields[f"recipient_{code}"]
        field.help_text = f"{UNSEEN} {field.help_text}".strip()
    return fields


def _kept(answer: str) -> str:
    return f" Sa réponse d’avant reste\u00a0: {inner(_said(answer))}." if answer else ""


def _recipient_fields(initial: dict[str, str]) -> dict[str, forms.Field]:
    fields = {
        f"recipient_{recipient}": tiles(
            Agreement.choices,
            str(recipient.label),
            initial=initial.get(recipient),
            required=recipient != Recipient.PSYCHOLOGIST,
            help_text=NO_COPY_WORDS.get(recipient, ""),
        )
        for recipient in ASKED_RECIPIENTS
    }
    mood = AgreedContent.MOOD_SCORE
    hint = "Pour les personnes choisies au-dessus, sauf le médecin de l’enfant."
    fields[f"recipient_{mood}"] = tiles(Agreement.choices, str(mood.label), initial=initial.get(mood), help_text=hint)
    return fields


def _said(answer: str) -> str:
    return str(Agreement(answer).label) if answer else ""


def agreements_of(data: dict[str, Any]) -> dict[str, str]:
    """The answers of `recipient_fields`, by recipient; what was not asked is not there."""
    asked = (*ASKED_RECIPIENTS, *AgreedContent)
    return {code: data[f"recipient_{code}"] for code in asked if data[f"recipient_{code}"]}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An answer of this page that is not the one stored; `stored` "" where nothing is."""

    label: str
    typed: str
    stored: str


class InclusionForm(forms.Form):
    """Information, adhesion, agreements, contact, team."""

    stands_for = STANDS_FOR

    is_alone = tick(
        "Elle a pu décider tranquillement, sans pression",
        required=True,
        error_messages={"required": "Sinon, proposez-lui un autre moment."},
    )
    accepts = tick(
        "Elle souhaite être accompagnée par CoPa",
        required=True,
        error_messages={"required": "Sans son accord, pas d’inclusion : notez plutôt sa réponse dans la proposition."},
    )
    place = tiles(ConsentPlace.choices, "Lieu de l’adhésion")
    mode = tiles(ConsentMode.choices, "Forme de l’adhésion")
    evaluation = tiles(_EVALUATION, "Utiliser ses réponses, sans son nom, pour évaluer CoPa")
    is_pmi_presented = tick("La PMI lui a été présentée", help_text="Sinon, l’auxiliaire le fera à la première visite.")
    other_named = line(
        "Une autre personne qui la suit",
        max_length=120,
        help_text=f"Son nom et son métier. {NO_COPY_WORDS[Recipient.OTHER]}",
    )
    accepts_late = tick("Les 21 jours sont passés : chaque visite aura son motif")

    def __init__(
        self,
        *args: Any,
        carriers: Iterable[Structure],
        auxiliaries: Iterable[Member],
        answers: dict[str, str],
        given: GivenBack | None = None,
        territory: Territory,
        known: Professionals,
        children: Sequence[Child],
        coparents: Sequence[CoParent],
        collects_as: str,
        is_taken_over: bool,
        is_minor: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.known, self.collects_as, self.is_taken_over = known, collects_as, is_taken_over
        self.coparents = coparents
        self.unweighed = [child for child in children if child.birth_weight_g is None]
        self._adhesion_fields(is_minor=is_minor)
        self.fields.update(asked_fields(self.unweighed))
        self.carriers = {str(one.public_id): one for one in carriers}
        self.auxiliaries = {str(one.public_id): one for one in auxiliaries}
        self.fields.update(recipient_fields(answers, given))
        self.fields.update(newcomer_fields(territory, known))
        self.fields.update(midwife_fields())
        self.fields.update(contact_fields(is_asked=True))
        self.fields.update(coparent_fields(coparents))
        self.fields["carrier"] = forms.ChoiceField(
            label="Équipe médicale de référence", choices=[(key, one.name) for key, one in self.carriers.items()]
        )
        self.fields["ap"] = forms.ChoiceField(
            label="Auxiliaire",
            required=False,
            choices=[("", "À désigner plus tard"), *((key, ap_label(one)) for key, one in self.auxiliaries.items())],
        )

        self.order_fields(self._in_order())

    def _in_order(self) -> list[str]:
        """The fields as the page shows them: what is to be corrected is listed in the same order."""
        groups = {
            start: [name for name in self.fields if name.startswith(start)]
            for start in ("weight_", "feel_", "known_", "midwife_", "recipient_")
        }
        typed = [name for name in self.fields if name.startswith(("name_", "phone_"))]
        return [
            *_ADHESION, *groups["weight_"], *_ASKED, *groups["feel_"], *groups["known_"], *typed,
            *groups["midwife_"], *groups["recipient_"], "other_named", *_LAST,
        ]  # fmt: skip

    def _adhesion_fields(self, *, is_minor: bool) -> None:
        """What is asked of an adhesion given now; one given before the birth stands as it was."""
        if self.is_taken_over:
            del self.fields["place"], self.fields["mode"]
            self.fields["accepts"].label = "Elle souhaite toujours être accompagnée par CoPa"
            return
        self.fields.update(notice_fields())
        if is_minor:
            self.fields["minor_beside"] = minor_field()
        self.fields.update(collector_fields(self.collects_as))
        self.fields["given_at"] = moment_field()

    def clean(self) -> dict[str, Any]:
        """Whoever is named is named once."""
        data = super().clean() or {}
        check_newcomers(self)
        check_midwife_days(self)
        return data

    @property
    def others(self) -> dict[str, str]:
        """Somebody no list foresees, to whom she says yes by naming her."""
        named = self.cleaned_data["other_named"]
        return {named: Agreement.YES} if named else {}

    def left_out(self, answers: Mapping[str, str], others: Mapping[str, str]) -> list[LeftOut]:
        """What this page says otherwise than what a colleague stored meanwhile: by recipient, then by name."""
        found = []
        for code in (*ASKED_RECIPIENTS, *AgreedContent):
            typed = self[f"recipient_{code}"].value()
            if typed in Agreement.values and typed != answers.get(code):
                found.append(LeftOut(str(code.label), _said(typed), _said(answers.get(code, ""))))
        named = self["other_named"].value()
        if named and named not in others:
            found.append(LeftOut(named, _said(Agreement.YES), ""))
        return found

    def midwife_days(self) -> list[Any]:
        """When the midwife is expected: a day and a half-day, again and again."""
        return [self[name] for name in self.fields if name.startswith("midwife_")]

    @property
    def has_midwife_days(self) -> bool:
        """Whether one was typed, so that the page shows what was written."""
        return any(one.errors or one.value() for one in self.midwife_days())

    def listed(self) -> list[Any]:
        """Those who follow her already, each out of a list."""
        return [self[name] for name in self.fields if name.startswith("known_")]

    def typed(self) -> list[Any]:
        """A name and a phone for each who stands in no list."""
        return [self[name] for name in self.fields if name.startswith(("name_", "phone_"))]

    @property
    def has_typed(self) -> bool:
        """Whether somebody was typed, so that the page shows what was written."""
        return any(one.errors or one.value() for one in self.typed())

    @property
    def newcomers(self) -> list[Newcomer]:
        """Those who join her circle."""
        return newcomers_of(self.cleaned_data, self.known)

    def recipients(self) -> list[Any]:
        """The questions about recipients, in order."""
        return [self[name] for name in self.fields if name.startswith("recipient_")]

    def coparent_groups(self) -> list[CoParentGroup]:
        """The questions of each co-parent."""
        return coparent_groups(self, self.coparents)

    @property
    def said_by_coparents(self) -> list[CoParentSaid]:
        """What each co-parent was given and answered."""
        return said_by_coparents(self.cleaned_data, self.coparents)

    def weights(self) -> list[Any]:
        """A weight for each child who has none."""
        return [self[name] for name in self.fields if name.startswith("weight_")]

    @property
    def has_goal(self) -> bool:
        """Whether her goal is being written, so that the page shows it."""
        parts = ("fed_once", "goal_kind", "goal_weeks", "goal_is_exclusive")
        return self["wish"].value() == FeedingWish.YES or any(self[part].errors for part in parts)

    @property
    def has_interview(self) -> bool:
        """Whether more is being said of the prenatal interview, so that the page shows it."""
        parts = ("interview_by", "interview_on", "interview_sent")
        return self["interview"].value() == YesNoUnknown.YES or any(self[part].errors for part in parts)

    def feelings(self) -> list[Any]:
        """The six sentences."""
        return [self[name] for name in self.fields if name.startswith("feel_")]

    @property
    def asked(self) -> Asked:
        """Her answers beside the adhesion."""
        return asked_of(self.cleaned_data, self.unweighed, found_of(self.cleaned_data))

    @property
    def adhesion(self) -> Adhesion | TakenOver:
        """What she accepted, with the version of the notice; or that her former word stands."""
        data = self.cleaned_data
        is_opposed = data["evaluation"] == "OPPOSED"
        if self.is_taken_over:
            return TakenOver(is_evaluation_opposed=is_opposed, was_alone=data["is_alone"])
        return Adhesion(
            **collector_of(data, self.collects_as),
            given_at=data["given_at"],
            place=data["place"],
            mode=data["mode"],
            notice_version=data["notice_version"],
            is_evaluation_opposed=is_opposed,
            notice_form=data["notice_form"],
            was_alone=data["is_alone"],
            minor_beside=data.get("minor_beside", ""),
        )

    @property
    def team(self) -> Team:
        """Who answers for the pathway."""
        data = self.cleaned_data
        return Team(
            carrier=self.carriers[data["carrier"]],
            ap=self.auxiliaries.get(data["ap"]),
            is_pmi_presented=data["is_pmi_presented"],
        )


def ap_label(member: Member) -> str:
    """As "Léa Moreau, Maternité Saint-Rémi"."""
    return f"{member.user.get_full_name()}, {member.structure}"
