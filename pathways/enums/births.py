"""A delivery, the way home, CoPa presented."""

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


class BirthPlace(models.TextChoices):
    """Where the child was born; a birth under secrecy never has a file (A38)."""

    STRUCTURE = "STRUCTURE", "Maternité"
    HOME_PLANNED = "HOME_PLANNED", "Domicile prévu"
    OUTSIDE_UNPLANNED = "OUTSIDE_UNPLANNED", "Hors maternité, imprévu"


class ChildSituation(models.TextChoices):
    """A child who does not live with the mother, as the referring team wrote it by hand (inclusion.md 8)."""

    WITH_HER = "", "Avec sa mère"
    PLACED = "PLACED", "Confié"
    ADOPTED = "ADOPTED", "Adopté"


class DischargeKind(models.TextChoices):
    """Category of discharge, chosen by the doctor; the computed one is only shown beside it (domain.md 5)."""

    ULTRA_EARLY = "ULTRA_EARLY", "Ultra-précoce"
    EARLY = "EARLY", "Précoce"
    STANDARD = "STANDARD", "Habituelle"
    LONG = "LONG", "Prolongée"


class Reopened(models.TextChoices):
    """Why an early visit that an auxiliary had confirmed is wanted again, or no longer."""

    DISCHARGE = "DISCHARGE", "La sortie a changé"
    CANCELLED = "CANCELLED", "La visite a été annulée"
    NOT_DONE = "NOT_DONE", "La visite n’a pas eu lieu"


class ProposalContext(models.TextChoices):
    """When CoPa was presented (R064)."""

    EPP = "EPP", "Entretien prénatal précoce"
    CONSULTATION = "CONSULTATION", "Consultation"
    BIRTH_PREP = "BIRTH_PREP", "Préparation à la naissance"
    STAY = "STAY", "Séjour à la maternité"


class Presenter(models.TextChoices):
    """Who presented CoPa to the mother (R064, inclusion.md prop.by); an auxiliary only during the stay."""

    HOSPITAL_MIDWIFE = "HOSPITAL_MIDWIFE", "Sage-femme hospitalière"
    LIBERAL_MIDWIFE = "LIBERAL_MIDWIFE", "Sage-femme libérale"
    PMI_MIDWIFE = "PMI_MIDWIFE", "Sage-femme de PMI"
    AP = "AP", "Auxiliaire de puériculture"


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
