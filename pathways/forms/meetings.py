"""Forms of meetings, of what they decide, and of the time of coordination."""

from collections.abc import Sequence
from typing import Any

from django import forms

from copa.kernel.fields import LocalDateTimeField
from copa.kernel.forms import asked_at_times
from pathways import rules
from pathways.actions.meetings import NewDecision, Words
from pathways.enums import Attendance, DecisionKind, DecisionState, MeetingCause, NeedAbout
from pathways.forms.inputs import day, line, many_tiles, tiles
from pathways.models import StaffMeeting
from pathways.reads.meetings import PersonRow, member_label
from territories.models import Member, Structure

_NOBODY = ("", "Personne")
# Whose a decision is: one parent never reads what concerns the other alone (A36).
_ABOUT = [(one, one.label) for one in (NeedAbout.MOTHER, NeedAbout.CHILD, NeedAbout.COPARENT, NeedAbout.FAMILY)]


class PeopleField(forms.ChoiceField):
    """One professional out of a list, by name; gives the Member, None when nobody is chosen."""

    def __init__(self, people: Sequence[Member], *, label: str, required: bool = False, **kwargs: Any) -> None:
        self.people = {str(person.public_id): person for person in people}
        nobody = ("", "Choisissez") if required else _NOBODY
        choices = [nobody, *((key, member_label(person)) for key, person in self.people.items())]
        super().__init__(label=label, choices=choices, required=required, **kwargs)

    def clean(self, value: Any) -> Any:
        """The professional meant."""
        return self.people.get(super().clean(value))


class MeetingForm(forms.Form):
    """When, where, which team, with whom. `own` is the key of her structure, None without one."""

    planned_at = LocalDateTimeField(label="Jour et heure")
    place = line("Lieu, ou lien de la visioconférence", max_length=120)

    def __init__(
        self, *args: Any, structures: Sequence[Structure], own: int | None, people: Sequence[Member], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.structures = {str(one.public_id): one for one in structures}
        self.people = {str(person.public_id): person for person in people}
        choices = [(key, one.name) for key, one in self.structures.items()]
        # A pilot may prepare it for any team, and mostly does for her own.
        hers = [key for key, one in self.structures.items() if one.pk == own]
        self.fields["structure"] = forms.ChoiceField(
            label="Équipe qui prépare la réunion", choices=choices, initial=next(iter([*hers, *self.structures]), None)
        )
        self.fields["participants"] = many_tiles(
            [(key, member_label(person)) for key, person in self.people.items()],
            "Qui est invité",
            required=False,
            help_text="Vous en faites partie. Chacune n’entend que les familles dont elle peut ouvrir le dossier.",
        )

    @property
    def structure(self) -> Structure:
        """The team chosen."""
        return self.structures[self.cleaned_data["structure"]]

    @property
    def participants(self) -> list[Member]:
        """Those invited."""
        return [self.people[key] for key in self.cleaned_data["participants"]]


class PresenceForm(forms.Form):
    """Who was there, one line a person."""

    def __init__(self, *args: Any, people: Sequence[PersonRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = {f"person_{person.public_id}": person.key for person in people}
        for person in people:
            self.fields[f"person_{person.public_id}"] = tiles(
                Attendance.choices, f"{person.name}, {person.function}", initial=person.presence
            )

    @property
    def presence(self) -> dict[int, str]:
        """A Presence by key of participant."""
        return {self.keys[name]: value for name, value in self.cleaned_data.items()}


class AgendaForm(forms.Form):
    """A family for a meeting to come, from her own file."""

    cause = tiles(MeetingCause.choices, "Ce qui ouvre la discussion", initial=MeetingCause.TEAM)

    def __init__(self, *args: Any, meetings: Sequence[StaffMeeting], moments: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meetings = {str(one.public_id): one for one in meetings}
        choices = [
            (key, f"{moment}, {one.structure.name}")
            for (key, one), moment in zip(self.meetings.items(), moments, strict=True)
        ]
        self.fields["meeting"] = forms.ChoiceField(label="Réunion", choices=choices)
        self.order_fields(["meeting", "cause"])

    @property
    def meeting(self) -> StaffMeeting:
        """The meeting chosen."""
        return self.meetings[self.cleaned_data["meeting"]]


class SuggestedForm(forms.Form):
    """A suggestion taken up by its button: no more than what the page itself sends."""

    family = forms.UUIDField()
    cause = forms.ChoiceField(choices=MeetingCause.choices)


class ItemForm(forms.Form):
    """What concerns one family."""

    family_words = forms.CharField(
        label="La parole de la famille",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ce qu’elle sait de la réunion, ce qu’elle souhaite. Vide : dites qui l’informe.",
    )
    facts = forms.CharField(
        label="Faits utiles",
        required=False,
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=f"{rules.FACT_LINES} lignes au plus. Ce qui est protégé va dans la partie protégée.",
    )

    def __init__(self, *args: Any, people: Sequence[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["told_by"] = PeopleField(people, label="Sinon, qui l’informe")
        self.fields["tell_on"] = day("Au plus tard le", required=False)

    @property
    def words(self) -> Words:
        """As the action wants it."""
        data = self.cleaned_data
        return Words(**{name: data[name] for name in ("family_words", "told_by", "tell_on", "facts")})


class DecisionForm(forms.Form):
    """One decision, its owner, its date."""

    # Somebody who has typed one of these means to decide.
    BEGUN = ("kind", "words", "parents_words")

    kind = tiles(DecisionKind.choices, "Ce qui est décidé")
    words = line("En clair", max_length=300)
    about = tiles(_ABOUT, "Pour qui", initial=NeedAbout.MOTHER, required=False)
    parents_words = line(
        "Dit aux parents, en mots simples",
        max_length=300,
        help_text="Pour leur copie. Rien de protégé, rien qui concerne l’autre parent. Vide : une phrase courte.",
    )

    def __init__(self, *args: Any, people: Sequence[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].help_text = "Quoi, pourquoi. Un refus de troisième visite garde sa raison."
        self.fields["owner"] = asked_at_times(PeopleField(people, label="Qui s’en charge"))
        self.fields["due_on"] = asked_at_times(day("Pour le", required=False))
        self.fields["owner"].help_text = self.fields["due_on"].help_text = "Dès qu’il y a quelque chose à faire."
        self.fields["told_by"] = PeopleField(people, label="Dit à la famille par")
        self.fields["told_by"].help_text = "Qui lui parle de cette décision."

    @property
    def decision(self) -> NewDecision:
        """As the action wants it."""
        data = self.cleaned_data
        typed = ("kind", "words", "owner", "due_on", "told_by", "parents_words")
        return NewDecision(**{name: data[name] for name in typed}, about=data["about"] or NeedAbout.MOTHER)


class AnnexForm(forms.Form):
    """The sealed part of an item."""

    text = forms.CharField(
        label="Partie protégée",
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Violences, protection d’un enfant, santé psychique, justice. Chaque lecture est enregistrée.",
    )


class SettleForm(forms.Form):
    """Done, or not and why."""

    state = tiles([(DecisionState.DONE, "Fait"), (DecisionState.NOT_DONE, "Pas fait")], "Où ça en est")
    words = line("Ce qui s’est passé", max_length=300)


class HandOverForm(forms.Form):
    """To whom a decision goes, and why: handed to nobody, it would be left to nobody."""

    def __init__(self, *args: Any, people: Sequence[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        missing = {"required": "Dites à qui vous la confiez."}
        self.fields["owner"] = PeopleField(people, label="À qui", required=True, error_messages=missing)
        self.fields["reason"] = forms.CharField(
            label="Pourquoi", max_length=300, error_messages={"required": "Dites pourquoi elle change de mains."}
        )


class CoordinationForm(forms.Form):
    """Time given to one family."""

    on = day("Le")
    minutes = forms.IntegerField(label="Minutes", min_value=1, max_value=480)
    participants = forms.CharField(
        label="Avec qui", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    note = forms.CharField(
        label="En bref",
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Sans rien de protégé.",
    )
