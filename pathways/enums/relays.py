"""The relay to the PMI."""

from django.db import models


class RelayState(models.TextChoices):
    """Where the relay to the PMI stands. A question is not a refusal: the referring team answers it."""

    WAITING = "waiting", "En attente de la PMI"
    QUESTIONED = "questioned", "Question de la PMI"
    ACCEPTED = "accepted", "Accepté"
