"""How she may be reached without harm (A36): the same questions at the inclusion and in her coordinates."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from pathways.actions.families import Contact
from pathways.enums import ContactHours, WishedChannel
from pathways.forms.inputs import tick
from pathways.reads.facts import ContactFacts

# What the action calls by name, and this form asks in one question.
STANDS_FOR = dict.fromkeys(("may_sms", "may_email", "may_call", "may_space", "is_refused"), "channels")


class AloneField(forms.MultipleChoiceField):
    """Several choices, one of which (`alone`) goes with no other."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, alone: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.alone = alone

    def clean(self, value: Any) -> list[str]:
        """The codes chosen."""
        codes: list[str] = super().clean(value)
        if self.alone in codes and len(codes) > 1:
            name = dict(self.choices)[self.alone]
            raise ValidationError(f"« {name} » ne va avec aucun autre choix.", code="alone")
        return codes


def contact_fields(*, is_asked: bool) -> dict[str, forms.Field]:
    """The questions, none answered beforehand; `is_asked` False lets them wait for the inclusion."""
    return {
        "channels": AloneField(
            choices=WishedChannel.choices,
            alone=WishedChannel.NONE,
            label="Comment préfère-t-elle être prévenue",
            required=is_asked,
            error_messages={"required": "Demandez-lui : un choix au moins, ou ne pas la contacter."},
        ),
        "hours": AloneField(
            choices=ContactHours.choices,
            alone=ContactHours.ANY,
            label="À quelles heures",
            required=is_asked,
        ),
        "is_discreet": tick("Messages discrets, sans le nom du programme"),
        "no_voice_mail": tick("Pas de message vocal"),
        "is_shared_phone": tick("Quelqu’un d’autre lit ce téléphone", help_text="Les messages deviennent discrets."),
    }


def contact_of(data: dict[str, Any]) -> Contact:
    """The answers of `contact_fields`; no channel ticked says that nobody has asked."""
    ways = data["channels"]
    return Contact(
        hours=tuple(data["hours"]),
        may_sms=WishedChannel.SMS in ways,
        may_email=WishedChannel.EMAIL in ways,
        may_call=WishedChannel.CALL in ways if ways else None,
        may_space=WishedChannel.SPACE in ways,
        is_refused=WishedChannel.NONE in ways,
        is_discreet=data["is_discreet"],
        no_voice_mail=data["no_voice_mail"],
        is_shared_phone=data["is_shared_phone"],
    )


def known_contact(contact: ContactFacts) -> dict[str, Any]:
    """What the questions show of answers already given."""
    return {
        "channels": list(contact.ways),
        "hours": list(contact.hours),
        "is_discreet": contact.is_discreet,
        "no_voice_mail": contact.no_voice_mail,
        "is_shared_phone": contact.is_phone_shared,
    }
