"""Life of a pathway, its end, a death."""

from django.db import models


class PathwayState(models.TextChoices):
    """Life of a pathway. ACTIVE and CLOSED apart, each silences everything (A38)."""

    ACTIVE = "active", "En cours"
    SUSPENDED = "suspended", "Suspendu (hospitalisation)"
    NO_NEWS = "no_news", "Sans nouvelles"
    CLOSED = "closed", "Clos"
    WITHDRAWN = "withdrawn", "Arrêté par la famille"
    MOVED = "moved", "Déménagement"
    BEREAVED = "bereaved", "Arrêté, deuil"


class ClosingReason(models.TextChoices):
    """Why a pathway closes with fewer than two visits done (P23: without one the family is lost to follow-up)."""

    COMPLETE = "COMPLETE", "Visites faites"
    FAMILY_WISH = "FAMILY_WISH", "La famille ne souhaite pas d’autre visite"
    HOSPITAL = "HOSPITAL", "Hospitalisation"
    MOVED = "MOVED", "Déménagement"
    UNREACHABLE = "UNREACHABLE", "Famille injoignable"


class DeadPerson(models.TextChoices):
    """Who died (A38, alerts.md 6.1)."""

    MOTHER = "mother", "La mère"
    CHILD = "child", "Un enfant"
