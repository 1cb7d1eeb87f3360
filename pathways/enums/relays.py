"""The relay to the PMI."""

from django.db import models


class RelayState(models.TextChoices):
    """Where the relay to the PMI stands; the moves are in `rules.RELAY_MOVES`.

    A question is not a refusal: the referring team answers it. A declined relay is the team's again.
    """

    WAITING = "waiting", "En attente de la PMI"
    QUESTIONED = "questioned", "Question de la PMI"
    ACCEPTED = "accepted", "Accepté"
    DECLINED = "declined", "Décliné par la PMI"
    NOT_NEEDED = "not_needed", "Sans suite"


class RelayLack(models.TextChoices):
    """Why nothing that is written reaches the PMI of a relay, even with the mother's yes."""

    GIVEN_BACK = "given_back", "a rendu le relais à l’équipe"
    NOT_NEEDED = "not_needed", "le relais est sans suite"
    OVER = "over", "ne suit plus la famille"
    NO_SECTOR = "no_sector", "aucun secteur de PMI n’est attribué"
    NO_MAILBOX = "no_mailbox", "sans boîte de service, à appeler"
    NO_RELAY = "no_relay", "aucun relais n’est préparé"


class RelayStepKind(models.TextChoices):
    """What somebody decided about a relay beside accepting it and asking; each with its reason."""

    STARTED = "started", "Relais demandé plus tôt"
    REASSIGNED = "reassigned", "Relais confié à un autre secteur"
    DECLINED = "declined", "Relais décliné par la PMI"
    SENT_AGAIN = "sent_again", "Relais présenté de nouveau"
    NOT_NEEDED = "not_needed", "Relais fermé, pas nécessaire"
    HANDED_OVER = "handed_over", "Relais remis en main propre"
    LATE_CONTACT = "late_contact", "Premier contact après le jour demandé"
    SPOKEN = "spoken", "Échange oral entre les deux équipes"


class ContactKind(models.TextChoices):
    """How the PMI met the family after the relay."""

    VISIT = "visit", "Visite à domicile"
    CLINIC = "clinic", "Consultation"
    CALL = "call", "Appel"


class RelayOutcome(models.TextChoices):
    """What became of a relay (R061: the PMI may follow a child until six)."""

    FOLLOWED = "followed", "La PMI suit l’enfant"
    ENDED = "ended", "Le suivi est terminé"
    FAMILY_DECLINES = "declines", "La famille ne souhaite pas de suite"
    MOVED = "moved", "La famille a déménagé"
