"""Codes of the unit amounts. The word « renforcé » is never stored (A01): the visits done are."""

from django.db import models


class LineKind(models.TextChoices):
    """Which flat amount (000, table 1)."""

    P2 = "P2", "Parcours à 2 visites"
    P3 = "P3", "Parcours à 3 visites"
