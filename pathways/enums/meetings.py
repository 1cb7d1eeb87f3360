"""The multidisciplinary meeting, what it decides, and the time of coordination (R086, R099)."""

from django.db import models


class Attendance(models.TextChoices):
    """Whether somebody invited to a meeting was there."""

    INVITED = "INVITED", "Invitée"
    PRESENT = "PRESENT", "Présente"
    EXCUSED = "EXCUSED", "Excusée"


class MeetingCause(models.TextChoices):
    """What brought a family to the meeting (documents.md 3, block 2)."""

    ALERT = "ALERT", "Une alerte"
    GRID = "GRID", "Le repérage"
    EPDS = "EPDS", "Le questionnaire sur le moral"
    PARENTS_REQUEST = "PARENTS_REQUEST", "La demande des parents"
    RELAY = "RELAY", "Le relais PMI"
    TEAM = "TEAM", "L’équipe"


class DecisionKind(models.TextChoices):
    """What a meeting decides for a family (documents.md 3, block 5)."""

    THIRD_VISIT = "THIRD_VISIT", "Une troisième visite"
    NO_THIRD_VISIT = "NO_THIRD_VISIT", "Pas de troisième visite"
    ORIENTATION = "ORIENTATION", "Une orientation"
    CALL = "CALL", "Un appel à la famille"
    PMI = "PMI", "Un lien avec la PMI"
    OTHER = "OTHER", "Autre chose"
    NOTHING = "NOTHING", "Rien de plus pour l’instant"


class DecisionState(models.TextChoices):
    """Where a decision stands once it has become somebody's task."""

    OPEN = "OPEN", "À faire"
    DONE = "DONE", "Fait"
    NOT_DONE = "NOT_DONE", "Pas fait"
