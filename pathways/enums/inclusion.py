"""What is asked at the inclusion, beside the adhesion (inclusion.md 4)."""

from django.db import models


class AccessNeed(models.TextChoices):
    """What helps her to understand or to move (R228); NONE stands alone."""

    NONE = "NONE", "Rien"
    INTERPRETER = "INTERPRETER", "Interprète"
    SIGN = "SIGN", "Langue des signes"
    FALC = "FALC", "Écrit facile à lire"
    LARGE = "LARGE", "Gros caractères"
    ORAL = "ORAL", "Plutôt à l’oral"
    MOBILITY = "MOBILITY", "Déplacements"
    OTHER = "OTHER", "Autre"


class YesNoUnknown(models.TextChoices):
    """A question that may stay without an answer, and says so."""

    YES = "YES", "Oui"
    NO = "NO", "Non"
    UNKNOWN = "UNKNOWN", "Ne sait pas"


class FeedingWish(models.TextChoices):
    """Whether she wants to breastfeed (I3, R037): the codes of the visit report."""

    YES = "YES", "Oui"
    NO = "NO", "Non"
    UNDECIDED = "UNDECIDED", "Ne sait pas encore"


class GoalKind(models.TextChoices):
    """Her own goal (I3, R146); may be left for the first visit."""

    INITIATION = "INITIATION", "Donner du lait maternel au début"
    DURATION = "DURATION", "Jusqu’à un âge choisi"
    NO_TERM = "NO_TERM", "Au jour le jour"


class Found(models.TextChoices):
    """How somebody who follows her was named; NONE is an answer too."""

    DIRECTORY = "DIRECTORY", "Dans l’annuaire"
    FREE_TEXT = "FREE_TEXT", "Saisi à la main"
    NONE = "NONE", "Aucun pour l’instant"


class IsolationMethod(models.TextChoices):
    """How the isolated zone was decided (R124)."""

    COMMUNE = "COMMUNE", "Liste des communes du territoire"


class DayPrecision(models.TextChoices):
    """How much of a birth date is known: civil registers abroad may only hold a year."""

    DAY = "DAY", "Jour"
    MONTH = "MONTH", "Mois"
    YEAR = "YEAR", "Année"


# ISO 639-1, French first; the rest in the order of their French names. A territory's own list may come later.
LANGUAGES: tuple[tuple[str, str], ...] = (
    ("fr", "Français"),
    ("sq", "Albanais"),
    ("en", "Anglais"),
    ("ar", "Arabe"),
    ("hy", "Arménien"),
    ("bn", "Bengali"),
    ("zh", "Chinois"),
    ("cpf", "Créole"),
    ("es", "Espagnol"),
    ("ka", "Géorgien"),
    ("it", "Italien"),
    ("ku", "Kurde"),
    ("mg", "Malgache"),
    ("ps", "Pachto"),
    ("fa", "Persan, dari"),
    ("pl", "Polonais"),
    ("pt", "Portugais"),
    ("ro", "Roumain"),
    ("ru", "Russe"),
    ("ta", "Tamoul"),
    ("tr", "Turc"),
    ("uk", "Ukrainien"),
    ("vi", "Vietnamien"),
    ("other", "Autre"),
)
LANGUAGE_WORDS = dict(LANGUAGES)
FRENCH = "fr"
