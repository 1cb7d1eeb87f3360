"""Days on which the line of a team answers."""

from django.db import models


class LineDay(models.IntegerChoices):
    """A day of the week as ISO counts it; a holiday is its own day, whatever the weekday."""

    MONDAY = 1, "Lundi"
    TUESDAY = 2, "Mardi"
    WEDNESDAY = 3, "Mercredi"
    THURSDAY = 4, "Jeudi"
    FRIDAY = 5, "Vendredi"
    SATURDAY = 6, "Samedi"
    SUNDAY = 7, "Dimanche"
    HOLIDAY = 8, "Jours fériés"
