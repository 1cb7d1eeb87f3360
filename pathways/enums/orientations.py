"""An orientation: asked, decided, sent, answered."""

from django.db import models


class OrientationState(models.TextChoices):
    """Where an orientation stands. GIVEN: the parents were given the contact and go by themselves; nothing was sent."""

    PROPOSED = "PROPOSED", "À décider"
    ACCEPTED = "ACCEPTED", "Acceptée, à envoyer"
    REFUSED = "REFUSED", "Non retenue"
    GIVEN = "GIVEN", "Contact donné"
    SENT = "SENT", "Envoyée, sans réponse"
    SEEN = "SEEN", "Premier contact fait"
    NOT_COME = "NOT_COME", "Pas venue"
    CANNOT_TAKE = "CANNOT_TAKE", "Ne peut pas prendre"
    CLOSED = "CLOSED", "Close"


class OrientationUrgency(models.TextChoices):
    """For when the AP asked for it in her report (`need.item.urgency`), the most urgent first."""

    TODAY = "TODAY", "Aujourd’hui"
    THIS_WEEK = "THIS_WEEK", "Cette semaine"
    ROUTINE = "ROUTINE", "Sans urgence"


class SentBy(models.TextChoices):
    """How an orientation left."""

    LINK = "LINK", "Lien de réponse, par e-mail"
    LETTER = "LETTER", "Lettre remise ou envoyée"
    PHONE = "PHONE", "Par téléphone"


class ConfirmedBy(models.TextChoices):
    """Who says that the first contact took place; the parents' word counts in I9, flagged."""

    PROFESSIONAL = "PROFESSIONAL", "Le professionnel"
    PARENT = "PARENT", "Les parents"
    AP = "AP", "L’auxiliaire ou l’équipe"


class LinkStep(models.TextChoices):
    """What happened on a one-time link."""

    OPENED = "OPENED", "Ouvert"
    WRONG_CODE = "WRONG_CODE", "Code faux"
    RIGHT_CODE = "RIGHT_CODE", "Code juste"
    ANSWERED = "ANSWERED", "Répondu"
    READ = "READ", "Lu"
