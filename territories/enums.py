"""Codes of the organisation: roles, structures, territories."""

from django.db import models


class Role(models.TextChoices):
    """What a member does in a territory (design.md 1)."""

    COORDINATOR = "coordinator", "Sage-femme coordinatrice"
    PMI_DOCTOR = "pmi_doctor", "Médecin de PMI"
    CPP_PILOT = "cpp_pilot", "Pilote CPP"
    AP = "ap", "Auxiliaire de puériculture"
    REFERRING_TEAM = "referring_team", "Équipe médicale de référence"
    LIBERAL_MIDWIFE = "liberal_midwife", "Sage-femme libérale"
    PMI_STAFF = "pmi_staff", "Professionnelle de PMI"
    OUTSIDE_PROFESSIONAL = "outside_professional", "Professionnel extérieur"
    ADMINISTRATOR = "administrator", "Administratrice du territoire"


class MandateRole(models.TextChoices):
    """What somebody does above territories: figures, never a family."""

    ARS_OFFICER = "ars_officer", "Agence régionale de santé"
    NATIONAL = "national", "Pilotage national"
    EVALUATOR = "evaluator", "Évaluation"


# R034: a territory is led by two; without one of them nobody leads it.
BINOME = frozenset({Role.COORDINATOR, Role.PMI_DOCTOR})
# The referring team in the sense of R004: those who decide, and who read what is sealed.
EMR = BINOME | {Role.REFERRING_TEAM}
# The pilots of a territory: the binôme and its optional third member (R036).
PILOTS = BINOME | {Role.CPP_PILOT}


class StructureKind(models.TextChoices):
    """The three kinds of structure that may employ an AP or hold a referring team (R031)."""

    MATERNITY = "maternity", "Maternité"
    CPP = "cpp", "Centre périnatal de proximité"
    PMI = "pmi", "PMI"


# R031, R034, R036: the kinds of structure in which a role is held. Roles that are not here may be held in any, or none.
KINDS_OF_ROLE: dict[str, frozenset[StructureKind]] = {
    Role.COORDINATOR: frozenset({StructureKind.MATERNITY}),
    Role.PMI_DOCTOR: frozenset({StructureKind.PMI}),
    Role.PMI_STAFF: frozenset({StructureKind.PMI}),
    Role.CPP_PILOT: frozenset({StructureKind.CPP}),
    Role.AP: frozenset(StructureKind),
    Role.REFERRING_TEAM: frozenset(StructureKind),
}


class Typology(models.TextChoices):
    """How a territory is read in every indicator (R141)."""

    URBAN = "urban", "urbain"
    RURAL = "rural", "rural"
    MIXED = "mixed", "mixte"


class TerritoryStatus(models.TextChoices):
    """Life of a territory in the programme."""

    CANDIDATE = "candidate", "Candidat"
    PREPARING = "preparing", "En préparation"
    ACTIVE = "active", "Actif"
    CLOSED = "closed", "Clos"


class Channel(models.TextChoices):
    """How a message leaves. Only ordinary mail for now; neither it nor SMS ever carries health content (L13)."""

    EMAIL = "email", "E-mail"


class Known(models.TextChoices):
    """A yes or no that nobody may have asked yet."""

    YES = "yes", "Oui"
    NO = "no", "Non"
    UNKNOWN = "unknown", "Ne sait pas"


class Cost(models.TextChoices):
    """What a family pays."""

    FREE = "free", "Gratuit"
    COVERED = "covered", "Pris en charge"
    PART = "part", "En partie à sa charge"
    FEE = "fee", "Payant"
    UNKNOWN = "unknown", "Ne sait pas"


class Capacity(models.TextChoices):
    """Whether a resource takes new families."""

    OPEN = "open", "Oui"
    WAITING = "waiting", "Liste d’attente"
    FULL = "full", "Non"
    UNKNOWN = "unknown", "Ne sait pas"
