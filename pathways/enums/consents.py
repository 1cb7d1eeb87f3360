"""What the mother agreed to, and how she may be reached."""

from django.db import models


class ConsentPlace(models.TextChoices):
    """Where the adhesion was collected."""

    BEFORE_BIRTH = "BEFORE_BIRTH", "Avant la naissance"
    ROOM = "ROOM", "En chambre"
    HOME = "HOME", "À domicile"
    OTHER = "OTHER", "Autre"


class ConsentMode(models.TextChoices):
    """How the adhesion was given."""

    SCREEN = "SCREEN", "Sur la tablette"
    PAPER = "PAPER", "Sur papier"
    ORAL = "ORAL", "À l’oral, tracé"


class Recipient(models.TextChoices):
    """Who may receive reports beside the referring team, each with her own agreement (R076, A16)."""

    LIBERAL_MIDWIFE = "LIBERAL_MIDWIFE", "Ma sage-femme libérale"
    GENERAL_PRACTITIONER = "GENERAL_PRACTITIONER", "Mon médecin traitant"
    PAEDIATRICIAN = "PAEDIATRICIAN", "Le médecin de mon enfant"
    PMI = "PMI", "La PMI de mon quartier ou de ma commune"


class Agreement(models.TextChoices):
    """Answer to one recipient; LATER is read as no."""

    YES = "YES", "Oui"
    NO = "NO", "Non"
    LATER = "LATER", "Plus tard"


class ContactHours(models.TextChoices):
    """When the mother may be called."""

    MORNING = "MORNING", "Le matin"
    AFTERNOON = "AFTERNOON", "L’après-midi"
    EVENING = "EVENING", "Le soir"
    ANY = "ANY", "À toute heure"


class GrantReason(models.TextChoices):
    """Why one family is opened to one professional by name."""

    LIBERAL_MIDWIFE = "LIBERAL_MIDWIFE", "Suit la mère à domicile"
    ORIENTATION = "ORIENTATION", "Orientation"
    EMERGENCY = "EMERGENCY", "Urgence (bris de glace)"
