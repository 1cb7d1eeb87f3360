"""The emergency numbers of the territory in scope; a use without a row keeps its national number."""

from dataclasses import dataclass

from pathways.enums import EmergencyUse
from pathways.models import EmergencyNumber


@dataclass(frozen=True, slots=True)
class EmergencyLine:
    """Somebody who answers day and night. `is_text`: by SMS only, nobody speaks there."""

    use: str
    name: str
    phone: str
    what: str

    @property
    def is_text(self) -> bool:
        return self.use == EmergencyUse.TEXT

    @property
    def href(self) -> str:
        """What a button opens."""
        return f"{'sms' if self.is_text else 'tel'}:{self.phone.replace(' ', '')}"


# alerts.md, before section 1: the numbers of the whole country, in the order of the emergency page. The 3114 and the
# 119 also advise professionals; the poison centre is that of the region, without a number until a territory gives one.
_NATIONAL: tuple[tuple[EmergencyUse, str, str], ...] = (
    (EmergencyUse.SAMU, "15", "Vie en danger\u00a0: mère ou bébé"),
    (EmergencyUse.EUROPE, "112", "Si le 15 ne passe pas"),
    (EmergencyUse.POLICE, "17", "Une personne menace ou frappe"),
    (EmergencyUse.TEXT, "114", "Quand on ne peut pas parler, ou sourds et malentendants"),
    (EmergencyUse.FIRE, "18", "Feu, gaz, personne enfermée"),
    (EmergencyUse.SUICIDE, "3114", "Jour et nuit, aussi pour vous conseiller"),
    (EmergencyUse.VIOLENCE, "3919", "Violences subies par une femme"),
    (EmergencyUse.CHILD, "119", "Jour et nuit"),
    (EmergencyUse.POISON, "", "Produit avalé ou respiré"),
)


def emergency_lines() -> list[EmergencyLine]:
    """Every number that is known here. One query."""
    own = dict(EmergencyNumber.objects.order_by("pk").values_list("use", "number"))
    lines = (EmergencyLine(use, str(use.label), own.get(use) or number, what) for use, number, what in _NATIONAL)
    return [line for line in lines if line.phone]
