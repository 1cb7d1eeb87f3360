"""Codes of the tablet in the mother's hands (« mains de la mère »)."""

from django.db import models


class HandedKind(models.TextChoices):
    """What she answers herself."""

    EPDS = "epds", "Questionnaire sur le moral (EPDS)"
    AGREEMENTS = "agreements", "Qui peut recevoir les comptes rendus"


class HandedOutcome(models.TextChoices):
    """How it ended; her answers are erased each time."""

    USED = "used", "Reprises"
    CANCELLED = "cancelled", "Écartées"
    STOPPED = "stopped", "Accompagnement arrêté"
    EXPIRED = "expired", "Effacées après sept jours"
