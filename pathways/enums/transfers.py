"""A family followed in another territory from now on: what goes along, and where the transfer stands."""

from django.db import models


class TransferPart(models.TextChoices):
    """What the mother agrees to send along beside who she is, the birth and the way home. Nothing protected, no
    screening, in her reports neither."""

    VISITS = "VISITS", "Les dates des visites faites"
    CALENDAR = "CALENDAR", "Son calendrier et celui de l’enfant : examens, certificats"
    NEEDS = "NEEDS", "Ses besoins en cours, et ce qu’elle en dit"
    CIRCLE = "CIRCLE", "Qui la suit : les noms et les fonctions"
    REPORTS = "REPORTS", "Les comptes rendus de visite"


class CoParentLeaves(models.TextChoices):
    """Whether the co-parent's own data go along: his own answer (A36), and no when he was not asked."""

    YES = "YES", "Oui, ses données partent aussi"
    NO = "NO", "Non, ses données restent ici"
    NOT_ASKED = "NOT_ASKED", "Pas demandé"


class TransferState(models.TextChoices):
    """Where a transfer stands in the territory that offers it."""

    WAITING = "waiting", "En attente de l’autre territoire"
    ACCEPTED = "accepted", "Accepté"
    DECLINED = "declined", "Décliné"
    CANCELLED = "cancelled", "Annulé"
    EXPIRED = "expired", "Resté sans réponse"
