"""Forms of the file: coordinates, recipients, opening to a professional."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms

from copa.kernel.french import full_day
from pathways.actions.families import Details
from pathways.enums import RECIPIENT_WORDS, GrantReason, Recipient
from pathways.forms.asked import language_fields
from pathways.forms.contact import STANDS_FOR, contact_fields, contact_of, known_contact
from pathways.forms.inclusion import ap_label
from pathways.forms.inputs import AsksIfOutside, CommuneField, day, line, name, outside_tick, phone, tick, tiles
from pathways.models import Child
from pathways.reads.facts import FamilyFacts
from pathways.reads.professionals import professional_label
from territories.models import Commune, Member, Territory


class FamilyForm(AsksIfOutside):
    """Where she lives, how to reach her, the names of the children; `token` tells whether it is stale.

    `team_rule_since`: from when nobody calls without the team, for whoever may lift that rule; None asks nothing.
    """

    token = forms.CharField(widget=forms.HiddenInput)
    stands_for = STANDS_FOR

    def __init__(
        self,
        *args: Any,
        territory: Territory,
        communes: Iterable[Commune],
        children: list[Child],
        is_contact_asked: bool,
        team_rule_since: datetime | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.children = children
        self.fields["used_name"] = name("Nom utilisé", required=False)
        self.fields["phone"] = phone("Téléphone", territory)
        self.fields["email"] = forms.EmailField(label="Adresse e-mail", required=False)
        self.fields["address"] = line("Adresse des trois premières semaines", max_length=200)
        self.fields["commune"] = CommuneField(communes, label="Commune", required=False, may_be_outside=True)
        self.fields["is_outside"] = outside_tick(known=self.initial.get("commune"), communes=communes)
        self.fields["access_hint"] = line("Pour la trouver", max_length=120)
        self.fields["access_hint"].help_text = "Étage, code, chien, parking."
        self.fields.update(language_fields(is_asked=False))
        self.fields.update(contact_fields(is_asked=is_contact_asked))
        self.asks_team_rule = team_rule_since is not None
        if self.asks_team_rule:
            help_text = f"Depuis le {full_day(team_rule_since)}. Décochez quand l’équipe en a décidé autrement."
            self.fields["is_through_team"] = tick(
                "Ni appel ni message sans l’équipe de référence", initial=True, help_text=help_text
            )
        for child in children:
            self.fields[f"name_{child.public_id}"] = name(
                "Prénom", required=False, max_length=60, initial=child.first_name
            )
            self.fields[f"hospital_{child.public_id}"] = tick(
                f"{child.shown_name} est encore hospitalisé", initial=child.is_hospitalised
            )

    def child_fields(self) -> list[Any]:
        """First name and hospital of each child, in order."""
        return [self[field] for field in self.fields if field.startswith(("name_", "hospital_"))]

    @property
    def details(self) -> Details:
        """What was typed, as the action wants it."""
        data = self.cleaned_data
        parts = ("used_name", "phone", "email", "address", "commune", "access_hint", "language")
        return Details(
            contact=replace(contact_of(data), lifts_team_rule=not data.get("is_through_team", True)),
            children=self._children(data),
            access_needs=tuple(data["access_needs"]),
            **{part: data[part] for part in parts},
        )

    def _children(self, data: dict[str, Any]) -> dict[UUID, tuple[str, bool]]:
        return {
            child.public_id: (
                data[f"name_{child.public_id}"],
                data[f"hospital_{child.public_id}"],
            )
            for child in self.children
        }


def known_details(family: FamilyFacts) -> dict[str, Any]:
    """What the form shows first."""
    commune = f"{family.commune} ({family.postal_code})" if family.commune else ""
    return {
        "used_name": family.mother.name if family.mother.name != family.mother.birth_name else "",
        "phone": family.mother.noted_phone,
        "email": family.mother.noted_email,
        "address": family.address,
        "commune": commune,
        "access_hint": family.access_hint,
        "language": family.mother.language,
        "access_needs": list(family.mother.access_needs),
        **known_contact(family.contact),
    }


_REASONS = [(reason, reason.label) for reason in GrantReason if reason != GrantReason.EMERGENCY]
# As whom somebody outside may read, apart from the midwife and the PMI whose role says it.
_AS_WHOM = (Recipient.GENERAL_PRACTITIONER, Recipient.PAEDIATRICIAN, Recipient.PSYCHOLOGIST)


class GrantForm(forms.Form):
    """One family for one professional, with a reason and an end."""

    reason = tiles(_REASONS, "Raison")
    until = day("Jusqu’au", help_text="Trois mois au plus.")

    def __init__(self, *args: Any, professionals: Iterable[Member], others: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(one.value, RECIPIENT_WORDS[one]) for one in _AS_WHOM]
        named = [(f"{Recipient.OTHER}:{name}", name) for name in others]
        self.fields["as_whom"] = forms.ChoiceField(
            label="Pour les comptes rendus, elle est",
            required=False,
            choices=[("", "Sage-femme libérale, PMI, ou aucun compte rendu"), *known, *named],
            help_text="Ils s’ouvrent quand la mère a dit oui pour cette personne.",
        )
        self.professionals = {str(one.public_id): one for one in professionals}
        choices = [(key, professional_label(one)) for key, one in self.professionals.items()]
        self.fields["to"] = forms.ChoiceField(label="Professionnel", choices=[("", "Choisissez"), *choices])
        self.fields["is_confirmed"] = tick("La mère est d’accord pour que son dossier lui soit ouvert")
        self.order_fields(["to", "reason", "until"])

    def asks_if_agreed(self) -> bool:
        """Whether the box about her agreement is shown: a refusal asks for it, or it is ticked."""
        box = self["is_confirmed"]
        return bool(box.errors or box.data)

    @property
    def recipient(self) -> tuple[str, str]:
        """As whom she reads: the recipient, and the name for somebody no list foresees."""
        code, _, named = self.cleaned_data["as_whom"].partition(":")
        return code, named

    @property
    def to(self) -> Member:
        """Who is chosen."""
        return self.professionals[self.cleaned_data["to"]]


class AssignForm(forms.Form):
    """The auxiliary of a pathway, among those of the referring team's structure."""

    def __init__(self, *args: Any, auxiliaries: Iterable[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auxiliaries = {str(one.public_id): one for one in auxiliaries}
        self.fields["ap"] = tiles([(key, ap_label(one)) for key, one in self.auxiliaries.items()], "Auxiliaire")

    @property
    def ap(self) -> Member:
        """Who is chosen."""
        return self.auxiliaries[self.cleaned_data["ap"]]
