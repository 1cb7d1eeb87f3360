"""A need: whom it concerns, how it stands. Its codes are those of `territories.catalogue`."""

from django.db import models


class NeedAbout(models.TextChoices):
    """Whom a need concerns; the co-parent's is not the mother's to read, nor the reverse (A36)."""

    MOTHER = "MOTHER", "La mère"
    COPARENT = "COPARENT", "Le coparent"
    CHILD = "CHILD", "L’enfant"
    SIBLING = "SIBLING", "Un frère, une sœur"
    FAMILY = "FAMILY", "La famille"


class NeedState(models.TextChoices):
    """How a need stands. INFO, FOLLOWED, WATCH and DECLINED are spotted, not oriented (I9)."""

    OPEN = "OPEN", "Ouvert"
    WATCH = "WATCH", "À revoir à la prochaine visite"
    ORIENTED = "ORIENTED", "Orientation faite"
    FOLLOWED = "FOLLOWED", "Suivi par un professionnel"
    INFO = "INFO", "Information donnée"
    DECLINED = "DECLINED", "La famille ne souhaite pas"
    MET = "MET", "Réglé"
    CLOSED = "CLOSED", "Clos"


# What the team still has in hand.
NEED_RUNNING = frozenset({NeedState.OPEN, NeedState.WATCH, NeedState.ORIENTED, NeedState.FOLLOWED})


class NeedSource(models.TextChoices):
    """Where a need was spotted."""

    REPORT = "REPORT", "Compte rendu de visite"
    FREE = "FREE", "En dehors d’une visite"
    MOVED = "MOVED", "Dossier reçu d’un autre territoire"
