"""The calendar of mother and child: what its rules say, what is known of each of its lines."""

from django.db import models


class CalendarSubject(models.TextChoices):
    """Whom a line of the calendar is about."""

    MOTHER = "mother", "La mère"
    CHILD = "child", "L’enfant"
    FAMILY = "family", "La famille"


class CalendarUnit(models.TextChoices):
    """How a window is counted: local days, months of the calendar, or elapsed hours."""

    DAYS = "days", "jours"
    MONTHS = "months", "mois"
    HOURS = "hours", "heures"


class CalendarAnchor(models.TextChoices):
    """From when a window is counted; NONE: the rule has no window of its own.

    SECOND_VISIT begins there and ends so many days after the birth (K16).
    """

    BIRTH = "birth", "Naissance"
    DISCHARGE = "discharge", "Sortie de maternité"
    EXAM = "exam", "Examen avec certificat"
    SECOND_VISIT = "second", "Visite 2"
    LAST_VISIT = "last", "Dernière visite"
    NONE = "none", "Sans date"


class CalendarDuty(models.TextChoices):
    """What a line means for the family."""

    MANDATORY = "mandatory", "Obligatoire"
    RECOMMENDED = "recommended", "Recommandé"
    OPTIONAL = "optional", "Possible"
    INFORMATION = "information", "À savoir"
    PROGRAMME = "programme", "Parcours CoPa"


class CalendarCondition(models.TextChoices):
    """For whom a line exists."""

    ALL = "", "Toutes les familles"
    PRADO = "prado", "Retour à la maison avec Prado"
    ULTRA_EARLY = "ultra_early", "Sortie ultra-précoce"
    THIRD_VISIT = "third_visit", "Visite 3 décidée ou possible"
    FOLLOWED = "followed", "Parcours en cours ou terminé"


class CalendarStatus(models.TextChoices):
    """What is known of a line."""

    DONE = "done", "Fait"
    PLANNED = "planned", "Prévu"
    REFUSED = "refused", "Refusé"
    # Only of what ended with the pregnancy: an examination that is late may still be done.
    MISSED = "missed", "Pas fait"
    UNKNOWN = "unknown", "On ne sait pas"


class CalendarSource(models.TextChoices):
    """Who or what says so; the booklet is the « carnet de santé », seen."""

    BOOKLET = "booklet", "Vu dans le carnet de santé"
    PARENTS = "parents", "Dit par les parents"
    PROFESSIONAL = "professional", "Dit par un professionnel"
    REPORT = "report", "Compte rendu"


class CertificateStatus(models.TextChoices):
    """Whether the doctor has filled the health certificate; never inferred from the examination (I7)."""

    FILLED = "filled", "Rempli"
    NOT_FILLED = "not_filled", "Pas rempli"
    UNKNOWN = "unknown", "On ne sait pas"


class HalfDay(models.TextChoices):
    """When the midwife is expected at home."""

    MORNING = "morning", "Le matin"
    AFTERNOON = "afternoon", "L’après-midi"


class InterviewProfessional(models.TextChoices):
    """With whom the early prenatal interview took place (RS15)."""

    MIDWIFE_HOSPITAL = "MIDWIFE_HOSPITAL", "Sage-femme hospitalière"
    MIDWIFE_LIBERAL = "MIDWIFE_LIBERAL", "Sage-femme libérale"
    MIDWIFE_PMI = "MIDWIFE_PMI", "Sage-femme de PMI"
    DOCTOR = "DOCTOR", "Médecin"
