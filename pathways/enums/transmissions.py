"""Why something reaches the PMI after a refusal, and what an information préoccupante says (A17, alerts.md 6.2)."""

from django.db import models


class PmiBasis(models.TextChoices):
    """The three bases of A17; there is no fourth."""

    MOTHER_AGREES = "MOTHER_AGREES", "La mère est d’accord"
    CARE_TEAM = "CARE_TEAM", "La PMI fait partie de l’équipe de soins"
    CONCERN = "CONCERN", "Information préoccupante"


class ConcernSource(models.TextChoices):
    """How the facts are known."""

    SEEN = "SEEN", "Vu par l’équipe"
    SAID_BY_MOTHER = "SAID_BY_MOTHER", "Dit par la mère"
    SAID_BY_RELATIVE = "SAID_BY_RELATIVE", "Dit par un proche"
    PROFESSIONAL = "PROFESSIONAL", "Rapporté par un professionnel"


class ConcernLevel(models.TextChoices):
    """What the child stands in (CASF L226-2-1)."""

    DANGER = "DANGER", "En danger"
    RISK = "RISK", "En risque de danger"
