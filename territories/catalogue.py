"""Reference data of the directory: the types of resources and the needs they serve (forms/directory-types.md 2 and 4).

Codes are stable and the class of a type is never adapted: it decides what counts in I9.
"""

from dataclasses import dataclass

from django.db import models


class EntryClass(models.TextChoices):
    """What an orientation to a type counts as in I9: strict and extended, extended alone, social, never."""

    HEALTH = "H", "Professionnel de santé"
    EXTENDED = "X", "Psychologue et assimilé"
    SOCIAL = "S", "Social et parentalité"
    INFORMATION = "I", "Information, lien, administration"


class EntryMode(models.TextChoices):
    """Who opens the door of a type (R004)."""

    SELF = "SELF", "Les parents y vont eux-mêmes"
    ASK = "ASK", "L’auxiliaire demande, l’équipe décide"
    TEAM = "EMR", "L’équipe de référence ou le médecin de PMI"
    PROFESSIONAL = "PRO", "Entre professionnels seulement"


class Audience(models.TextChoices):
    """Whom a type receives, and whom a need may concern."""

    MOTHER = "M", "mère"
    COPARENT = "C", "coparent"
    CHILD = "B", "enfant"
    FAMILY = "F", "famille"
    PROFESSIONALS = "P", "professionnels"


class Visibility(models.TextChoices):
    """Who may read an entry outside the territory's professionals; ARCHIVED is never chosen for a new orientation."""

    PUBLIC = "PUB", "Annuaire public"
    PROFESSIONAL = "PRO", "Annuaire des professionnels"
    ARCHIVED = "ARC", "Archivé"


class NeedCategory(models.TextChoices):
    """Fixed by the code of a need, so that no territory improves I9 by labelling otherwise."""

    HEALTH = "HEALTH", "Santé"
    SOCIAL = "SOCIAL", "Social et parentalité"
    SEALED = "SEALED", "Protégé"


@dataclass(frozen=True, slots=True)
class NeedType:
    """One problem that may be spotted; `audiences` are those it may concern, `sensitivity` S1 to S3."""

    code: str
    label: str
    category: NeedCategory
    audiences: frozenset[Audience]
    sensitivity: str

    @property
    def is_sealed(self) -> bool:
        """Whether it belongs to the compartment of the referring team (S3)."""
        return self.category == NeedCategory.SEALED


@dataclass(frozen=True, slots=True)
class DirectoryType:
    """One kind of resource; `needs` are the codes of the needs it serves."""

    code: str
    label: str
    entry_class: EntryClass
    entry_mode: EntryMode
    audiences: frozenset[Audience]
    visibility: Visibility
    needs: frozenset[str]

    @property
    def is_secret(self) -> bool:
        """Whether its places are read by the referring team alone (R003)."""
        return self.code in SECRET_TYPES

    @property
    def takes_families(self) -> bool:
        """Whether a family may be oriented there: not what professionals use among themselves, nor what has ended."""
        return self.entry_mode != EntryMode.PROFESSIONAL

    @property
    def receives_parents(self) -> bool:
        """Whether parents or children go there themselves: the CRIP is written to, nobody is sent to it."""
        return self.takes_families and self.audiences != {Audience.PROFESSIONALS}


def _audiences(letters: str) -> frozenset[Audience]:
    return frozenset(Audience(letter) for letter in letters.split())


def _need(code: str, label: str, category: str, audiences: str, sensitivity: str) -> NeedType:
    return NeedType(code, label, NeedCategory(category), _audiences(audiences), sensitivity)


def _type(
    code: str, label: str, entry_class: str, mode: str, audiences: str, visibility: str, needs: str
) -> DirectoryType:
    return DirectoryType(
        code,
        label,
        EntryClass(entry_class),
        EntryMode(mode),
        _audiences(audiences),
        Visibility(visibility),
        frozenset(needs.split()),
    )


_NEEDS = (
    _need("FEEDING_DIFFICULTY", "Alimentation de bébé", "HEALTH", "B M", "S1"),
    _need("BREAST_PAIN", "Douleur aux seins, sans fièvre", "HEALTH", "M", "S2"),
    _need("MILK_DONATION", "Don de lait", "HEALTH", "M", "S1"),
    _need("WEIGHT_FOLLOW", "Poids à suivre", "HEALTH", "B", "S1"),
    _need("SLEEP_CRYING", "Sommeil, pleurs", "HEALTH", "B", "S1"),
    _need("DIGESTION", "Ventre, régurgitations", "HEALTH", "B", "S1"),
    _need("CHILD_FOLLOW", "Suivi de l’enfant à organiser", "HEALTH", "B", "S1"),
    _need("EXAM_NOT_BOOKED", "Examen obligatoire sans rendez-vous", "HEALTH", "B", "S1"),
    _need("CERTIFICATE_MISSING", "Certificat du 8e jour non rempli", "HEALTH", "B", "S1"),
    _need("NO_CHILD_DOCTOR", "Pas de médecin pour l’enfant", "HEALTH", "B", "S1"),
    _need("SCREENING_FOLLOW", "Dépistage à refaire ou à prévoir", "HEALTH", "B", "S1"),
    _need("CHILD_SPECIAL", "Besoin particulier de l’enfant", "HEALTH", "B", "S2"),
    _need("CHILD_CARE_NURSE", "Soin infirmier de l’enfant", "HEALTH", "B", "S2"),
    _need("MOOD", "Moral de la mère", "HEALTH", "M", "S2"),
    _need("HARD_BIRTH", "Naissance mal vécue", "HEALTH", "M", "S2"),
    _need("EXHAUSTION", "Épuisement", "HEALTH", "M C", "S2"),
    _need("COPARENT_MOOD", "Moral du coparent", "HEALTH", "C", "S2"),
    _need("BOND", "Le lien avec bébé interroge", "HEALTH", "M C B", "S2"),
    _need("MOTHER_PAIN", "Douleur de la mère", "HEALTH", "M", "S2"),
    _need("SCAR_CARE", "Soin de cicatrice à organiser", "HEALTH", "M", "S2"),
    _need("PERINEUM", "Périnée, fuites, rééducation", "HEALTH", "M", "S2"),
    _need("POSTNATAL_NOT_BOOKED", "Entretien ou consultation postnatale non pris", "HEALTH", "M", "S1"),
    _need("CONTRACEPTION", "Question de contraception", "HEALTH", "M", "S2"),
    _need("NO_MIDWIFE", "Pas de sage-femme", "HEALTH", "M B", "S1"),
    _need("CHRONIC_FOLLOW", "Maladie longue\u00a0: suivi à relier", "HEALTH", "M C", "S2"),
    _need("NUTRITION", "Alimentation de la mère ou d’un aîné", "HEALTH", "M F", "S1"),
    _need("TOBACCO", "Arrêter ou réduire le tabac", "HEALTH", "M C", "S2"),
    _need("ADDICTION_HELP", "Alcool ou autre\u00a0: demande d’aide", "HEALTH", "M C", "S2"),
    _need("BEREAVEMENT", "Deuil", "HEALTH", "M C F", "S2"),
    _need("PARENTING", "Se sentir parent, repères", "SOCIAL", "M C", "S1"),
    _need("MULTIPLES", "Jumeaux ou plus\u00a0: organisation", "SOCIAL", "F", "S1"),
    _need("SIBLINGS", "Place et garde des aînés", "SOCIAL", "F", "S1"),
    _need("HOUSEHOLD", "Aide à la maison", "SOCIAL", "F", "S1"),
    _need("ISOLATION", "Isolement", "SOCIAL", "M C", "S2"),
    _need("COUPLE", "Tensions dans le couple", "SOCIAL", "M C", "S2"),
    _need("CHILDCARE", "Mode de garde, reprise du travail", "SOCIAL", "F", "S1"),
    _need("EQUIPMENT", "Lit, siège, vêtements", "SOCIAL", "F", "S1"),
    _need("FOOD", "Se nourrir, lait", "SOCIAL", "F", "S2"),
    _need("MONEY", "Ressources, dettes", "SOCIAL", "F", "S2"),
    _need("HOUSING", "Logement, chauffage", "SOCIAL", "F", "S2"),
    _need("RIGHTS", "Droits, démarches", "SOCIAL", "M C", "S1"),
    _need("NO_COVER", "Pas de couverture santé", "SOCIAL", "M C B", "S2"),
    _need("PAPERS", "Séjour, papiers", "SOCIAL", "M C", "S2"),
    _need("LANGUAGE", "Langue, lecture", "SOCIAL", "M C", "S1"),
    _need("DIGITAL", "Internet, téléphone", "SOCIAL", "M C", "S1"),
    _need("TRANSPORT", "Se déplacer", "SOCIAL", "F", "S1"),
    _need("PARENT_DISABILITY", "Handicap d’un parent\u00a0: aide concrète", "SOCIAL", "M C", "S2"),
    _need("COORDINATION", "Trop d’intervenants, besoin d’un référent", "SOCIAL", "F", "S1"),
    _need("VIOLENCE_SEALED", "Violence", "SEALED", "M C F", "S3"),
    _need("MIND_SEALED", "Santé psychique", "SEALED", "M C", "S3"),
    _need("CHILD_PROTECTION_SEALED", "Protection d’un enfant", "SEALED", "B F", "S3"),
    _need("JUSTICE_SEALED", "Justice, prison", "SEALED", "M C", "S3"),
)
_TYPES = (
    _type("MATERNITY", "Maternité", "H", "EMR", "M B", "PUB", "MOTHER_PAIN PERINEUM FEEDING_DIFFICULTY"),
    _type(
        "CPP",
        "Centre périnatal de proximité",
        "H",
        "ASK",
        "M B",
        "PUB",
        "FEEDING_DIFFICULTY POSTNATAL_NOT_BOOKED NO_MIDWIFE",
    ),
    _type(
        "PMI_CENTRE",
        "PMI de secteur",
        "H",
        "SELF",
        "M C B F",
        "PUB",
        "FEEDING_DIFFICULTY CHILD_FOLLOW EXAM_NOT_BOOKED NO_CHILD_DOCTOR PARENTING WEIGHT_FOLLOW BOND "
        "SLEEP_CRYING CERTIFICATE_MISSING",
    ),
    _type(
        "LIBERAL_MIDWIFE",
        "Sage-femme libérale",
        "H",
        "SELF",
        "M B",
        "PUB",
        "NO_MIDWIFE FEEDING_DIFFICULTY BREAST_PAIN PERINEUM POSTNATAL_NOT_BOOKED CONTRACEPTION MOTHER_PAIN",
    ),
    _type(
        "GP",
        "Médecin traitant",
        "H",
        "SELF",
        "M C B",
        "PUB",
        "NO_CHILD_DOCTOR EXAM_NOT_BOOKED CERTIFICATE_MISSING MOTHER_PAIN CHRONIC_FOLLOW COPARENT_MOOD",
    ),
    _type(
        "PAEDIATRICIAN",
        "Pédiatre",
        "H",
        "SELF",
        "B",
        "PUB",
        "NO_CHILD_DOCTOR EXAM_NOT_BOOKED CERTIFICATE_MISSING CHILD_FOLLOW WEIGHT_FOLLOW DIGESTION",
    ),
    _type(
        "GYNAECOLOGIST",
        "Gynécologue",
        "H",
        "ASK",
        "M",
        "PUB",
        "CONTRACEPTION PERINEUM MOTHER_PAIN POSTNATAL_NOT_BOOKED",
    ),
    _type("NURSE", "Infirmier, infirmière (IDE)", "H", "ASK", "M B", "PUB", "SCAR_CARE CHILD_CARE_NURSE"),
    _type("DIETITIAN", "Diététicien, diététicienne", "H", "ASK", "M B", "PUB", "NUTRITION CHRONIC_FOLLOW"),
    _type("REHAB", "Rééducation (kinésithérapeute, autre)", "H", "ASK", "M B", "PUB", "PERINEUM MOTHER_PAIN"),
    _type("LACTATION", "Consultation d’allaitement", "H", "SELF", "M B", "PUB", "FEEDING_DIFFICULTY BREAST_PAIN"),
    _type("LACTARIUM", "Lactarium", "H", "ASK", "M B", "PUB", "MILK_DONATION FEEDING_DIFFICULTY"),
    _type(
        "MSP_CHILD_NURSE",
        "Consultation de puériculture en maison de santé",
        "H",
        "SELF",
        "B",
        "PUB",
        "CHILD_FOLLOW SLEEP_CRYING DIGESTION WEIGHT_FOLLOW",
    ),
    _type(
        "PSYCHOLOGIST",
        "Psychologue, suivi psychologique",
        "X",
        "ASK",
        "M C F",
        "PUB",
        "MOOD COPARENT_MOOD HARD_BIRTH BOND BEREAVEMENT COUPLE",
    ),
    _type("PERINATAL_PSYCHIATRY", "Psychiatrie périnatale", "H", "EMR", "M C B", "PRO", "MOOD BOND MIND_SEALED"),
    _type("EMPP", "Équipe mobile de psychiatrie périnatale", "H", "EMR", "M C B", "PRO", "MOOD BOND MIND_SEALED"),
    _type("UPB", "Unité parents-bébé", "H", "EMR", "M C B", "PRO", "MIND_SEALED BOND"),
    _type("MOTHER_BABY_UNIT", "Unité mère-bébé", "H", "EMR", "M B", "PRO", "MIND_SEALED BOND"),
    _type("CMP", "Centre médico-psychologique", "H", "ASK", "M C B", "PUB", "MOOD COPARENT_MOOD BOND"),
    _type("ADDICTION", "Équipe d’addictologie", "H", "ASK", "M C", "PUB", "ADDICTION_HELP TOBACCO"),
    _type("CAMSP", "Action médico-sociale précoce (CAMSP)", "H", "ASK", "B", "PUB", "CHILD_SPECIAL SCREENING_FOLLOW"),
    _type("PASS", "Permanence d’accès aux soins de santé", "H", "SELF", "M C B", "PUB", "NO_COVER RIGHTS"),
    _type("SEXUAL_HEALTH", "Centre de santé sexuelle (ex-CPEF)", "H", "SELF", "M C", "PUB", "CONTRACEPTION COUPLE"),
    _type("EICCF", "Espace de vie affective (EICCF, ex-EVARS)", "S", "SELF", "M C", "PUB", "COUPLE"),
    _type("IVG_CONTACT", "Contact de référence IVG du réseau", "I", "PRO", "P", "PRO", ""),
    _type("CPDPN", "Centre de diagnostic prénatal", "H", "PRO", "P", "PRO", ""),
    _type("TRANSFER_CELL", "Cellule de transferts, SAMU", "H", "PRO", "P", "PRO", ""),
    _type("EMERGENCY", "Urgences adultes, pédiatriques, gynécologiques", "H", "SELF", "M C B", "PUB", ""),
    _type(
        "FOLLOW_NETWORK",
        "Réseau de suivi des enfants vulnérables",
        "H",
        "EMR",
        "B",
        "PRO",
        "CHILD_SPECIAL CHILD_FOLLOW",
    ),
    _type(
        "TISF",
        "Technicien de l’intervention sociale et familiale (TISF)",
        "S",
        "ASK",
        "F",
        "PUB",
        "HOUSEHOLD SIBLINGS EXHAUSTION BOND",
    ),
    _type("HOME_HELP", "Aide à domicile (SAAD)", "S", "ASK", "F", "PUB", "HOUSEHOLD EXHAUSTION"),
    _type(
        "SOCIAL_WORKER",
        "Assistante sociale",
        "S",
        "ASK",
        "M C F",
        "PUB",
        "MONEY HOUSING FOOD RIGHTS PAPERS ISOLATION VIOLENCE_SEALED JUSTICE_SEALED",
    ),
    _type("LAEP", "Lieu d’accueil enfants-parents", "S", "SELF", "F B", "PUB", "ISOLATION PARENTING BOND SIBLINGS"),
    _type("PARENT_GROUP", "Groupe de parents", "S", "SELF", "M C", "PUB", "ISOLATION PARENTING MULTIPLES BEREAVEMENT"),
    _type("REAAP", "Réseau d’appui aux parents (Reaap)", "S", "SELF", "F", "PUB", "PARENTING"),
    _type(
        "BREASTFEEDING_GROUP",
        "Association de soutien à l’allaitement",
        "S",
        "SELF",
        "M B",
        "PUB",
        "FEEDING_DIFFICULTY ISOLATION",
    ),
    _type(
        "PEER_SUPPORT", "Pair-aidance, entraide entre parents", "S", "SELF", "M C", "PUB", "ISOLATION MOOD HARD_BIRTH"
    ),
    _type("BEREAVEMENT_SUPPORT", "Accompagnement du deuil périnatal", "S", "SELF", "M C F", "PUB", "BEREAVEMENT"),
    _type("DISABILITY_PARENT", "Service handicap et parentalité", "S", "ASK", "M C F", "PUB", "PARENT_DISABILITY"),
    _type("VIOLENCE_SUPPORT", "Lieu d’écoute et de mise en sécurité", "S", "EMR", "M C F", "PRO", "VIOLENCE_SEALED"),
    _type(
        "CRIP", "Cellule de recueil des informations préoccupantes", "I", "EMR", "P", "PRO", "CHILD_PROTECTION_SEALED"
    ),
    _type("LEGAL_HELP", "Accès au droit, médiation familiale", "S", "SELF", "M C", "PUB", "RIGHTS COUPLE"),
    _type("HOUSING", "Hébergement et logement", "S", "ASK", "F", "PUB", "HOUSING"),
    _type("FOOD_AID", "Aide alimentaire, lait, couches", "S", "SELF", "F", "PUB", "FOOD EQUIPMENT"),
    _type("EQUIPMENT_BANK", "Prêt ou don de matériel de puériculture", "S", "SELF", "F", "PUB", "EQUIPMENT"),
    _type("CAF", "Caisse d’allocations familiales", "S", "SELF", "F", "PUB", "RIGHTS MONEY"),
    _type("CPAM", "Assurance maladie", "S", "SELF", "M C B", "PUB", "NO_COVER RIGHTS"),
    _type("CHILDCARE", "Modes de garde, relais petite enfance", "S", "SELF", "B F", "PUB", "CHILDCARE"),
    _type("TRANSPORT", "Transport solidaire", "S", "SELF", "F", "PUB", "TRANSPORT"),
    _type("DIGITAL_HELP", "Aide aux démarches en ligne", "S", "SELF", "M C", "PUB", "DIGITAL RIGHTS"),
    _type("INTERPRETER", "Interprétariat", "I", "PRO", "P", "PRO", "LANGUAGE"),
    _type("LANGUAGE_COURSE", "Apprentissage du français", "S", "SELF", "M C", "PUB", "LANGUAGE ISOLATION"),
    _type("RSP_DSRP", "Réseau de périnatalité", "I", "PRO", "P", "PRO", ""),
    _type("TRAINING_BODY", "Organisme de formation", "I", "PRO", "P", "PRO", ""),
    _type("PROGRAMME_REPAP", "RéPAP, référent parcours périnatalité", "H", "ASK", "M C", "PRO", "COORDINATION"),
    _type(
        "PROGRAMME_HOME",
        "Autre programme de visites (PANJO, Cocon, BASE, Pégase)",
        "H",
        "ASK",
        "M B",
        "ARC",
        "COORDINATION BOND",
    ),
    _type(
        "PROGRAMME_ARCHIVED",
        "Dispositif terminé (sac des 1000 jours, TLS diabète, appels à projets)",
        "I",
        "PRO",
        "P",
        "ARC",
        "",
    ),
    _type("LINK_1000", "Application, livret et site des 1000 premiers jours", "I", "SELF", "M C", "PUB", ""),
    _type("HELPLINE", "Numéro national d’aide et d’écoute", "I", "SELF", "M C F", "PUB", ""),
    _type("OTHER", "Autre", "S", "ASK", "F", "PRO", ""),
)

NEEDS: dict[str, NeedType] = {one.code: one for one in _NEEDS}
TYPES: dict[str, DirectoryType] = {one.code: one for one in _TYPES}
# Needs of the compartment of the referring team (S3): they stand on nothing that others read.
SEALED_NEEDS = frozenset(code for code, one in NEEDS.items() if one.is_sealed)
# R003: the address of a shelter is read by the referring team alone.
SECRET_TYPES = frozenset({"VIOLENCE_SUPPORT"})
# Where an information préoccupante is sent (alerts.md 6.2).
CRIP = "CRIP"


def types_for(need: str) -> tuple[DirectoryType, ...]:
    """The types that serve a need and receive families, in the order of the table; () for an unknown code."""
    return tuple(one for one in _TYPES if need in one.needs and one.takes_families)
