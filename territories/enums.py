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


# R034, R041: a territory is led by two, whatever structure carries; without one of them nobody leads it.
LEADERS = (Role.COORDINATOR, Role.PMI_DOCTOR)
BINOME = frozenset(LEADERS)
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


class PartnershipKind(models.TextChoices):
    """What a territory agrees on in writing: the convention of a carrier with a maternity (R042), and the rest."""

    CONVENTION = "convention", "Convention avec une maternité"
    PARTNERSHIP = "partnership", "Autre partenariat"


class CommitteeKind(models.TextChoices):
    """Who a follow-up committee brings together (R091, R092)."""

    NATIONAL = "national", "Comité national"
    TERRITORIAL = "territorial", "Comité territorial"


class PostKind(models.TextChoices):
    """What a topic of the communauté de pratiques brings (R093)."""

    EXPERIENCE = "experience", "Expérience"
    TOOL = "tool", "Outil"
    DIFFICULTY = "difficulty", "Difficulté"


class TrainingModule(models.TextChoices):
    """The modules every auxiliary follows (R100), and any other."""

    PERINATAL_PSYCHOLOGY = "perinatal_psychology", "Psychologie périnatale"
    RISK_MANAGEMENT = "risk_management", "Gestion des risques"
    ACTOR_MAP = "actor_map", "Carte des acteurs du territoire"
    OTHER = "other", "Une autre formation"


# R100: these three at least.
MANDATORY_MODULES = (TrainingModule.PERINATAL_PSYCHOLOGY, TrainingModule.RISK_MANAGEMENT, TrainingModule.ACTOR_MAP)


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


# R034: it waits for its binôme, and includes nobody.
BEFORE_ACTIVE = frozenset({TerritoryStatus.CANDIDATE, TerritoryStatus.PREPARING})


class Channel(models.TextChoices):
    """How a message leaves. Neither ordinary mail nor SMS ever carries health content (L13, alerts.md 8)."""

    EMAIL = "email", "E-mail"
    SMS = "sms", "SMS"


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


# What a service may answer of its places.
CAPACITY_ANSWERS = (Capacity.OPEN, Capacity.WAITING, Capacity.FULL)


class AskBy(models.TextChoices):
    """How one asks a resource: by voice, in writing, with a letter, on a page of its own."""

    CALL = "call", "On appelle"
    WRITE = "write", "On écrit"
    LETTER = "letter", "Il faut une lettre"
    FORM = "form", "Un formulaire sur son site"
    UNKNOWN = "unknown", "Ne sait pas"


class EventKind(models.TextChoices):
    """What brings parents together (R226)."""

    GROUP = "group", "Groupe"
    WORKSHOP = "workshop", "Atelier"
    OPEN_DOOR = "open_door", "Accueil ouvert"
    INFORMATION = "information", "Rencontre d’information"


class Registration(models.TextChoices):
    """How one comes to a group or a workshop; the last two say that nobody more may."""

    FREE = "free", "Entrée libre"
    PHONE = "phone", "Inscription par téléphone"
    LINK = "link", "Inscription en ligne"
    REQUIRED = "required", "Inscription obligatoire auprès de l’organisateur"
    CLOSED = "closed", "Inscriptions closes"
    FULL = "full", "Complet"


class Rhythm(models.TextChoices):
    """How a date comes again; each one is stored, so that one of them can be cancelled."""

    ONCE = "once", "Une seule fois"
    WEEKLY = "weekly", "Chaque semaine"
    FORTNIGHTLY = "fortnightly", "Toutes les deux semaines"
    MONTHLY = "monthly", "Chaque mois, le même jour de la semaine"


# A18: who of the medical team answers for an auxiliary, and which nurse or puéricultrice supervises her.
SUPERVISORS = EMR
NURSES = frozenset({Role.REFERRING_TEAM, Role.PMI_STAFF})


class DutyPlace(models.IntegerChoices):
    """A place on the duty roster of a structure: who is called first, second, third (alerts.md 7), and the AP."""

    FIRST = 1, "Équipe de garde"
    SECOND = 2, "Seconde de garde"
    DOCTOR = 3, "Médecin d’astreinte"
    AP = 4, "Auxiliaire de permanence"


# Who may stand where: an alert is answered by those who may take it, the early discharges by an auxiliary.
ROLES_OF_PLACE: dict[int, frozenset[Role]] = {
    DutyPlace.FIRST: frozenset({Role.REFERRING_TEAM, Role.COORDINATOR}),
    DutyPlace.SECOND: frozenset({Role.REFERRING_TEAM, Role.COORDINATOR}),
    DutyPlace.DOCTOR: frozenset({Role.REFERRING_TEAM, Role.COORDINATOR, Role.PMI_DOCTOR}),
    DutyPlace.AP: frozenset({Role.AP}),
}
# Roles that answer for the whole territory: they may stand on the roster of any structure, the others on their own.
ANYWHERE = frozenset({Role.COORDINATOR, Role.PMI_DOCTOR})
