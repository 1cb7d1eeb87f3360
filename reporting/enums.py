"""Codes of long work and of the quarterly figures."""

from django.db import models


class RunState(models.TextChoices):
    """Life of an export."""

    QUEUED = "queued", "En attente"
    RUNNING = "running", "En cours"
    DONE = "done", "Prêt"
    FAILED = "failed", "Échec"
