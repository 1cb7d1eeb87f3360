"""Codes of long work and of the quarterly figures."""

from django.db import models


class RunState(models.TextChoices):
    """Life of an export."""

    QUEUED = "queued", "En attente"
    RUNNING = "running", "En cours"
    DONE = "done", "Prêt"
    FAILED = "failed", "Échec"


class Objective(models.TextChoices):
    """The four aims of the programme (R014), to which every indicator refers (R144 to R153)."""

    PARENTS = "O1", "Soutenir la parentalité"
    CHILD = "O2", "Améliorer le parcours de prévention et de soins des enfants"
    COORDINATION = "O3", "Améliorer la coordination entre les acteurs de la périnatalité"
    PROFESSION = "O4", "Valoriser le métier d’auxiliaire de puériculture"
