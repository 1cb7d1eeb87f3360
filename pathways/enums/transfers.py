"""A family followed in another territory from now on: what goes along, and where the transfer stands."""

from django.db import models


class TransferPart(models.TextChoices):
    """What the mother agrees to send along beside who she is and the birth. Nothing protected, no screening."""

    VISITS = "VISITS", "Les dates des visites faites"
    NEEDS = "NEEDS", "Ce dont la famille a besoin, en quelques mots"


class TransferState(models.TextChoices):
    """Where a transfer stands in the territory that offers it."""

    WAITING = "waiting", "En attente de l’autre territoire"
    ACCEPTED = "accepted", "Accepté"
    DECLINED = "declined", "Décliné"
    CANCELLED = "cancelled", "Annulé"
    EXPIRED = "expired", "Resté sans réponse"
