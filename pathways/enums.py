"""Codes of families and pathways. French labels come from forms/inclusion.md."""

from django.db import models


class Parity(models.TextChoices):
    """First child or not: one of the mandatory strata (R037)."""

    FIRST = "FIRST", "Premier enfant"
    ALREADY = "ALREADY", "Déjà parent"


class Sex(models.TextChoices):
    """Sex of the child as written by the maternity."""

    FEMALE = "female", "Fille"
    MALE = "male", "Garçon"
    UNKNOWN = "unknown", "Indéterminé"


class BirthMode(models.TextChoices):
    """How the child was born; decides the discharge thresholds."""

    VAGINAL = "VAGINAL", "Voie basse"
    INSTRUMENTAL = "INSTRUMENTAL", "Voie basse aidée"
    CAESAREAN = "CAESAREAN", "Césarienne"


class DischargeKind(models.TextChoices):
    """Category of discharge, chosen by the doctor; the computed one is only shown beside it (domain.md 5)."""

    ULTRA_EARLY = "ULTRA_EARLY", "Ultra-précoce"
    EARLY = "EARLY", "Précoce"
    STANDARD = "STANDARD", "Habituelle"
    LONG = "LONG", "Prolongée"


class ProposalContext(models.TextChoices):
    """When CoPa was presented (R064)."""

    EPP = "EPP", "Entretien prénatal précoce"
    CONSULTATION = "CONSULTATION", "Consultation"
    BIRTH_PREP = "BIRTH_PREP", "Préparation à la naissance"
    STAY = "STAY", "Séjour à la maternité"


class CoveredPoint(models.TextChoices):
    """What the presentation covered (R065): the visits, and what stands beside them."""

    COPA = "COPA", "Les visites CoPa"
    SFL = "SFL", "Le suivi par la sage-femme"
    PMI = "PMI", "La PMI"
    SCENARIOS = "SCENARIOS", "Les différentes sorties possibles"


class ProposalSupport(models.TextChoices):
    """What was left with the mother (R063)."""

    LEAFLET = "LEAFLET", "Dépliant"
    FALC = "FALC", "Version facile à lire"
    TRANSLATED = "TRANSLATED", "Version traduite"
    ORAL = "ORAL", "À l’oral seulement"


class ProposalAnswer(models.TextChoices):
    """The mother's answer to the proposal; PENDING until she has given one."""

    PENDING = "PENDING", "Veut réfléchir"
    YES = "YES", "Oui"
    NO = "NO", "Non"


class RefusalReason(models.TextChoices):
    """Why she refused, only when she said so (R070)."""

    ENOUGH = "ENOUGH", "Déjà bien entourée"
    MIDWIFE_ENOUGH = "MIDWIFE_ENOUGH", "La sage-femme suffit"
    EXPERIENCE = "EXPERIENCE", "Connaît déjà, autres enfants"
    NO_HOME_VISIT = "NO_HOME_VISIT", "Pas de visite chez elle"
    FAMILY_SAYS_NO = "FAMILY_SAYS_NO", "Quelqu’un de la famille ne veut pas"
    TIME = "TIME", "Pas le moment"
    DATA = "DATA", "Inquiète pour ses données"
    PMI_FEAR = "PMI_FEAR", "Crainte de la PMI"
    ELSEWHERE = "ELSEWHERE", "Part ailleurs"
    OTHER_HELP = "OTHER_HELP", "Autre programme"
    NOT_SAID = "NOT_SAID", "Pas dit"


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


class PathwayState(models.TextChoices):
    """Life of a pathway. Every state but ACTIVE and CLOSED is a stop that silences everything (A38)."""

    ACTIVE = "active", "En cours"
    SUSPENDED = "suspended", "Suspendu (hospitalisation)"
    CLOSED = "closed", "Clos"
    WITHDRAWN = "withdrawn", "Arrêté par la famille"
    MOVED = "moved", "Déménagement"
    BEREAVED = "bereaved", "Arrêté, deuil"


class ClosingReason(models.TextChoices):
    """Why a pathway closes with fewer than two visits done (P23: without one the family is lost to follow-up)."""

    COMPLETE = "COMPLETE", "Visites faites"
    FAMILY_WISH = "FAMILY_WISH", "La famille ne souhaite pas d’autre visite"
    HOSPITAL = "HOSPITAL", "Hospitalisation"
    MOVED = "MOVED", "Déménagement"
    UNREACHABLE = "UNREACHABLE", "Famille injoignable"


class DeadPerson(models.TextChoices):
    """Who died (A38, alerts.md 6.1)."""

    MOTHER = "mother", "La mère"
    CHILD = "child", "Un enfant"


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


class RelayState(models.TextChoices):
    """Where the relay to the PMI stands. A question is not a refusal: the referring team answers it."""

    WAITING = "waiting", "En attente de la PMI"
    QUESTIONED = "questioned", "Question de la PMI"
    ACCEPTED = "accepted", "Accepté"


class GrantReason(models.TextChoices):
    """Why one family is opened to one professional by name."""

    LIBERAL_MIDWIFE = "LIBERAL_MIDWIFE", "Suit la mère à domicile"
    ORIENTATION = "ORIENTATION", "Orientation"
    EMERGENCY = "EMERGENCY", "Urgence (bris de glace)"
