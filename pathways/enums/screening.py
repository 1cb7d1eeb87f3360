"""Codes of screening: the vulnerability grid, the EPDS, suggestions to the team, observations (domain.md 3 and 4)."""

from django.db import models


class GridDomain(models.TextChoices):
    """The domains of the grid, and its resources (domain.md 4.2)."""

    V1 = "V1", "Conditions de vie"
    V2 = "V2", "Âge"
    V3 = "V3", "Violences"
    V4 = "V4", "Santé psychique"
    V5 = "V5", "Tabac, alcool, autres"
    V6 = "V6", "Handicap, maladie longue"
    V7 = "V7", "Justice, protection"
    V8 = "V8", "Début de vie"
    V9 = "V9", "Famille et lien"
    R = "R", "Forces"


class Sensitivity(models.TextChoices):
    """Who may read a fact: S3 stands in the sealed compartment (design.md 3.12)."""

    S1 = "S1", "Soutien ordinaire"
    S2 = "S2", "Cercle de soin"
    S3 = "S3", "Compartiment protégé"


class GridTicker(models.TextChoices):
    """Who may record a factor (G1)."""

    CARE = "care", "L’auxiliaire et l’équipe"
    TEAM = "team", "L’équipe et le médecin de PMI"


class ScreenedPerson(models.TextChoices):
    """Whom an answer is about."""

    MOTHER = "mother", "La mère"
    COPARENT = "coparent", "Le co-parent"
    CHILD = "child", "L’enfant"
    FAMILY = "family", "La famille"


class GridValue(models.TextChoices):
    """The four values of a factor; none of them is a number (domain.md 4.2)."""

    PRESENT = "present", "Présent"
    ABSENT = "absent", "Absent"
    NOT_EXPLORED = "not_explored", "Pas abordé"
    REFUSES = "refuses", "Ne souhaite pas en parler"


class ScreeningSource(models.TextChoices):
    """Where something was seen or said."""

    VISIT = "visit", "Visite"
    CALL = "call", "Appel"
    MEETING = "meeting", "Réunion"
    OFFICE = "office", "Consultation"
    HOME = "home", "À domicile"


class Presence(models.TextChoices):
    """Who stood beside the mother (« vue seule », G3, A36); codes of visit-report.md, list epds_alone."""

    ALONE = "ALONE", "Seule"
    BABY_ONLY = "BABY_ONLY", "Seule avec bébé"
    OTHER_NEAR = "OTHER_NEAR", "Quelqu’un à côté, sans lire"
    PARTNER_NEAR = "PARTNER_NEAR", "Le co-parent était là"
    UNKNOWN = "UNKNOWN", "Pas noté"


class GridStatus(models.TextChoices):
    """How far the grid was gone through; codes of visit-report.md, list grid_status."""

    REVIEWED_NOTHING = "REVIEWED_NOTHING", "Oui, rien de nouveau à noter"
    TO_NOTE = "TO_NOTE", "Oui, quelque chose à noter"
    PARTLY = "PARTLY", "En partie"
    SKIPPED = "SKIPPED", "Pas cette fois"


class GridSkip(models.TextChoices):
    """Why the grid was skipped (R012); codes of visit-report.md, list grid_skip."""

    NOT_ALONE = "NOT_ALONE", "Mère jamais seule"
    TIME = "TIME", "Pas le temps"
    LANGUAGE = "LANGUAGE", "Langue"
    FAMILY_WISH = "FAMILY_WISH", "La famille ne souhaite pas"
    URGENT = "URGENT", "Autre chose d’urgent"
    OTHER = "OTHER", "Autre"


class ConclusionLevel(models.TextChoices):
    """What the team concludes, in words: HAS gives factors, not a score."""

    ORDINARY = "ordinary", "Accompagnement habituel"
    WATCH = "watch", "À suivre de près"
    SHARED = "shared", "À discuter à plusieurs"


class SealedDomain(models.TextChoices):
    """What a signal to the team is about; codes of visit-report.md, list s3_domain."""

    VIOLENCE = "VIOLENCE", "Violence"
    MIND = "MIND", "Santé psychique"
    JUSTICE = "JUSTICE", "Justice, prison"
    CHILD_PROTECTION = "CHILD_PROTECTION", "Protection d’un enfant"


class SafeCall(models.TextChoices):
    """Whether she may be called without danger; codes of visit-report.md, list safe_call."""

    YES = "YES", "Oui"
    ONLY_TIMES = "ONLY_TIMES", "Seulement à certaines heures"
    NO = "NO", "Non"


class SuggestionKind(models.TextChoices):
    """What is suggested to the team; a person decides."""

    THIRD_VISIT = "third_visit", "Une troisième visite"
    TEAM_REVIEW = "team_review", "Faire le point en équipe"


class SuggestionCause(models.TextChoices):
    """What a suggestion comes from (R056, R057)."""

    GRID = "grid", "Repérage"
    EPDS = "epds", "Questionnaire EPDS"
    # Apart: what waits about the mother is never joined to what waits about him (A37).
    COPARENT_EPDS = "coparent_epds", "Questionnaire EPDS du co-parent"
    PARENTS_REQUEST = "parents_request", "Demande des parents"
    TEAM = "team", "Échange d’équipe"


# What a result at a cut-off suggests is answered the same day (alerts.md 3).
EPDS_CAUSES = frozenset({SuggestionCause.EPDS, SuggestionCause.COPARENT_EPDS})


class EpdsStatus(models.TextChoices):
    """Whether the scale was filled in; codes of visit-report.md, list epds_status."""

    DONE = "DONE", "Rempli"
    REFUSED = "REFUSED", "Ne souhaite pas"
    NOT_DONE = "NOT_DONE", "Pas proposé"


class EpdsReason(models.TextChoices):
    """Why it was not filled in; codes of visit-report.md, list dev_epds."""

    REFUSED = "REFUSED", "Ne souhaite pas"
    NOT_ALONE = "NOT_ALONE", "Jamais seule"
    LANGUAGE = "LANGUAGE", "Pas de feuille dans sa langue"
    TOO_EARLY = "TOO_EARLY", "Trop tôt, reporté"
    STATE = "STATE", "Ce n’était pas le moment"
    ALREADY = "ALREADY", "Déjà fait par un autre professionnel"
    MOTHER_AWAY = "MOTHER_AWAY", "Mère absente"
    FORGOTTEN = "FORGOTTEN", "Oubli"


class MidwifeTopic(models.TextChoices):
    """What a liberal midwife writes about (R112): hers by law, or as far as her time allows for the last two."""

    POSTPARTUM = "POSTPARTUM", "Suites de couches de la mère"
    NEWBORN = "NEWBORN", "Bébé, trois premières semaines"
    BREASTFEEDING = "BREASTFEEDING", "Allaitement"
    WELL_BEING = "WELL_BEING", "Bien-être"


class ObservationReader(models.TextChoices):
    """The kinds of professionals of the care team an observation may be shared with (R222)."""

    TEAM = "team", "Équipe de référence et coordination"
    AP = "ap", "Auxiliaire de la famille"
    LIBERAL_MIDWIFE = "liberal_midwife", "Sage-femme libérale"
    PMI_DOCTOR = "pmi_doctor", "Médecin de PMI"
    PMI = "pmi", "Équipe de PMI"
    CPP = "cpp", "Pilote CPP"
