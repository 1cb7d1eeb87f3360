"""A daily list of a maternity on its way in."""

from django.db import models


class ImportState(models.TextChoices):
    """PENDING: somebody has still to look; CONFIRMED: a worker writes; the others are ends."""

    PENDING = "pending", "À vérifier"
    CONFIRMED = "confirmed", "Inscription en cours"
    DONE = "done", "Terminé"
    ABANDONED = "abandoned", "Abandonné"


# Not settled yet: their file is kept.
OPEN_IMPORTS = frozenset({ImportState.PENDING, ImportState.CONFIRMED})
