"""Codes of visits, reports and deliveries."""

from django.db import models


class VisitKind(models.TextChoices):
    """Which visit of the pathway (R045, R046, R054)."""

    V1 = "V1", "Visite 1"
    V2 = "V2", "Visite 2"
    V3 = "V3", "Visite 3"
    ULTRA_EARLY = "ULTRA_EARLY", "Visite de sortie ultra-précoce"


# The two visits every family is offered (R045); the third counts for money when done (A03).
STANDARD_KINDS = (VisitKind.V1, VisitKind.V2)
COUNTED_KINDS = (VisitKind.V1, VisitKind.V2, VisitKind.V3)


class VisitState(models.TextChoices):
    """Life of a visit: planned, started, ended; or not made, or cancelled.

    One that a death noted by mistake had made fall stands again (`actions.comeback`).
    """

    PLANNED = "planned", "Prévue"
    STARTED = "started", "En cours"
    ENDED = "ended", "Faite"
    NOT_DONE = "not_done", "Pas faite"
    CANCELLED = "cancelled", "Annulée"


# Visits that count: not cancelled, not missed.
VISIT_RUNNING = frozenset({VisitState.PLANNED, VisitState.STARTED, VisitState.ENDED})


class WindowReason(models.TextChoices):
    """Why a visit lies outside its dates ([dev_window] of visit-report.md, A12)."""

    MOTHER_HOSPITAL = "MOTHER_HOSPITAL", "Mère hospitalisée"
    CHILD_HOSPITAL = "CHILD_HOSPITAL", "Enfant hospitalisé"
    PRETERM = "PRETERM", "Naissance prématurée"
    FAMILY_DATE = "FAMILY_DATE", "Date voulue par la famille"
    NO_AP = "NO_AP", "Pas d’auxiliaire disponible"
    LATE_INCLUSION = "LATE_INCLUSION", "Inclusion tardive"
    OTHER = "OTHER", "Autre"


class ThirdVisitMotive(models.TextChoices):
    """Why a third visit is made (R046): it is not offered to everybody."""

    VULNERABILITY = "VULNERABILITY", "Vulnérabilité repérée"
    PARENTS_REQUEST = "PARENTS_REQUEST", "À la demande des parents"
    # Under v1 the third visit was one of those promised to everybody (R162): nobody chooses this one.
    PROGRAMME = "PROGRAMME", "Prévue par le programme"


class PartnerState(models.TextChoices):
    """The part of the PMI in a joint visit: hers to confirm or to cancel, whatever the AP's becomes (R047)."""

    ASKED = "asked", "Proposée à la PMI"
    CONFIRMED = "confirmed", "Confirmée par la PMI"
    CANCELLED = "cancelled", "La PMI ne vient pas"


class PartnerReason(models.TextChoices):
    """Why somebody of the PMI said that she does not come to a joint visit, in her own words (R047)."""

    NO_ONE = "NO_ONE", "Personne n’est disponible à ce moment"
    OTHER_DAY = "OTHER_DAY", "La PMI verra la famille un autre jour"
    SEEN = "SEEN", "La PMI suit déjà cette famille"
    OTHER = "OTHER", "Autre raison"


class NotJointReason(models.TextChoices):
    """Why a third visit is made without the PMI ([dev_joint] of visit-report.md, R047; A16 for the agreement)."""

    PMI_ABSENT = "PMI_ABSENT", "La PMI n’est pas disponible"
    FAMILY_ALONE = "FAMILY_ALONE", "La famille préfère sans la PMI"
    NO_AGREEMENT = "NO_AGREEMENT", "La mère n’a pas donné son accord à la PMI"
    AP_FROM_PMI = "AP_FROM_PMI", "Visite faite par la PMI elle-même"
    OTHER = "OTHER", "Autre raison"


class NotDoneReason(models.TextChoices):
    """Why a visit did not take place ([not_done] of visit-report.md; a death asks who)."""

    ABSENT = "ABSENT", "Personne au rendez-vous"
    FAMILY_CANCELLED = "FAMILY_CANCELLED", "Annulée par la famille"
    SERVICE_CANCELLED = "SERVICE_CANCELLED", "Annulée par le service"
    REFUSED_DOOR = "REFUSED_DOOR", "Ne souhaite plus la visite"
    MOTHER_HOSPITAL = "MOTHER_HOSPITAL", "Mère hospitalisée"
    CHILD_HOSPITAL = "CHILD_HOSPITAL", "Enfant hospitalisé"
    ACCESS = "ACCESS", "Route, météo, adresse"
    UNSAFE = "UNSAFE", "Je ne me sentais pas en sécurité"
    BEREAVEMENT = "BEREAVEMENT", "Un décès"
    # Of an early visit alone, whose days are those of the discharge (R054): nobody chooses this one.
    DISCHARGE_CHANGED = "DISCHARGE_CHANGED", "La sortie a changé"
    # What a death noted by mistake had cancelled and does not stand again: nobody chooses this one either.
    NOTED_BY_MISTAKE = "NOTED_BY_MISTAKE", "Annulée par erreur"
    OTHER = "OTHER", "Autre"


# Reasons that a fact gives, never a person.
UNCHOSEN_REASONS = frozenset({NotDoneReason.DISCHARGE_CHANGED, NotDoneReason.NOTED_BY_MISTAKE})


class ReportState(models.TextChoices):
    """A report is written, then signed; what is signed never changes, an addendum completes it."""

    DRAFT = "draft", "Brouillon"
    SIGNED = "signed", "Signé"


class DeliveryChannel(models.TextChoices):
    """How a report reaches its reader."""

    INBOX = "inbox", "Boîte de l’équipe sur la plateforme"


class DeviationKind(models.TextChoices):
    """What differs from the protocol (section 13 of visit-report.md; R045, R047, R054, R058, R085)."""

    DURATION = "DURATION", "Durée de la visite"
    WINDOW = "WINDOW", "Date de la visite"
    EPDS = "EPDS", "Questionnaire EPDS non rempli"
    JOINT = "JOINT", "Visite commune faite sans la PMI"
    LATE = "LATE", "Compte rendu après 24 h"
    FIRST_VISIT = "FIRST_VISIT", "Visite 1 pas faite"
    SECOND_VISIT = "SECOND_VISIT", "Visite 2 pas faite"
    EARLY_VISIT = "EARLY_VISIT", "Visite de sortie ultra-précoce pas faite"


class DurationReason(models.TextChoices):
    """Why a visit was short or long ([dev_duration])."""

    BABY_CARE = "BABY_CARE", "Soins ou pleurs de bébé"
    FAMILY_WISH = "FAMILY_WISH", "La famille a souhaité écourter"
    MUCH_TO_SAY = "MUCH_TO_SAY", "Beaucoup de questions"
    ALERT = "ALERT", "Une alerte"
    INTERPRETER = "INTERPRETER", "Traduction"
    ROAD = "ROAD", "Retard sur la route"
    OTHER = "OTHER", "Autre"


class JointReason(models.TextChoices):
    """Why a joint visit was made without the PMI ([dev_joint])."""

    PMI_ABSENT = "PMI_ABSENT", "La PMI n’a pas pu"
    FAMILY_ALONE = "FAMILY_ALONE", "La famille a préféré"
    AP_FROM_PMI = "AP_FROM_PMI", "Visite faite par la PMI elle-même"
    OTHER = "OTHER", "Autre"


class LateReason(models.TextChoices):
    """Why a report arrived after 24 hours ([dev_late])."""

    NO_NETWORK = "NO_NETWORK", "Pas de réseau"
    ABSENT = "ABSENT", "Repos ou arrêt"
    ALERT = "ALERT", "Une urgence à gérer"
    TOO_MANY = "TOO_MANY", "Trop de visites"
    DEVICE = "DEVICE", "Tablette en panne"
    OTHER = "OTHER", "Autre"


class MissedReason(models.TextChoices):
    """Why a visit was not made at all: codes of [dev_window] and [not_done], no list of its own [à valider p]."""

    MOTHER_HOSPITAL = "MOTHER_HOSPITAL", "Mère hospitalisée"
    CHILD_HOSPITAL = "CHILD_HOSPITAL", "Enfant hospitalisé"
    REFUSED_DOOR = "REFUSED_DOOR", "Ne souhaite plus la visite"
    FAMILY_DATE = "FAMILY_DATE", "Autre date voulue par la famille"
    ABSENT = "ABSENT", "Personne au rendez-vous"
    NO_AP = "NO_AP", "Pas d’auxiliaire disponible"
    LATE_INCLUSION = "LATE_INCLUSION", "Inclusion tardive"
    ACCESS = "ACCESS", "Route, météo, adresse"
    OTHER = "OTHER", "Autre"


class CodingSource(models.TextChoices):
    """Where the reason of a deviation comes from."""

    PLAN = "plan", "Dit au planning"
    REPORT = "report", "Dit dans le compte rendu"
    TAP = "tap", "Coché ici"


class Lifted(models.TextChoices):
    """Why a deviation no longer applies."""

    FACTS = "facts", "Les faits ont été corrigés"
    PLANNED = "planned", "La visite est prévue ou faite"
    STOP = "stop", "L’accompagnement était arrêté"
