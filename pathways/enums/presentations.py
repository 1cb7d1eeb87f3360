"""CoPa presented during a pregnancy; births to which it was not proposed."""

from django.db import models


class PresentationEnd(models.TextChoices):
    """Why a presentation waits for no birth any more. No health fact: nobody needs one to stop asking."""

    ELSEWHERE = "ELSEWHERE", "A accouché ailleurs"
    MOVED = "MOVED", "A quitté le territoire"
    STOP = "STOP", "Ne plus la solliciter"
    TWICE = "TWICE", "Notée deux fois"
    MISTAKE = "MISTAKE", "Notée par erreur"


class NotProposedReason(models.TextChoices):
    """Why CoPa was not proposed to a mother who has a file (inclusion.md, [not_proposed])."""

    LEFT = "LEFT", "Sortie avant"
    TRANSFER = "TRANSFER", "Transférée"
    OUT_OF_AREA = "OUT_OF_AREA", "Habite hors du territoire"
    LANGUAGE = "LANGUAGE", "Pas d’interprète"
    ORGANISATION = "ORGANISATION", "Manque de temps"
    OTHER = "OTHER", "Autre"


class UnnamedReason(models.TextChoices):
    """The two reasons that carry no name: these births are counted and have no file (A38)."""

    SECRET_BIRTH = "SECRET_BIRTH", "Accouchement secret"
    LOSS = "LOSS", "Deuil"
