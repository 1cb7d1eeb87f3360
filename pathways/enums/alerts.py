"""Why somebody must look now."""

from django.db import models


class AlertKind(models.TextChoices):
    """Why somebody must look now."""

    REPORT_DUE_SOON = "report_due_soon", "Compte rendu bientôt en retard"
    REPORT_OVERDUE = "report_overdue", "Compte rendu en retard"
    CHILD_SIGN = "child_sign", "Signe d’alerte chez l’enfant"
    MOTHER_SIGN = "mother_sign", "Signe d’alerte chez la mère"
    PROTECTED = "protected", "Alerte protégée : appelez l’équipe"
    DEATH = "death", "Deuil dans une famille"


# Kinds raised by a sign seen at home: they come first and only an acknowledgement ends their wait.
SIGN_KINDS = frozenset({AlertKind.CHILD_SIGN, AlertKind.MOTHER_SIGN, AlertKind.PROTECTED})
# What is still told in mourning, every reminder being silent (A38).
TOLD_IN_MOURNING = SIGN_KINDS | {AlertKind.DEATH}


class AlertPerson(models.TextChoices):
    """Whose sign it is (alerts.md 9): who is cared for, and who is called back."""

    MOTHER = "mother", "La mère"
    CHILD = "child", "L’enfant"
    COPARENT = "coparent", "L’autre parent"
    HOME = "home", "Le foyer"


class AlertFamily(models.TextChoices):
    """The families of signs (alerts.md 1); the code of an alert begins with one of them."""

    CHILD_VITAL = "CHILD_VITAL", "Bébé : urgence vitale"
    CHILD_URGENT = "CHILD_URGENT", "Bébé : avis tout de suite"
    MOTHER_VITAL = "MOTHER_VITAL", "Mère : urgence vitale"
    MOTHER_URGENT = "MOTHER_URGENT", "Mère : avis aujourd’hui"
    MIND_VITAL = "MIND_VITAL", "Ne pas laisser seule"
    MIND_SOON = "MIND_SOON", "Moral : avis aujourd’hui"
    DANGER_NOW = "DANGER_NOW", "Danger maintenant"
    PROTECTED = "PROTECTED", "Situation protégée"
    HOME_TONIGHT = "HOME_TONIGHT", "Ce soir : toit, chaleur, repas"


# A mother who said no to her liberal midwife: these families alone are told to her all the same (alerts.md 1).
VITAL_FAMILIES = frozenset({AlertFamily.CHILD_VITAL, AlertFamily.MOTHER_VITAL, AlertFamily.MIND_VITAL})
# Of these the midwife reads nothing but whom to call.
WITHOUT_CONTENT = frozenset({AlertFamily.DANGER_NOW, AlertFamily.PROTECTED})


class LadderStep(models.TextChoices):
    """The steps of the escalation (alerts.md 7); step 0, the procedure, is the tablet's."""

    RAISED = "raised", "Équipe de garde prévenue"
    MIDWIFE = "midwife", "Sage-femme libérale prévenue"
    SECOND = "second", "Seconde de garde prévenue"
    DOCTOR = "doctor", "Médecin d’astreinte et coordination prévenus"
    AP = "ap", "Auxiliaire prévenue que personne n’a répondu"
    PILOTS = "pilots", "Pilotes prévenus"
    # A death that nobody has confirmed nor undone within its two hours (alerts.md 6.1).
    REMINDED = "reminded", "Équipe de garde et coordination prévenues de nouveau"
    # She gave her name, and has not written what the auxiliary does.
    UNSAID = "unsaid", "Rappelée à qui l’a prise : la consigne manque"
    RETURN = "return", "Équipe rappelée, 24 h après la prise"
    REFUSED = "refused", "Médecin de l’équipe prévenu : à elle ou lui de décider"
    TAKEN = "taken", "Alerte prise : auxiliaire et sage-femme prévenues"
    INSTRUCTED = "instructed", "Consigne écrite : auxiliaire et sage-femme prévenues"
    CLOSED = "closed", "Alerte close : auxiliaire prévenue"
    # Whoever it was about has died: nothing is left to answer.
    ENDED = "ended", "Alerte finie : qui l’avait prise est prévenue"
    # Taken by mistake: nobody answers it any more, the team is called again.
    GIVEN_BACK = "given_back", "Alerte rendue : auxiliaire et sage-femme prévenues"


# The steps that call somebody by her place on the roster.
CALLED_ON_DUTY = (LadderStep.RAISED, LadderStep.SECOND, LadderStep.DOCTOR)
# How the codes of the signs begin that concern a child (alerts.md 1: read by the PMI doctor of the binôme too).
CHILD_SIGNS = ("CHILD_", "HOME_CHILD_")


class ToldBy(models.TextChoices):
    """How somebody was told of an alert: on the pages of the platform, by mail, by SMS; or that nothing reaches her."""

    APP = "app", "sur la plateforme"
    EMAIL = "email", "par e-mail"
    SMS = "sms", "par SMS"
    # No account, no number: a person calls her.
    NONE = "none", "ni compte ni numéro"


class AlertDecision(models.TextChoices):
    """What the team decides for « Ne pas laisser seule » (alerts.md 5.5)."""

    CALL_MOTHER = "call_mother", "Je rappelle la mère"
    SEEN_TODAY = "seen_today", "Consultation aujourd’hui"
    PSYCHIATRY = "psychiatry", "Urgences psychiatriques"
    SAMU_SENT = "samu_sent", "15 envoyé"
    ALREADY_FOLLOWED = "already_followed", "Déjà suivie, contact pris"
    # Her words are kept, the doctor of the team decides, nobody else is told.
    REFUSES = "refuses", "Elle refuse tout suivi"


class AlertNoteKind(models.TextChoices):
    """What happened about an alert before it was closed: a call, somebody who came herself (R111), the sign again, a
    taking given back.
    """

    CALL = "call", "Appel"
    IN_HAND = "in_hand", "Prise en main"
    # Sent by the red button and ticked in the report of the same visit, or twice: one alert, this line says it.
    AGAIN = "again", "Signalée de nouveau"
    # Whoever took it had done so by mistake.
    BACK = "back", "Rendue"


class Called(models.TextChoices):
    """Who was called."""

    TEAM = "team", "L’équipe"
    SAMU = "samu", "Le 15"
    POLICE = "police", "Le 17 ou le 114"
    SUICIDE_LINE = "suicide_line", "Le 3114"
    MIDWIFE = "midwife", "La sage-femme"
    OTHER = "other", "Quelqu’un d’autre"


class EmergencyUse(models.TextChoices):
    """What an emergency number is for (alerts.md, defaults before section 1)."""

    SAMU = "samu", "SAMU"
    EUROPE = "europe", "Urgences en Europe"
    FIRE = "fire", "Pompiers"
    POLICE = "police", "Police, gendarmerie"
    TEXT = "text", "Urgences par SMS"
    SUICIDE = "suicide", "Prévention du suicide"
    VIOLENCE = "violence", "Violences"
    CHILD = "child", "Enfance en danger"
    POISON = "poison", "Centre antipoison"
