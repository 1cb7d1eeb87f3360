"""The adhesion as it is typed: what she was given, who collected it, how; before the birth and at the inclusion."""

from typing import Any

from django import forms

from copa.kernel.fields import LocalDateTimeField
from copa.kernel.look import Tile
from pathways.actions.antenatal import EarlyAdhesion
from pathways.enums import Collector, ConsentMode, MinorBeside, NoticeForm
from pathways.forms.inputs import name, tick, tiles
from pathways.texts import Reader, offered_to


def notice_fields() -> dict[str, forms.Field]:
    """The information on her data, before anything is agreed to."""
    return {
        "notice_version": tiles(
            [(version, Tile(label, hint=version)) for version, label in offered_to(Reader.MOTHER)],
            "Information remise sur ses données",
        ),
        "notice_form": tiles(NoticeForm.choices, "Sous quelle forme"),
    }


def minor_field() -> forms.Field:
    """Who is beside a mother under eighteen (L16)."""
    return tiles(
        MinorBeside.choices,
        "Elle a moins de 18 ans : qui est à ses côtés ?",
        required=False,
        help_text="Sa parole compte d’abord. Ses parents ne sont pas prévenus par la plateforme.",
    )


def collector_fields(collects_as: str) -> dict[str, forms.Field]:
    """Who collected it (R067), asked of those whose role does not say it; a doctor names the midwife or the AP."""
    if collects_as:
        return {}
    return {
        "collector": tiles(
            Collector.choices,
            "Recueillie par",
            error_messages={"required": "L’adhésion est recueillie par une sage-femme ou une auxiliaire."},
        ),
        "collector_name": name("Son nom, si ce n’est pas vous", required=False, max_length=120),
    }


def moment_field() -> LocalDateTimeField:
    """When she said so, for what was signed on paper earlier."""
    return LocalDateTimeField(label="Signée un autre jour", required=False, help_text="Vide : maintenant.")


def collector_of(data: dict[str, Any], collects_as: str) -> dict[str, str]:
    """Who collected it, as the actions want it."""
    named = data.get("collector_name", "")
    return {"collector": collects_as or data["collector"], "collector_name": named}


class AntenatalConsentForm(forms.Form):
    """Her adhesion before the birth."""

    def __init__(self, *args: Any, collects_as: str, is_minor: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.collects_as = collects_as
        self.fields.update(notice_fields())
        if is_minor:
            self.fields["minor_beside"] = minor_field()
        self.fields["accepts"] = tick(
            "Elle souhaite être accompagnée par CoPa, et a pu décider tranquillement",
            required=True,
            error_messages={"required": "Sans son accord, rien n’est noté : proposez-lui un autre moment."},
        )
        self.fields["mode"] = tiles(ConsentMode.choices, "Forme de l’adhésion")
        self.fields.update(collector_fields(collects_as))
        self.fields["given_at"] = moment_field()

    @property
    def adhesion(self) -> EarlyAdhesion:
        """What she accepted, with the version of the notice."""
        data = self.cleaned_data
        return EarlyAdhesion(
            **collector_of(data, self.collects_as),
            given_at=data["given_at"],
            mode=data["mode"],
            notice_version=data["notice_version"],
            notice_form=data["notice_form"],
            minor_beside=data.get("minor_beside", ""),
        )
