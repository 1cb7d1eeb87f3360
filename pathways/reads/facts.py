"""The file of a family as a page needs it: the same number of queries for one family and for fifty."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from pathways import rules
from pathways.enums import Agreement, PathwayState, Recipient
from pathways.models import (
    Birth,
    Child,
    Consent,
    CoParent,
    Discharge,
    Family,
    FamilyGrant,
    Mother,
    Pathway,
    PmiRelay,
    Proposal,
    RecipientConsent,
)
from territories.models import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class MotherFacts:
    """`name` is the one in use; `phone` is E.164 or ""."""

    public_id: UUID
    name: str
    birth_name: str
    first_names: str
    birth_on: date
    phone: str
    email: str

    @property
    def full_name(self) -> str:
        return f"{self.first_names} {self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoParentFacts:
    """The other parent."""

    full_name: str
    first_names: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildFacts:
    """`name` is the first name or « bébé »; `birth_weight_g` None when unknown; `is_closed`: follow-up stopped."""

    public_id: UUID
    name: str
    first_name: str
    sex_label: str
    birth_weight_g: int | None
    is_hospitalised: bool
    is_closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DischargeFacts:
    """The doctor's `kind` beside what the elapsed hours (`stay`) suggest (`computed`)."""

    at: datetime
    kind: str
    kind_label: str
    computed: str
    computed_label: str
    stay: timedelta
    has_medical_agreement: bool
    decided_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalFacts:
    """`ask_again_on` None unless she wants to think; `refusal_label` "" unless she said why."""

    proposed_on: date
    context_label: str
    proposed_by: str
    answer: str
    answer_label: str
    answered_at: datetime | None
    ask_again_on: date | None
    refusal_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentFacts:
    """The last adhesion; `withdrawn_at` None while it runs."""

    at: datetime
    collected_by: str
    place_label: str
    mode_label: str
    text_version: str
    notice_version: str
    is_evaluation_opposed: bool
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayFacts:
    """The PMI relay; `sector` and `pmi` are "" while the commune has none ("non attribué")."""

    public_id: UUID
    due_on: date
    sector: str
    pmi: str
    pmi_phone: str
    is_agreed: bool
    state: str
    state_label: str
    question: str
    reply: str
    answered_at: datetime | None
    answered_by: str
    next_contact_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PathwayFacts:
    """One pathway. `ap` is "" and `ap_id` None until she is named; `window` holds local dates, both inclusive."""

    pk: int
    public_id: UUID
    birth_id: int
    state: str
    state_label: str
    rules_code: str
    visit_minutes: int
    window: rules.Window
    ap: str
    ap_id: int | None
    carrier: str
    carrier_phone: str
    included_at: datetime
    included_by: str
    is_pmi_presented: bool
    closed_at: datetime | None
    closing_label: str

    @property
    def is_running(self) -> bool:
        return self.state in {PathwayState.ACTIVE, PathwayState.SUSPENDED}

    @property
    def is_stopped(self) -> bool:
        """Withdrawn, moved or in mourning: nothing more is sent."""
        return self.state in rules.STOPPED


@dataclass(frozen=True, slots=True, kw_only=True)
class BirthFacts:
    """One delivery with its children and what followed; `pathway` is the last one."""

    pk: int
    public_id: UUID
    at: datetime
    day: date
    mode: str
    mode_label: str
    term_weeks: int | None
    parity_label: str
    maternity: str
    maternity_phone: str
    is_silent: bool
    children: tuple[ChildFacts, ...]
    discharge: DischargeFacts | None
    proposal: ProposalFacts | None
    consent: ConsentFacts | None
    pathway: PathwayFacts | None
    relay: RelayFacts | None

    def day_number(self, today: date) -> int:
        """D+n of a local day."""
        return rules.day_of(self.day, today)

    @property
    def children_names(self) -> str:
        """As "Inès" or "Adam et Bilal"."""
        return join_names([child.name for child in self.children])


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientFacts:
    """The mother's answer for one recipient; `answer` "" when she was never asked."""

    recipient: str
    label: str
    answer: str
    answer_label: str
    at: datetime | None

    @property
    def is_agreed(self) -> bool:
        return self.answer == Agreement.YES


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFacts:
    """Safe-contact rules; `line` is what the screens say before anybody calls."""

    may_sms: bool
    may_email: bool
    is_discreet: bool
    no_voice_mail: bool
    hours: str
    hours_label: str

    @property
    def line(self) -> str:
        """As "Le matin seulement. Pas de message vocal. Messages discrets."."""
        parts = [f"{self.hours_label} seulement." if self.hours != "ANY" else f"{self.hours_label}."]
        parts += ["Pas de message vocal."] if self.no_voice_mail else []
        parts += ["Messages discrets."] if self.is_discreet else []
        return " ".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantFacts:
    """One professional to whom the family is open now."""

    user_id: int
    name: str
    reason_label: str
    granted_by: str
    granted_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyFacts:
    """Everything the head of a file says. `births` are newest first; `birth` is the one that is followed now.

    `isolated` None before the first inclusion; `recipients` always holds the four, in the order of the form.
    """

    pk: int
    public_id: UUID
    reference: str
    mother: MotherFacts
    coparents: tuple[CoParentFacts, ...]
    births: tuple[BirthFacts, ...]
    address: str
    commune: str
    postal_code: str
    access_hint: str
    sector: str
    pmi: str
    isolated: bool | None
    contact: ContactFacts
    recipients: tuple[RecipientFacts, ...]
    grants: tuple[GrantFacts, ...]
    created_at: datetime

    @property
    def name(self) -> str:
        """The name of the family on every screen."""
        return self.mother.name

    @property
    def birth(self) -> BirthFacts | None:
        """The last delivery."""
        return self.births[0] if self.births else None

    @property
    def pathway(self) -> PathwayFacts | None:
        """The pathway of the last delivery."""
        return self.birth.pathway if self.birth else None

    @property
    def children(self) -> tuple[ChildFacts, ...]:
        """The children of the last delivery."""
        return self.birth.children if self.birth else ()

    @property
    def place(self) -> str:
        """Address and commune on one line; "" when neither is known."""
        return ", ".join(part for part in (self.address, self.commune) if part)

    def agrees(self, recipient: str) -> bool:
        """Whether this recipient may receive what is sent from now on; nobody may once the pathway stopped."""
        if self.pathway and self.pathway.is_stopped:
            return False
        return any(row.is_agreed for row in self.recipients if row.recipient == recipient)


def family_facts(family: Family, at: datetime) -> FamilyFacts:
    """The file of one family; `at` decides which grants still run. Twelve queries."""
    return families_facts([family.pk], at)[family.pk]


def families_facts(keys: Iterable[int], at: datetime) -> dict[int, FamilyFacts]:
    """The files of these families by primary key, in the same number of queries as for one."""
    rows = _Rows(sorted(set(keys)), at)
    return {family.pk: _family(family, rows) for family in rows.families}


def join_names(names: list[str]) -> str:
    """As "Adam, Bilal et Inès"; "" for none."""
    return " et ".join(part for part in (", ".join(names[:-1]), names[-1] if names else "") if part)


class _Rows:
    """The rows of some families, each table asked once, grouped by what they belong to."""

    def __init__(self, keys: list[int], at: datetime) -> None:
        def of(model: Any, *related: str) -> Any:
            rows = model.objects.filter(family__in=keys)
            # select_related() without a name would follow every foreign key, and planning that join takes 100 ms.
            return rows.select_related(*related) if related else rows

        families = Family.objects.filter(pk__in=keys).order_by("pk")
        self.families = list(families.select_related("commune__sector__structure"))
        self.mothers = {row.family_id: row for row in of(Mother).order_by("pk")}
        self.coparents = _by("family_id", of(CoParent).order_by("family_id", "pk"))
        self.births = _by("family_id", of(Birth, "maternity").order_by("family_id", "-at", "-pk"))
        self.children = _by("birth_id", of(Child).order_by("birth_id", "rank"))
        self.discharges = {row.birth_id: row for row in of(Discharge).order_by("pk")}
        self.proposals = {row.birth_id: row for row in of(Proposal, "proposed_by__user").order_by("pk")}
        self.consents = {row.birth_id: row for row in of(Consent, "collected_by__user").order_by("at", "pk")}
        pathways = of(Pathway, "rules", "carrier", "ap__user", "included_by__user")
        self.pathways = {row.birth_id: row for row in pathways.order_by("included_at", "pk")}
        relays = of(PmiRelay, "sector__structure", "answered_by__user")
        self.relays = {row.pathway_id: row for row in relays.order_by("pk")}
        self.recipients = _by("family_id", of(RecipientConsent).order_by("family_id", "pk"))
        grants = FamilyGrant.objects.filter(content_object__in=keys, revoked_at=None, expires_at__gt=at)
        self.grants = _by(
            "content_object_id", grants.select_related("user", "granted_by__user").order_by("content_object", "pk")
        )


def _by(name: str, rows: Iterable[Any]) -> Mapping[int, list[Any]]:
    """Rows in order of this attribute, grouped by it."""
    return {key: list(group) for key, group in groupby(rows, attrgetter(name))}


def _name(member: Member | None) -> str:
    return member.user.get_full_name() if member else ""


def _family(family: Family, rows: _Rows) -> FamilyFacts:
    commune = family.commune
    sector = commune.sector if commune else None
    return FamilyFacts(
        pk=family.pk,
        public_id=family.public_id,
        reference=family.reference,
        mother=_mother(rows.mothers[family.pk]),
        coparents=tuple(
            CoParentFacts(full_name=str(row), first_names=row.first_names, phone=row.phone)
            for row in rows.coparents.get(family.pk, [])
        ),
        births=tuple(_birth(row, rows) for row in rows.births.get(family.pk, [])),
        address=family.address,
        commune=commune.name if commune else "",
        postal_code=commune.postal_code if commune else "",
        access_hint=family.access_hint,
        sector=sector.name if sector else "",
        pmi=sector.structure.name if sector else "",
        isolated=family.is_isolated,
        contact=contact_facts(family),
        recipients=_recipients(rows.recipients.get(family.pk, [])),
        grants=tuple(_grant(row) for row in rows.grants.get(family.pk, [])),
        created_at=family.created_at,
    )


def contact_facts(family: Family) -> ContactFacts:
    """The safe-contact rules of a family that is already loaded; no query."""
    return ContactFacts(
        may_sms=family.may_sms,
        may_email=family.may_email,
        is_discreet=family.is_discreet,
        no_voice_mail=family.no_voice_mail,
        hours=family.contact_hours,
        hours_label=family.get_contact_hours_display(),
    )


def _mother(row: Mother) -> MotherFacts:
    return MotherFacts(
        public_id=row.public_id,
        name=row.name,
        birth_name=row.birth_name,
        first_names=row.first_names,
        birth_on=row.birth_on,
        phone=row.phone,
        email=row.email,
    )


def _birth(row: Birth, rows: _Rows) -> BirthFacts:
    pathway = rows.pathways.get(row.pk)
    relay = rows.relays.get(pathway.pk) if pathway else None
    discharge, proposal = rows.discharges.get(row.pk), rows.proposals.get(row.pk)
    consent = rows.consents.get(row.pk)
    return BirthFacts(
        pk=row.pk,
        public_id=row.public_id,
        at=row.at,
        day=row.day,
        mode=row.mode,
        mode_label=row.get_mode_display(),
        term_weeks=row.term_weeks,
        parity_label=row.get_parity_display(),
        maternity=row.maternity.name,
        maternity_phone=row.maternity.phone,
        is_silent=row.is_silent,
        children=tuple(_child(child) for child in rows.children.get(row.pk, [])),
        discharge=discharge_facts(discharge, row) if discharge else None,
        proposal=_proposal(proposal) if proposal else None,
        consent=_consent(consent) if consent else None,
        pathway=_pathway(pathway) if pathway else None,
        relay=_relay(relay) if relay else None,
    )


def _child(row: Child) -> ChildFacts:
    return ChildFacts(
        public_id=row.public_id,
        name=row.shown_name,
        first_name=row.first_name,
        sex_label=row.get_sex_display(),
        birth_weight_g=row.birth_weight_g,
        is_hospitalised=row.is_hospitalised,
        is_closed=row.closed_at is not None,
    )


def discharge_facts(row: Discharge, birth: Birth) -> DischargeFacts:
    """The discharge with its check; no query."""
    computed = rules.discharge_category(birth.at, row.at, birth.mode)
    return DischargeFacts(
        at=row.at,
        kind=row.kind,
        kind_label=row.get_kind_display(),
        computed=computed,
        computed_label=str(computed.label),
        stay=rules.elapsed(birth.at, row.at),
        has_medical_agreement=row.has_medical_agreement,
        decided_by=row.decided_by,
    )


def _proposal(row: Proposal) -> ProposalFacts:
    return ProposalFacts(
        proposed_on=row.proposed_on,
        context_label=row.get_context_display(),
        proposed_by=_name(row.proposed_by),
        answer=row.answer,
        answer_label=row.get_answer_display(),
        answered_at=row.answered_at,
        ask_again_on=row.ask_again_on,
        refusal_label=row.get_refusal_reason_display() if row.refusal_reason else "",
    )


def _consent(row: Consent) -> ConsentFacts:
    return ConsentFacts(
        at=row.at,
        collected_by=_name(row.collected_by),
        place_label=row.get_place_display(),
        mode_label=row.get_mode_display(),
        text_version=row.text_version,
        notice_version=row.notice_version,
        is_evaluation_opposed=row.is_evaluation_opposed,
        withdrawn_at=row.withdrawn_at,
    )


def _pathway(row: Pathway) -> PathwayFacts:
    return PathwayFacts(
        pk=row.pk,
        public_id=row.public_id,
        birth_id=row.birth_id,
        state=row.state,
        state_label=row.get_state_display(),
        rules_code=row.rules.code,
        visit_minutes=row.rules.visit_minutes,
        window=rules.Window(row.window_from, row.window_to),
        ap=_name(row.ap),
        ap_id=row.ap_id,
        carrier=row.carrier.name,
        carrier_phone=row.carrier.phone,
        included_at=row.included_at,
        included_by=_name(row.included_by),
        is_pmi_presented=row.is_pmi_presented,
        closed_at=row.closed_at,
        closing_label=row.get_closing_reason_display() if row.closing_reason else "",
    )


def _relay(row: PmiRelay) -> RelayFacts:
    return RelayFacts(
        public_id=row.public_id,
        due_on=row.due_on,
        sector=row.sector.name if row.sector else "",
        pmi=row.sector.structure.name if row.sector else "",
        pmi_phone=row.sector.structure.phone if row.sector else "",
        is_agreed=row.is_agreed,
        state=row.state,
        state_label=row.get_state_display(),
        question=row.question,
        reply=row.reply,
        answered_at=row.answered_at,
        answered_by=_name(row.answered_by),
        next_contact_on=row.next_contact_on,
    )


def _recipients(rows: list[RecipientConsent]) -> tuple[RecipientFacts, ...]:
    found = {row.recipient: row for row in rows}
    return tuple(_recipient(recipient, found.get(recipient)) for recipient in Recipient)


def _recipient(recipient: Recipient, row: RecipientConsent | None) -> RecipientFacts:
    return RecipientFacts(
        recipient=recipient,
        label=str(recipient.label),
        answer=row.answer if row else "",
        answer_label=row.get_answer_display() if row else "Pas demandé",
        at=row.at if row else None,
    )


def _grant(row: FamilyGrant) -> GrantFacts:
    return GrantFacts(
        user_id=row.user_id,
        name=row.user.get_full_name(),
        reason_label=row.get_reason_display(),
        granted_by=_name(row.granted_by),
        granted_at=row.granted_at,
        expires_at=row.expires_at,
    )
