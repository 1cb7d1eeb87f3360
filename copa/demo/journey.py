"""Writes what followed an inclusion: adhesion, visits, reports, alerts, relay, line."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import orjson

from billing.models import ChargeableLine
from billing.rules import line_kind
from copa.demo import rates
from copa.demo.answers import Past
from copa.demo.asked import asked, interview
from copa.demo.known import Desk
from copa.demo.lives import Call, Handover, Life, Sign
from copa.demo.moods import mood_of
from copa.demo.reports import Written, days_of
from copa.kernel.clock import day_bounds
from pathways.actions.calendar import Seen
from pathways.enums import CalendarStatus
from pathways.models import (
    Alert,
    CalendarItem,
    Consent,
    CoordinationEntry,
    EpdsScreening,
    EpdsValues,
    FamilyGrant,
    InclusionAnswers,
    InformationNotice,
    Pathway,
    PmiRelay,
    RecipientConsent,
    RelayContact,
)
from pathways.rules import STOPPED, pmi_last_day, relay_due_on, shown_name, visit_window
from pathways.rules.alert_people import person_of_sign
from territories.enums import Role
from territories.models import AccessLog
from visits.enums import COUNTED_KINDS
from visits.models import Delivery, Deviation, Report, SealedAnswers, Visit
from visits.questionnaire import Questionnaire, duration_limits
from visits.questionnaire.alerts import alert_book
from visits.reads.fingerprint import fingerprint_of
from visits.reads.signs import alert_code, sign_label, signs_of
from visits.rules import report_due_at, report_soon_at

DAY = timedelta(days=1)
# Between the signature and the inbox: the task of the outbox.
ON_ITS_WAY = timedelta(seconds=40)
GRANT_LASTS = timedelta(days=60)
# Older readings would only make the log long.
READS_KEPT = timedelta(days=30)
LINE_AFTER = timedelta(minutes=4)
TEXT_VERSION, NOTICE_VERSION = "adhesion-2026.1-fr", "notice-2026.1-fr"
FORGOTTEN = timedelta(days=rates.FORGOTTEN_DAYS)
QUESTION = "Bonjour, la famille a-t-elle déjà choisi un médecin pour l’enfant ?"
REPLY = "Oui, le rendez-vous du premier mois est pris."
INSTRUCTIONS = (
    "La sage-femme rappelle la mère dans l’heure.",
    "À voir aujourd’hui à la maternité, la famille est prévenue.",
    "Surveiller jusqu’à demain, l’équipe rappelle à 18 h.",
)
# What was done, written the same afternoon.
CLOSED_AFTER = timedelta(hours=4)
OUTCOMES = (
    "La sage-femme a rappelé la mère, tout est rassurant.",
    "Vu à la maternité, retour à la maison le soir.",
    "Rappelé à 18 h : rien de nouveau, la surveillance s’arrête.",
)


# D+28: when the PMI means to be in touch; one family in so many has not been met.
FIRST_CONTACT = 28 * DAY
UNMET = 12
# One closed family in so many has no time of coordination: the list of R099 has something to say.
UNCOORDINATED = 40
SHARED_WITH = (
    "Auxiliaire, sage-femme de l’équipe",
    "Auxiliaire, sage-femme de l’équipe, sage-femme libérale",
    "Auxiliaire, sage-femme de l’équipe, PMI",
)

# As whom each role collects an adhesion; those of the team are midwives here.
_COLLECTORS = {Role.AP: "AP"}


class Calendar:
    """What is known of each examination, by rank of the child and code of the line, with when it was last told."""

    def __init__(self) -> None:
        self.known: dict[tuple[int, str], tuple[Seen, datetime]] = {}

    def learn(self, told: tuple[tuple[Seen, ...], ...], at: datetime) -> None:
        """A later report adds to an earlier one: it was asked only what was still open."""
        for rank, of_child in enumerate(told):
            for seen in of_child:
                known, _ = self.known.get((rank, seen.code), (seen, at))
                newer = seen if seen.status else known
                certificate = seen.certificate or known.certificate
                self.known[rank, seen.code] = replace(newer, certificate=certificate), at


class Journey:
    """The pathway of one included birth: adhesion, visits, reports, alerts, relay, line."""

    def __init__(
        self, desk: Desk, life: Life, family: tuple[int, str], birth: tuple[int, list[str]], children: list[int]
    ) -> None:
        self.desk, self.life, (self.family, self.family_uid), (self.birth, self.refs) = desk, life, family, birth
        self.children, self.calendar = children, Calendar()
        self.known, self.register, self.at = desk.known, desk.register, desk.at
        self.carrier = self.known.houses[life.carrier.name]
        self.team = self.known.teams[life.carrier.name]
        # A report that is still missing keeps its pathway open.
        self.owes_report = any(self._is_done(call) and self._signed_at(call) is None for call in life.calls)
        self.is_closed = self.desk.is_past(life.closed_at) and not self.owes_report
        self.stop = life.stopped_how if self.desk.is_past(life.stopped_at) else ""
        self.uid = desk.new_id

    def _is_done(self, call: Call) -> bool:
        return self.desk.is_past(call.ended_at) and not self._is_stopped(call)

    def _is_stopped(self, call: Call) -> bool:
        """Whether the pathway stopped before this visit began."""
        stopped = self.life.stopped_at
        return stopped is not None and self.desk.is_past(stopped) and (call.started_at or call.planned_at) > stopped

    def _signed_at(self, call: Call) -> datetime | None:
        """When the report was signed, None while it is not; forgotten ones have come once they are old enough."""
        assert call.ended_at is not None
        old = call.ended_at < self.at - FORGOTTEN
        signed_at = call.signed_at or (call.found_at if old else None)
        return signed_at if self.desk.is_past(signed_at) else None

    def add(self) -> None:
        """The adhesion and all that follows."""
        pathway = self._pathway(self._consent())
        self.register[InclusionAnswers].add(self.uid(), self.family, pathway, *asked(self.life))
        self._interview()
        self._grants()
        past = Past(is_pmi_known=self.life.theme % 16 > 0)
        for call in self.life.calls:
            if self.desk.is_past(call.noted_at):
                past = self._visit(pathway, call, past)
        self._calendar()
        self._relay(pathway)
        self._reads()
        if self.is_closed:
            self._line(pathway)
            self._coordination(pathway)

    def _consent(self) -> int:
        agreed = self.life.agreed
        assert agreed is not None
        withdrawn = agreed.withdrawn_at if self.desk.is_past(agreed.withdrawn_at) else None
        consent = self.register[Consent].add(
            self.uid(), self.family, self.birth, agreed.by.pk, agreed.by.role, agreed.at, agreed.place, agreed.mode,
            TEXT_VERSION, NOTICE_VERSION, withdrawn, agreed.by.pk if withdrawn else None, agreed.opposed,
            _COLLECTORS.get(agreed.by.role, "MIDWIFE"),
            withdrawn is not None and bool(self.life.contact["may_space"]),
        )  # fmt: skip
        self.register[InformationNotice].add(self.uid(), self.family, NOTICE_VERSION, "READ", agreed.at, agreed.by.pk)
        for recipient, answer in agreed.recipients.items():
            self.register[RecipientConsent].add(self.uid(), self.family, recipient, answer, agreed.at, agreed.by.pk)
        return consent

    def _pathway(self, consent: int) -> int:
        life, agreed = self.life, self.life.agreed
        assert agreed is not None
        assert life.included_at is not None
        rules = self.known.rules_on(life.included_at.astimezone(self.known.zone).date())
        window = visit_window(life.day, rules.window_from_day, rules.window_to_day)
        has_ap = life.ap is not None and self.desk.is_past(life.ap_since)
        return self.register[Pathway].add(
            self.uid(),
            self.family,
            self.birth,
            consent,
            rules.pk,
            self.carrier,
            life.ap.pk if life.ap and has_ap else None,
            self.stop or ("closed" if self.is_closed else "active"),
            life.included_at,
            agreed.by.pk,
            window.first,
            window.last,
            life.theme % 16 > 0,
            life.closed_at if self.is_closed else (life.stopped_at if self.stop in STOPPED else None),
            life.closing if self.is_closed else "",
        )

    def _grants(self) -> None:
        """The family opened to her midwife, and to an outside professional when one was asked."""
        life, given_at = self.life, self.life.included_at
        assert given_at is not None
        midwife = (life.midwife, "LIBERAL_MIDWIFE", "LIBERAL_MIDWIFE")
        doctor = (life.doctor, "GENERAL_PRACTITIONER", "ORIENTATION")
        ends_all = self.stop == "withdrawn" and not life.contact["may_space"]
        for post, recipient, reason in (midwife, doctor):
            if post is not None:
                self.register[FamilyGrant].add(
                    self.known.permission_id, post.user_pk, self.family, recipient, reason, self.known.coordinator.pk,
                    given_at, given_at + GRANT_LASTS, life.stopped_at if ends_all else None,
                )  # fmt: skip

    def _interview(self) -> None:
        """What she answered at the inclusion about the early prenatal interview (R223)."""
        assert self.life.included_at is not None
        if said := interview(self.life):
            self.register[CalendarItem].add(
                self.uid(), self.family, self.birth, None, *said, self.team[0].pk, self.life.included_at
            )

    def _calendar(self) -> None:
        """What the signed reports said of the examinations, as `visits.actions.landing` stores it."""
        for (rank, code), (seen, noted_at) in self.calendar.known.items():
            assert self.life.ap is not None
            self.register[CalendarItem].add(
                self.uid(), self.family, self.birth, self.children[rank], code,
                seen.status or CalendarStatus.UNKNOWN, seen.on, seen.source, seen.certificate, "", None,
                self.life.ap.pk, noted_at,
            )  # fmt: skip

    # ---- A visit ------------------------------------------------------------------------------------------
    def _visit(self, pathway: int, call: Call, past: Past) -> Past:
        life = self.life
        assert life.ap is not None
        uid, state = self.uid(), self._state(call)
        has_started, has_ended = state in {"started", "ended"}, state == "ended"
        signed_at = self._signed_at(call) if has_ended else None
        delivered_at = signed_at + ON_ITS_WAY if signed_at and self.desk.is_past(signed_at + ON_ITS_WAY) else None
        # In mourning no report is owed; one that had arrived keeps its hour.
        is_owed = has_ended and (self.stop != "bereaved" or delivered_at is not None)
        due_at = report_due_at(call.ended_at) if is_owed and call.ended_at else None
        soon_at, late_at = self._reminders(due_at, delivered_at)
        visit = self.register[Visit].add(
            uid, self.family, pathway, call.kind, life.ap.pk, call.planned_at, call.minutes, call.window_reason,
            call.motive, state, call.started_at if has_started else None, call.ended_at if has_ended else None,
            self._why_not(call, state), due_at, delivered_at, soon_at, late_at,
        )  # fmt: skip
        self._reminder_alerts(pathway, uid, soon_at, late_at, delivered_at)
        if has_started:
            for sign in call.signs:
                self._sign(pathway, uid, call, sign)
        if has_ended and (signed_at or call.has_draft):
            written = self._report(visit, call, past, signed_at, delivered_at)
            if signed_at:
                self.calendar.learn(written.seen, signed_at)
            if signed_at and written.asks_mood:
                self._mood(pathway, uid, call, signed_at)
            if due_at:
                self._deviations(pathway, visit, call, written.told, signed_at)
            return written.after if signed_at else past
        return past

    def _state(self, call: Call) -> str:
        if self._is_stopped(call):
            return "cancelled"
        if call.missed_why:
            return "not_done" if self.desk.is_past(call.planned_at + timedelta(minutes=30)) else "planned"
        if self.desk.is_past(call.ended_at):
            return "ended"
        return "started" if self.desk.is_past(call.started_at) else "planned"

    def _why_not(self, call: Call, state: str) -> str:
        if state == "cancelled":
            return "FAMILY_CANCELLED" if self.stop == "withdrawn" else "OTHER"
        return call.missed_why if state == "not_done" else ""

    def _reminders(
        self, due_at: datetime | None, delivered_at: datetime | None
    ) -> tuple[datetime | None, datetime | None]:
        """When the clock's two alerts were raised, None for one that was not needed."""
        if due_at is None:
            return None, None
        known_at = delivered_at or self.at
        soon_at = report_soon_at(due_at)
        return (soon_at if known_at > soon_at else None), (due_at if known_at > due_at else None)

    def _reminder_alerts(
        self,
        pathway: int,
        subject: str,
        soon_at: datetime | None,
        late_at: datetime | None,
        delivered_at: datetime | None,
    ) -> None:
        for kind, raised_at in (("report_due_soon", soon_at), ("report_overdue", late_at)):
            if raised_at:
                # Once the report is late, "soon late" says nothing any more.
                ended_at = late_at if kind == "report_due_soon" and late_at else delivered_at
                self.register[Alert].add(
                    self.uid(), self.family, pathway, kind, subject, "", "", "", False, raised_at, None, None, None,  # noqa: FBT003
                    None, "", None, None, ended_at, None, None, "", "",
                )  # fmt: skip

    def _sign(self, pathway: int, subject: str, call: Call, sign: Sign) -> None:
        """The alert of a sign seen at home: a protected one says nothing, the others say the sign."""
        assert call.started_at is not None
        assert self.life.ap is not None
        raised_at = call.started_at + timedelta(minutes=sign.minutes_in)
        uid = self.uid()
        if not self.desk.is_past(raised_at):
            return
        known = self.known.questionnaire
        about = signs_of(known)[sign.code][1]
        is_sealed = _is_sealed(known, sign.code)
        kind = "protected" if is_sealed else ("child_sign" if not about else "mother_sign")
        child = "" if about else f"{shown_name(self.life.babies[0].first_name)}\u00a0: "
        facts = "" if is_sealed else f"{child}{sign_label(known, sign.code)}"[:400]
        taken_at = sign.taken_at if self.desk.is_past(sign.taken_at) else None
        done_at = sign.taken_at + CLOSED_AFTER if sign.taken_at else None
        closed_at = done_at if self.desk.is_past(done_at) else None
        by = self.team[self.life.theme % len(self.team)]
        code = alert_code(sign.family, sign.code, 0 if about else 1)
        self.register[Alert].add(
            uid, self.family, pathway, kind, subject, code, person_of_sign(code), facts,
            is_sealed, raised_at, self.life.ap.pk,
            raised_at + timedelta(minutes=alert_book().families[sign.family].team_delay_min), taken_at,
            by.pk if taken_at else None, INSTRUCTIONS[self.life.theme % 3] if taken_at else "", taken_at,
            by.pk if taken_at else None, None,
            closed_at, by.pk if closed_at else None, OUTCOMES[self.life.theme % 3] if closed_at else "", "",
        )  # fmt: skip

    def _report(
        self, visit: int, call: Call, past: Past, signed_at: datetime | None, delivered_at: datetime | None
    ) -> Written:
        life = self.life
        assert life.ap is not None
        assert call.ended_at is not None
        written = self.desk.scribe.write(life, call, past, self.refs, signed_at)
        uid = self.uid()
        saved_at = signed_at or min(call.ended_at + timedelta(minutes=12), self.at)
        report = self.register[Report].add(
            uid, self.family, visit, self.known.form_id, life.ap.pk, written.answers, written.context,
            "signed" if signed_at else "draft", 4, saved_at, signed_at,
        )  # fmt: skip
        if written.sealed:
            self.register[SealedAnswers].add(self.uid(), self.family, report, written.sealed, written.first_answers)
        if signed_at:
            proof = self._fingerprint(uid, written, signed_at) if delivered_at else ""
            self._delivery(report, uid, call, signed_at, delivered_at, proof)
        return written

    def _deviations(
        self, pathway: int, visit: int, call: Call, told: tuple[tuple[str, str], ...], signed_at: datetime | None
    ) -> None:
        """What the platform found as she left and in her report, with the reason she gave."""
        assert self.life.ap is not None
        assert call.started_at is not None
        assert call.ended_at is not None
        on = call.started_at.astimezone(self.known.zone).date()
        minutes = int((call.ended_at - call.started_at).total_seconds() // 60)
        for kind, reason in told:
            days = days_of(self.life, call, self.known.zone) if kind == "WINDOW" else (None, None)
            lasted = (minutes, *duration_limits(call.kind)) if kind == "DURATION" else (None, None, None)
            found_at = call.ended_at if kind in {"DURATION", "WINDOW"} else signed_at
            source = ("report" if signed_at else "plan") if reason else ""
            self.register[Deviation].add(
                self.uid(), self.family, pathway, visit, kind, on, *days, *lasted, found_at, reason, source,
                self.life.ap.pk if source == "report" else None, (signed_at or found_at) if reason else None,
            )  # fmt: skip

    def _mood(self, pathway: int, visit_uid: str, call: Call, signed_at: datetime) -> None:
        """The scale of a signed report as `pathways.actions.epds` stores it."""
        assert call.ended_at is not None
        assert self.life.ap is not None
        sheet = mood_of(call.epds, call.ended_at, self.life.day, self.known.zone)
        screening = self.register[EpdsScreening].add(
            self.uid(), self.family, pathway, *sheet, call.ended_at, signed_at, self.life.ap.pk, "visit", visit_uid
        )
        if call.epds is not None:
            self.register[EpdsValues].add(self.uid(), self.family, screening, *call.epds)

    def _delivery(
        self,
        report: int,
        report_uid: str,
        call: Call,
        signed_at: datetime,
        delivered_at: datetime | None,
        fingerprint: str,
    ) -> None:
        opened_at = call.opened_at if delivered_at and self.desk.is_past(call.opened_at) else None
        reader = self.team[(self.life.theme + 1) % len(self.team)]
        self.register[Delivery].add(
            self.uid(),
            self.family,
            report,
            self.carrier,
            "sent" if delivered_at else "queued",
            f"report:{report_uid}:{self.known.house_uids[self.carrier]}",
            1 if delivered_at else 0,
            signed_at,
            delivered_at,
            delivered_at,
            delivered_at,
            opened_at,
            reader.pk if opened_at else None,
            fingerprint,
        )

    def _fingerprint(self, uid: str, written: Written, signed_at: datetime) -> str:
        """The proof that the platform itself would have kept."""
        assert self.life.ap is not None
        report = Report(
            public_id=uid,
            form_id=self.known.form_id,
            author_id=self.life.ap.pk,
            signed_at=signed_at,
            answers=orjson.loads(written.answers),
            context=orjson.loads(written.context),
        )
        return fingerprint_of(report)

    # ---- What follows -------------------------------------------------------------------------------------
    def _relay(self, pathway: int) -> None:
        life = self.life
        assert life.agreed is not None
        assert life.included_at is not None
        answer = life.handover if life.handover and self.desk.is_past(life.handover.answered_at) else None
        rules = self.known.rules_on(life.included_at.astimezone(self.known.zone).date())
        state, reply = self._relay_state(answer)
        staff = self.known.pmi.get(life.village.pmi or "", [])
        by = staff[life.number % len(staff)].pk if answer and staff else None
        next_on = life.day + FIRST_CONTACT if state == "accepted" else None
        met_on = self._met_on(next_on)
        relay = self.register[PmiRelay].add(
            self.uid(), self.family, pathway, self.known.communes[life.village.code][1],
            relay_due_on(life.day, rules.relay_day), life.agreed.recipients["PMI"] == "YES", state,
            answer.answered_at if answer else None, by, QUESTION if answer and answer.is_question else "", reply,
            next_on if met_on is None else None, day_bounds(pmi_last_day(life.day), self.known.zone.key)[1],
        )  # fmt: skip
        if met_on is not None:
            self.register[RelayContact].add(
                self.uid(), self.family, relay, met_on, "visit" if life.theme % 3 else "clinic", True, None, by,  # noqa: FBT003
                local_noon(met_on, self.known.zone),
            )  # fmt: skip

    def _met_on(self, planned_on: date | None) -> date | None:
        """The day the PMI met the family, two days after it was planned; None for a few, and while it lies ahead."""
        if planned_on is None or self.life.number % UNMET == 0:
            return None
        on = planned_on + 2 * DAY
        return on if on < self.at.astimezone(self.known.zone).date() else None

    def _relay_state(self, answer: Handover | None) -> tuple[str, str]:
        """(state, reply): a question waits two days for its reply, then the relay is accepted."""
        if answer is None:
            return "waiting", ""
        if not answer.is_question:
            return "accepted", ""
        is_settled = self.desk.is_past(answer.answered_at + 2 * DAY)
        return ("accepted", REPLY) if is_settled else ("questioned", "")

    def _reads(self) -> None:
        """Who opened the file lately: whoever follows the family, after the inclusion."""
        life, since = self.life, self.life.included_at
        assert since is not None
        if since < self.at - READS_KEPT:
            return
        readers = [post for post in (life.ap, self.team[0], life.midwife) if post is not None]
        for rank, post in enumerate(readers):
            moment = since + timedelta(hours=3 + 20 * rank, minutes=life.number % 50)
            if self.desk.is_past(moment):
                self.register[AccessLog].add(
                    self.uid(), post.user_pk, self.family, "pathways.see_family",
                    f"GET /t/{self.known.slug}/families/{self.family_uid}/", moment,
                )  # fmt: skip

    def _line(self, pathway: int) -> None:
        """The chargeable line of a closed pathway that has a price."""
        closed_at = self.life.closed_at
        assert closed_at is not None
        done = len({call.kind for call in self.life.calls if call.kind in COUNTED_KINDS and self._is_done(call)})
        kind = line_kind(done)
        closed_on = closed_at.astimezone(self.known.zone).date()
        uid = self.uid()
        prices = [row for row in self.known.tariffs if row[0] == kind and row[1] <= closed_on]
        if kind is None or not prices or not self.desk.is_past(closed_at + LINE_AFTER):
            return
        _, _, tariff, amount = prices[-1]
        self.register[ChargeableLine].add(
            uid, self.family, pathway, tariff, str(kind), amount, done, closed_on, closed_at + LINE_AFTER
        )

    def _coordination(self, pathway: int) -> None:
        """A time of coordination the day before the end (R099); a few families are closed without one."""
        life = self.life
        assert life.closed_at is not None
        uid = self.uid()
        if not life.coordinated or life.number % UNCOORDINATED == 0:
            return
        on = max((life.closed_at - DAY).astimezone(self.known.zone).date(), life.day)
        by = self.team[life.theme % len(self.team)]
        self.register[CoordinationEntry].add(
            uid, self.family, pathway, on, 10 + life.theme % 4 * 5, SHARED_WITH[life.theme % 3], "", by.pk,
            min(life.closed_at, self.at),
        )  # fmt: skip


def local_noon(day: date, zone: ZoneInfo) -> datetime:
    """Noon of a local day."""
    return datetime.combine(day, time(12), zone).astimezone(UTC)


def _is_sealed(questionnaire: Questionnaire, code: str) -> bool:
    """Whether the form keeps this sign in the sealed compartment; the tenth value of the mood questionnaire is."""
    if code == "EPDS_ITEM10":
        return True
    options = (item.option(code) for item in questionnaire.by_id.values())
    return any(option.is_sealed for option in options if option is not None)
