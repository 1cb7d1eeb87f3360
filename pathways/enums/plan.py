"""What a version of the programme promises: its steps, and where the mood questionnaire stands."""

from django.db import models


class StepKind(models.TextChoices):
    """A step of the expected plan. V4 and V5 exist under v1 alone (R163): v1 is over, nobody plans them any more."""

    ULTRA_EARLY = "ULTRA_EARLY", "Visite de sortie ultra-précoce"
    V1 = "V1", "Visite 1"
    V2 = "V2", "Visite 2"
    V3 = "V3", "Visite 3"
    V4 = "V4", "Visite 4"
    V5 = "V5", "Visite 5"
    RELAY = "RELAY", "Relais PMI"


class ExtraMotive(models.TextChoices):
    """Why a visit is added to the promised ones (R046, R163); which of them count is written in the version."""

    VULNERABILITY = "VULNERABILITY", "Vulnérabilité repérée"
    PARENTS_REQUEST = "PARENTS_REQUEST", "À la demande des parents"
    COMPLEX = "COMPLEX", "Suites de naissance compliquées"


class EpdsMoment(models.TextChoices):
    """Whether the mood questionnaire belongs to a visit (A09)."""

    NONE = "", "Non"
    DUE = "due", "Proposé à cette visite"
    REPEAT = "repeat", "À refaire si la mère le veut bien"
