"""Choices of the conversations with parents."""

from django.db import models


class AccessWay(models.TextChoices):
    """How a parent got the address of the space."""

    SMS = "SMS", "Par SMS"
    PAPER = "PAPER", "Sur papier, en main propre"


class AccessEnd(models.TextChoices):
    """Why a space was closed; the last three follow from what became of the family."""

    SELF = "SELF", "Fermé depuis l’espace"
    TEAM = "TEAM", "Fermé à sa demande"
    WITHDRAWN = "WITHDRAWN", "L’accompagnement est arrêté"
    MOVED = "MOVED", "La famille est suivie ailleurs"
    DIED = "DIED", "Fermé"


class SpaceState(models.TextChoices):
    """What a parent may do in the space now. CALM: she writes and reads, nothing leaves by itself (A38)."""

    OPEN = "open", "Ouvert"
    CALM = "calm", "Au calme"
    SHUT = "shut", "Fermé"


class WeekDay(models.IntegerChoices):
    """ISO days of the week."""

    MONDAY = 1, "lundi"
    TUESDAY = 2, "mardi"
    WEDNESDAY = 3, "mercredi"
    THURSDAY = 4, "jeudi"
    FRIDAY = 5, "vendredi"
    SATURDAY = 6, "samedi"
    SUNDAY = 7, "dimanche"
