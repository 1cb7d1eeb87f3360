"""What somebody must look at now."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import IsNull

from copa.kernel import clock
from copa.kernel.scope import ScopedManager
from pathways.enums import (
    CALLED_ON_DUTY,
    SIGN_KINDS,
    AlertDecision,
    AlertFamily,
    AlertKind,
    AlertNoteKind,
    AlertPerson,
    Called,
    EmergencyUse,
    LadderStep,
    ToldBy,
)
from pathways.models.base import FamilyRow, of_visible_families
from pathways.models.births import Child
from pathways.models.circle import CareCircleMember
from pathways.models.deaths import Death
from pathways.models.grants import FamilyGrant
from pathways.models.pathways import Pathway
from pathways.rules.ladder import RETURN_WITHIN
from territories.enums import PILOTS, Role
from territories.models import Member, Structure, TerritoryRow

# Nobody has taken it and it has not ended by itself. One clause with statistics of its own: of two, the planner
# multiplies the shares, expects thousands of open alerts where there are twenty, and begins with every pathway.
IS_OPEN = Q(IsNull(Coalesce("acknowledged_at", "ended_at"), rhs=True))


def answered_for(member: Member) -> Any:
    """Keys of the alerts she was called for on duty, as long as they are not over, or hers (rule A0)."""
    is_hers = Q(step__alert__closed_at=None, step__alert__ended_at=None) | Q(step__alert__acknowledged_by=member)
    return AlertNotice.called_on_duty(member).filter(is_hers).values("step__alert")


_IS_TAKEN_SIGN = Q(acknowledged_at__isnull=False, closed_at=None, kind__in=sorted(SIGN_KINDS))

# Sign alerts that somebody took and nobody closed: few, and the oldest come back to the top.
IS_TO_CLOSE = _IS_TAKEN_SIGN & Q(ended_at=None)

# Signs that ended while somebody answered them: whoever they were about has died.
IS_ENDED_TAKEN = _IS_TAKEN_SIGN & Q(ended_at__isnull=False)

# Of these, those whose taker gave her name and has said nothing yet.
IS_UNSAID = IS_TO_CLOSE & Q(instructed_at=None)

# Of these, those she may still give back: a refusal of any follow-up is a word of the mother’s, and stays.
IS_RETURNABLE = IS_UNSAID & Q(decision="")

# A sign somebody must still answer, and a death told at a door, which nobody has taken or which is told again.
IS_TO_ANSWER = Q(kind__in=sorted(SIGN_KINDS), closed_at=None, ended_at=None) | (
    Q(kind=AlertKind.DEATH, ended_at=None) & (Q(acknowledged_at=None) | Q(next_step_at__isnull=False))
)


def outlives_file(member: Member) -> Q:
    """What stays within reach of those it calls though another territory follows the family: an alert to answer.

    Of one closed since, whoever raised it reads for a day what was done: she is told that it is over.
    """
    since_move = Q(closed_at__gte=F("family__moved_at"), raised_by=member)
    return IS_TO_ANSWER | (since_move & Q(closed_at__gte=clock.now() - RETURN_WITHIN))


def hears(member: Member) -> Exists:
    """Whether the family of an alert is open to this member, or was when another territory took it over."""
    grants = FamilyGrant.objects.hearing(clock.now())
    return Exists(grants.filter(content_object=OuterRef("family"), user=member.user_id))


def of_the_dead() -> Q:
    """Signs of somebody whose death is noted (A38): a child, by the rank that the code names, or the mother.

    As for the signs that a death ends: a protected one about a child, and those of the home, still want an answer.
    """
    part = Func(OuterRef("code"), Value(":"), Value(3), function="SPLIT_PART", output_field=models.CharField())
    children = Child.objects.filter(birth=OuterRef("pathway__birth"), closed_at__isnull=False)
    children = children.annotate(part=part, own=Cast("rank", models.CharField()))
    child = Q(Exists(children.filter(Q(part=F("own")) | Q(part="", rank=1))), kind=AlertKind.CHILD_SIGN)
    mothers = Death.objects.of_mothers().filter(birth=OuterRef("pathway__birth"))
    return child | (Q(Exists(mothers)) & (Q(kind=AlertKind.MOTHER_SIGN) | Q(about=AlertPerson.MOTHER)))


class AlertQuerySet(models.QuerySet["Alert"]):
    """Reads of alerts."""

    def with_dead(self) -> "AlertQuerySet":
        """Each with `is_of_dead`: whether it is the sign of somebody whose death is noted."""
        is_of_dead = models.ExpressionWrapper(of_the_dead(), output_field=models.BooleanField())
        return self.annotate(is_of_dead=is_of_dead)

    def visible_to(self, member: Member) -> "AlertQuerySet":
        """Alerts of the families she may know of, and those a maker of third visits raised herself (R077)."""
        known: AlertQuerySet = of_visible_families(self, member)
        mine = self.filter(Q(family__moved_at=None) | outlives_file(member))
        if member.role == Role.PMI_STAFF:
            return known | mine.filter(raised_by=member)
        if member.role == Role.REFERRING_TEAM:
            # Her line answered for another team (rule A0): she knows of the alert she was called for, not of the file.
            left = Q(pathway__carrier=member.structure_id, family__moved_at__isnull=False)
            return known | mine.filter(Q(pk__in=answered_for(member)) | left)
        return known | self._left_to(member)

    def _left_to(self, member: Member) -> "AlertQuerySet":
        """Of the families that another territory follows, the signs still to be answered that call this member."""
        left = self.filter(outlives_file(member), family__moved_at__isnull=False)
        if member.role == Role.AP:
            return left.filter(Q(raised_by=member) | Q(pathway__ap=member))
        if member.role == Role.LIBERAL_MIDWIFE:
            return left.filter(hears(member))
        return left if member.role in PILOTS else left.none()

    def open(self) -> "AlertQuerySet":
        """Alerts nobody has taken and that have not ended by themselves."""
        return self.filter(IS_OPEN)

    def alive_between(self, since: datetime, until: datetime) -> "AlertQuerySet":
        """Alerts that had been raised before `until` and neither closed nor ended before `since`."""
        over = Q(closed_at__lt=since) | Q(ended_at__lt=since)
        return self.filter(raised_at__lt=until).exclude(over)

    def to_answer(self) -> "AlertQuerySet":
        """Those somebody must still answer."""
        return self.filter(IS_TO_ANSWER)

    def to_close(self) -> "AlertQuerySet":
        """Signs somebody took, whose outcome nobody has written."""
        return self.filter(IS_TO_CLOSE)

    def unsaid(self) -> "AlertQuerySet":
        """Signs somebody took by name, and of which nobody has written what the auxiliary does."""
        return self.filter(IS_UNSAID)

    def returnable(self) -> "AlertQuerySet":
        """Signs whoever took them may still give back."""
        return self.filter(IS_RETURNABLE)

    def refused(self) -> "AlertQuerySet":
        """Alerts of a mother who refuses any follow-up, on which the doctor of the team has not decided."""
        return self.filter(IS_TO_CLOSE, decision=AlertDecision.REFUSES, doctor_decided_at=None)

    def climbing(self, at: datetime) -> "AlertQuerySet":
        """Alerts whose next step has come: nobody took them, or nobody wrote what was done, or confirmed the death."""
        is_death = Q(kind=AlertKind.DEATH, ended_at=None)
        return self.filter(IS_OPEN | IS_TO_CLOSE | is_death, next_step_at__lte=at)


class Alert(FamilyRow):
    """Something somebody must look at now; acknowledged once, by name, with one tap; the instruction is written next.

    `subject_id` names what it is about (the public id of a visit); with `kind` and `code` it is unique, so a job that
    runs twice raises it once. `ended_at` says that the cause is gone (a late report that arrived, somebody who died).
    A sign that was taken is closed afterwards, with what was done. `about` is whose sign it is, "" for what is no sign.
    """

    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="+", verbose_name="parcours")
    kind = models.CharField("type", max_length=20, choices=AlertKind.choices)
    subject_id = models.UUIDField("objet")
    code = models.CharField("signe", max_length=40, blank=True)
    about = models.CharField("personne", max_length=8, choices=AlertPerson.choices, blank=True, db_default="")
    facts = models.CharField("faits", max_length=400, blank=True)
    is_sealed = models.BooleanField("protégée", default=False)
    raised_at = models.DateTimeField("levée le")
    raised_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="par")
    # Sign alerts: the referring team must answer before this instant (alerts.md 1).
    answer_due_at = models.DateTimeField("réponse attendue avant", null=True)
    acknowledged_at = models.DateTimeField("prise le", null=True)
    acknowledged_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="prise par"
    )
    instruction = models.CharField("consigne", max_length=300, blank=True)
    # One tap takes it by name; what the auxiliary does is written then, by whoever of the team says it first.
    instructed_at = models.DateTimeField("consigne écrite le", null=True)
    instructed_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="consigne de"
    )
    ended_at = models.DateTimeField("finie le", null=True)
    # The device's own clock, at the tap and when it left; every delay counts from the server's `raised_at`.
    noticed_at = models.DateTimeField("vue le", null=True)
    device_sent_at = models.DateTimeField("envoyée le", null=True)
    # The press of the red button that raised it; the same press sent again raises nothing more.
    press_id = models.UUIDField("appui", null=True)
    # When the ladder climbs next if nobody has taken it, or closed it afterwards; None once nothing is left to do.
    next_step_at = models.DateTimeField("prochain appel", null=True)
    decision = models.CharField("décision", max_length=20, choices=AlertDecision.choices, blank=True, db_default="")
    decision_due_at = models.DateTimeField("à faire avant", null=True)
    # alerts.md 5.5: she refuses any follow-up; what she said, then what the doctor of the team decides.
    refusal_words = models.CharField("ce qu’elle a dit", max_length=300, blank=True, db_default="")
    doctor_decision = models.CharField("ce que décide le médecin", max_length=300, blank=True, db_default="")
    doctor_decided_at = models.DateTimeField("décidé le", null=True)
    doctor_decided_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="décidé par"
    )
    closed_at = models.DateTimeField("close le", null=True)
    closed_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="close par"
    )
    outcome = models.CharField("ce qui a été fait", max_length=600, blank=True, db_default="")
    is_false_alarm = models.BooleanField("fausse alerte", null=True)
    # How many times it was taken and given back; each time the ladder begins anew.
    turn = models.PositiveSmallIntegerField("tour", default=0, db_default=0)

    objects: ClassVar[Any] = ScopedManager.from_queryset(AlertQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(AlertQuerySet)()

    class Meta:
        verbose_name = "alerte"
        indexes = [
            models.Index(
                fields=["territory", "raised_at"],
                condition=IS_OPEN,
                name="alert_open",
            ),
            models.Index(fields=["territory", "family"], name="alert_of_family"),
            models.Index(fields=["territory", "-raised_at"], name="alert_recent"),
            models.Index(fields=["territory", "acknowledged_at"], condition=IS_TO_CLOSE, name="alert_to_close"),
            models.Index(fields=["territory", "ended_at"], condition=IS_ENDED_TAKEN, name="alert_ended_taken"),
            # The job of the ladder looks for what climbs now.
            models.Index(
                fields=["territory", "next_step_at"], condition=Q(next_step_at__isnull=False), name="alert_climbing"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["territory", "kind", "subject_id", "code"], name="alert_once"),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by=None)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="alert_acknowledged_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False, acknowledged_at__isnull=False),
                name="alert_closed_by_somebody_once_taken",
                violation_error_message="Une alerte se prend d’abord, puis se clôt.",
            ),
            models.CheckConstraint(
                condition=Q(instructed_at=None, instructed_by=None)
                | Q(instructed_at__isnull=False, instructed_by__isnull=False, acknowledged_at__isnull=False),
                name="alert_instructed_by_somebody_once_taken",
                violation_error_message="Une alerte se prend d’abord, puis sa consigne s’écrit.",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(instructed_at__isnull=False),
                name="alert_closed_once_instructed",
                violation_error_message="Écrivez d’abord la consigne à l’auxiliaire, puis ce qui a été fait.",
            ),
            models.CheckConstraint(
                condition=~Q(decision=AlertDecision.REFUSES) | ~Q(refusal_words=""),
                name="alert_refusal_in_her_words",
                violation_error_message="Écrivez ce qu’elle a dit, avec ses mots.",
            ),
            models.CheckConstraint(
                condition=Q(doctor_decided_at=None, doctor_decided_by=None, doctor_decision="")
                | (
                    Q(doctor_decided_at__isnull=False, doctor_decided_by__isnull=False, decision=AlertDecision.REFUSES)
                    & ~Q(doctor_decision="")
                ),
                name="alert_doctor_decides_a_refusal",
                violation_error_message="Écrivez ce que le médecin décide.",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | ~Q(decision=AlertDecision.REFUSES) | Q(doctor_decided_at__isnull=False),
                name="alert_refusal_closed_once_decided",
                violation_error_message="Le médecin de l’équipe décide d’abord, puis l’alerte se clôt.",
            ),
        ]

    @property
    def auxiliary(self) -> Member | None:
        """Whom the ladder calls the auxiliary: whoever made the visit, else the family's own; None without one."""
        return self.raised_by if self.is_seen_at_home else self.pathway.ap

    @property
    def is_seen_at_home(self) -> bool:
        """Whether whoever raised it was with the family."""
        return self.raised_by is not None and self.raised_by.role in {Role.AP, Role.PMI_STAFF}

    @property
    def family_code(self) -> str:
        """The AlertFamily of a sign; the whole code of what is no sign."""
        return self.code.partition(":")[0]

    @property
    def asks_decision(self) -> bool:
        """Whether its instruction needs one of the decisions of alerts.md 5.5."""
        return self.kind in SIGN_KINDS and self.family_code == AlertFamily.MIND_VITAL

    @property
    def awaits_decision(self) -> bool:
        """Whether the instruction goes with one: after a refusal of any follow-up, the doctor decides instead."""
        return self.asks_decision and self.decision != AlertDecision.REFUSES


class AlertStep(FamilyRow):
    """One step of the ladder was reached: written once per turn, in the transaction of the messages that leave with it.

    `is_fallback`: nobody was on duty at that place, the mailbox of the team and the coordination were told instead.
    """

    append_only = True

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="+", verbose_name="alerte")
    step = models.CharField("étape", max_length=10, choices=LadderStep.choices)
    reached_at = models.DateTimeField("atteinte le")
    is_fallback = models.BooleanField("personne de garde", default=False)
    turn = models.PositiveSmallIntegerField("tour", default=0, db_default=0)

    class Meta:
        verbose_name = "étape d’une alerte"
        constraints = [models.UniqueConstraint(fields=["alert", "step", "turn"], name="alert_step_once")]


class AlertNotice(FamilyRow):
    """Who was told at a step, and how: a member, the mailbox of a structure, or somebody of the circle.

    The last reads nothing here and is asked to call the team.

    `message` is the public id of the message that left, None on the platform; one message may serve two alerts that
    were raised together.
    """

    append_only = True

    @classmethod
    def called_on_duty(cls, member: Member) -> Any:
        """Those by which the ladder called her at her place on the roster, not because nobody stood there."""
        return cls.objects.filter(member=member, step__step__in=CALLED_ON_DUTY, step__is_fallback=False)

    step = models.ForeignKey(AlertStep, on_delete=models.PROTECT, related_name="+", verbose_name="étape")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="qui")
    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="structure"
    )
    person = models.ForeignKey(
        CareCircleMember, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="du cercle de soins"
    )
    channel = models.CharField("comment", max_length=5, choices=ToldBy.choices)
    message = models.UUIDField("message", null=True)

    class Meta:
        verbose_name = "personne prévenue"
        indexes = [models.Index(fields=["territory", "step"], name="alert_notice_of_step")]
        constraints = [
            models.CheckConstraint(
                condition=Q(member__isnull=False, structure=None, person=None)
                | Q(member=None, structure__isnull=False, person=None)
                | Q(member=None, structure=None, person__isnull=False),
                name="alert_notice_names_one",
            )
        ]


class AlertNote(FamilyRow):
    """A call that was made, the midwife or the team who came herself (R111), a taking given back by whoever took it.

    `words` are sealed with their alert.
    """

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="+", verbose_name="alerte")
    kind = models.CharField("quoi", max_length=8, choices=AlertNoteKind.choices)
    happened_at = models.DateTimeField("quand")
    called = models.CharField("qui", max_length=14, choices=Called.choices, blank=True)
    is_answered = models.BooleanField("a répondu", default=True)
    words = models.CharField("consigne, ou ce qui a été fait", max_length=300, blank=True)
    noted_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="noté par")
    noted_at = models.DateTimeField("noté le")
    # What said the sign again: a press of the red button, or the visit whose report ticks it.
    said_in = models.UUIDField("signalée dans", null=True)
    # Given back: since when she had it; the alert itself forgets her name.
    taken_at = models.DateTimeField("prise le", null=True)

    class Meta:
        verbose_name = "suite d’une alerte"
        indexes = [models.Index(fields=["territory", "alert"], name="alert_note_of_alert")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=AlertNoteKind.CALL) | ~Q(called=""),
                name="alert_call_says_whom",
                violation_error_message="Dites qui vous avez appelé.",
            ),
            models.UniqueConstraint(
                fields=["alert", "said_in"], condition=Q(said_in__isnull=False), name="alert_said_again_once"
            ),
            models.CheckConstraint(
                condition=Q(kind=AlertNoteKind.BACK, taken_at__isnull=False)
                | (~Q(kind=AlertNoteKind.BACK) & Q(taken_at=None)),
                name="alert_given_back_says_since_when",
            ),
            models.UniqueConstraint(
                fields=["alert", "taken_at"], condition=Q(taken_at__isnull=False), name="alert_given_back_once"
            ),
        ]


class AlertDelay(TerritoryRow):
    """How many minutes a territory gives its teams to answer a family of signs, by day and by night, from an instant.

    An alert keeps the delay it was raised under. `set_by` None: put there before the page existed.
    """

    family = models.CharField("famille d’alerte", max_length=14, choices=AlertFamily.choices)
    minutes = models.PositiveSmallIntegerField("minutes, le jour")
    night_minutes = models.PositiveSmallIntegerField("minutes, la nuit", null=True)
    valid_from = models.DateTimeField("depuis le")
    set_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="réglé par")

    append_only = True

    class Meta:
        verbose_name = "délai d’alerte"
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "family", "valid_from"],
                name="alert_delay_once",
                violation_error_message="Ce délai vient d’être réglé : rechargez la page.",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=240)
                & (Q(night_minutes=None) | Q(night_minutes__gte=1, night_minutes__lte=240)),
                name="alert_delay_possible",
                violation_error_message="Un délai va de 1 minute à 4 heures.",
            ),
        ]


class EmergencyNumber(TerritoryRow):
    """An emergency number of this territory (15, 3114: no E.164), from an instant on.

    A use without a row keeps its national number, and so does one whose last row is "". `set_by` None: put there
    before the page existed.
    """

    append_only = True

    use = models.CharField("usage", max_length=8, choices=EmergencyUse.choices)
    number = models.CharField("numéro", max_length=20, blank=True)
    valid_from = models.DateTimeField("depuis le")
    set_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="réglé par")

    class Meta:
        verbose_name = "numéro d’urgence"
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "use", "valid_from"],
                name="emergency_number_once",
                violation_error_message="Ce numéro vient d’être réglé : rechargez la page.",
            )
        ]
