"""What pauses a pathway: a hospital stay, a family nobody hears from."""

from django.db import models


class Patient(models.TextChoices):
    """Who is in hospital."""

    MOTHER = "mother", "La mère"
    CHILD = "child", "Un enfant"


class Ward(models.TextChoices):
    """Where she or the child is: a kind of ward, never a reason (no diagnosis stands in a stay)."""

    MATERNITY = "MATERNITY", "Maternité"
    NEONATAL = "NEONATAL", "Néonatologie"
    PAEDIATRIC = "PAEDIATRIC", "Pédiatrie"
    OTHER = "OTHER", "Autre service"


class WithdrawalReach(models.TextChoices):
    """How far a family stops (inclusion.md, [withdraw]); taking it back is no reach but its end."""

    ALL = "ALL", "Elle arrête tout"
    VISITS_KEEP_SPACE = "VISITS_KEEP_SPACE", "Elle arrête les visites et garde son espace"


class ContactChannel(models.TextChoices):
    """How somebody tried to reach the family."""

    CALL = "CALL", "Appel"
    SMS = "SMS", "SMS"
    DOOR = "DOOR", "Passage chez elle"
    LETTER = "LETTER", "Courrier"


class ContactResult(models.TextChoices):
    """What came of it. Only REACHED is news."""

    REACHED = "REACHED", "Elle a répondu"
    NO_ANSWER = "NO_ANSWER", "Pas de réponse"
    MESSAGE_LEFT = "MESSAGE_LEFT", "Message laissé"
    WRONG_NUMBER = "WRONG_NUMBER", "Le numéro ne répond plus"


class AftercareStep(models.TextChoices):
    """What a person does after a death (alerts.md 6.1): no machine calls a family in mourning.

    CHILD_FOLLOWED is asked when the mother died and a child lives, and says who does.
    """

    CALL_FAMILY = "CALL_FAMILY", "Appeler la famille"
    CHILD_FOLLOWED = "CHILD_FOLLOWED", "Qui suit l’enfant : PMI, médecin"
    CALL_AP = "CALL_AP", "Appeler l’auxiliaire le jour même"
    OTHER_SERVICES = "OTHER_SERVICES", "Faire annuler ce que d’autres services enverraient"
    SUPPORT = "SUPPORT", "Proposer un accompagnement du deuil"
