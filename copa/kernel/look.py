"""What the components draw: small frozen values that a page's `reads` can build. No query.

The numbers 0…21 are days since birth (local dates of the territory); the drawings have these 22 positions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from copa.kernel import french
from copa.kernel.digest import short
from copa.kernel.french import NBSP

LAST_DAY = 21
RING = 24  # a clock's circle is drawn as 24 units, one an hour
NEAR = timedelta(hours=6)  # from here on the ring is amber; a matter of looks, the deadline itself is given
DAY = timedelta(hours=24)

# Short names of our icons → names in the lucide set. An unknown name is looked up in lucide as it is.
ICONS: dict[str, str] = {
    "alert": "triangle-alert", "arrow": "arrow-right", "baby": "baby", "back": "arrow-left", "bell": "bell",
    "book": "book-open", "bottle": "milk", "building": "building-2", "calendar": "calendar", "car": "car",
    "chart": "chart-column", "check": "check", "clock": "clock", "cloud": "cloud-check", "copy": "copy",
    "done": "circle-check", "door": "door-open", "down": "chevron-down", "download": "download",
    "edit": "pencil", "euro": "euro", "eye": "eye", "family": "users", "file": "file-text",
    "filter": "list-filter", "flag": "flag", "half": "clock-3", "hand": "hand-heart", "heart": "heart",
    "help": "circle-question-mark", "history": "history", "home": "house", "info": "info", "key": "key-round",
    "list": "list-checks", "listen": "volume-2", "lock": "lock", "logout": "log-out", "mail": "mail", "menu": "menu",
    "message": "message-square-text", "offline": "wifi-off", "phone": "phone", "pin": "map-pin",
    "plus": "plus", "print": "printer", "refresh": "refresh-cw", "screen": "monitor", "search": "search",
    "send": "send",
    "settings": "settings", "shield": "shield-check", "sos": "circle-alert", "spark": "sparkles",
    "swap": "arrow-left-right", "tablet": "tablet", "todo": "circle", "trash": "trash-2", "up": "chevron-up",
    "updown": "chevrons-up-down", "upload": "cloud-upload", "user": "user", "x": "x",
}  # fmt: skip


# ---- The thread: 21 days, one shape everywhere ---------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Bead:
    """One event. `label` fits in the bead ("V1"), `caption` and `sub` stand above it.

    state: done, planned, maybe (proposed), late (to be fixed), today; kind: visit, birth, relay.
    """

    day: int
    label: str
    state: str = "planned"
    kind: str = "visit"
    caption: str = ""
    sub: str = ""

    @property
    def place(self) -> int:
        """Its position among the 22; what comes after J21 is drawn at the end, its caption tells when."""
        return min(max(self.day, 0), LAST_DAY)

    @property
    def short(self) -> str:
        """The one letter of the small drawing: "1" for "V1", "U" for an ultra-early visit."""
        return self.label.removeprefix("V")[:1]

    @property
    def icon(self) -> str:
        """Birth and relay are drawn with an icon, visits with their label."""
        return {"birth": "baby", "relay": "swap"}.get(self.kind, "")


@dataclass(frozen=True, slots=True)
class Lane:
    """A stretch of days under the thread: an exam's window, the midwife's visits. state "" is neutral."""

    start: int
    end: int
    text: str
    state: str = ""
    icon: str = "todo"

    @property
    def first(self) -> int:
        return min(max(self.start, 0), LAST_DAY)

    @property
    def last(self) -> int:
        return min(max(self.end, self.first), LAST_DAY)


# The style knows as many lines of captions.
_LINES = 4


@dataclass(frozen=True, slots=True)
class PlacedBead:
    """A bead with what its neighbours impose: `tier`, 1 to 4, lifts its caption, `shift` parts a shared day."""

    bead: Bead
    tier: int
    edge: str
    shift: str


_STATE_WORDS = {
    "done": "faite",
    "planned": "prévue",
    "maybe": "proposée",
    "late": "à fixer",
    "today": "aujourd’hui",
}


@dataclass(frozen=True, slots=True)
class Thread:
    """The 21 days of one family. `today_day` is None once the pathway is over or before the birth."""

    beads: Sequence[Bead] = ()
    today_day: int | None = None
    lanes: Sequence[Lane] = ()
    label: str = "Les 21 jours"

    @property
    def past_day(self) -> int | None:
        """Up to where the thread is filled: today, at most J21."""
        return None if self.today_day is None else min(max(self.today_day, 0), LAST_DAY)

    @property
    def visits(self) -> list[Bead]:
        return [bead for bead in self.beads if bead.kind == "visit"]

    @property
    def sentence(self) -> str:
        """The drawing in words, for those who do not see it: "J9 : V1 faite à J4, V2 prévue à J9"."""
        words = [f"{bead.label} {_STATE_WORDS[bead.state]} à{NBSP}J{bead.day}" for bead in self.visits]
        today = "" if self.today_day is None else f"J{self.today_day}{NBSP}: "
        return today + (", ".join(words) or "aucune visite")

    @property
    def placed(self) -> list[PlacedBead]:
        """Beads in order of days. A caption stands on the lowest line that has none within three days before it."""
        result: list[PlacedBead] = []
        # The day of the last caption of each line.
        taken: dict[int, int] = {}
        for bead in sorted(self.beads, key=lambda one: one.place):
            before = result[-1] if result else None
            gap = bead.place - before.bead.place if before else LAST_DAY
            tier = next((line for line in range(1, _LINES) if bead.place - taken.get(line, -LAST_DAY) >= 3), _LINES)
            taken[tier] = bead.place
            if before and gap == 0:
                result[-1] = PlacedBead(before.bead, before.tier, before.edge, "back")
            edge = {0: "start", LAST_DAY: "end"}.get(bead.place, "")
            result.append(PlacedBead(bead, tier, edge, "forth" if gap == 0 else ""))
        return result

    @property
    def lines(self) -> int:
        """How many lines of captions there are, one at least."""
        return max((placed.tier for placed in self.placed), default=1)


# ---- The clock: 24 h as a ring -------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ClockFace:
    """What a ring shows. `arc` is a length out of 24; `big` and `small` stand inside the large ring."""

    state: str
    arc: str
    text: str
    big: str
    small: str
    is_running: bool


def _arc(part: timedelta, whole: timedelta) -> str:
    share = min(max(part / whole, 0.0), 1.0) if whole > timedelta(0) else 1.0
    return f"{share * RING:.2f}".rstrip("0").rstrip(".")


def clock_face(due: datetime, ended: datetime | None, delivered: datetime | None, now: datetime) -> ClockFace:
    """The ring of a report: it empties until `due`, then stays red; once delivered it shows the time it took.

    `due` comes from the one function that defines the deadline; nothing is computed from it here but the
    remaining time. Delivered at the very instant of `due` is in time.
    """
    whole = due - ended if ended else DAY
    if delivered is not None:
        return _delivered_face(due, ended or due - DAY, delivered, whole)
    rest = due - now
    if rest < timedelta(0):
        return ClockFace("bad", str(RING), french.left(rest), french.delay(rest), "de retard", is_running=True)
    state = "warn" if rest <= NEAR else "ok"
    return ClockFace(state, _arc(rest, whole), french.left(rest), french.delay(rest), "restent", is_running=True)


def _delivered_face(due: datetime, ended: datetime, delivered: datetime, whole: timedelta) -> ClockFace:
    took = delivered - ended
    over = f"sur {french.delay(whole) if whole != DAY else f'24{NBSP}h'}"
    if delivered > due:
        text = f"remis avec {french.delay(delivered - due)} de retard"
        return ClockFace("bad", str(RING), text, french.delay(took), over, is_running=False)
    return ClockFace(
        "ok", _arc(took, whole), f"remis en {french.delay(took)}", french.delay(took), over, is_running=False
    )


@dataclass(frozen=True, slots=True)
class ProofStep:
    """A step of the delivery ("Écrit", "Envoyé", "Remis", "Ouvert"); `at` is None until it happens."""

    label: str
    at: datetime | None = None


# ---- Figures -------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator with all its parts. A masked count is None and stays hidden in every derived number."""

    label: str
    numerator: int | None
    denominator: int | None
    missing: int | None = 0
    target: Decimal | None = None

    @property
    def is_masked(self) -> bool:
        return self.numerator is None or self.denominator is None

    @property
    def rest(self) -> int | None:
        """Known cases that do not count in the numerator."""
        if self.numerator is None or self.denominator is None:
            return None
        return self.denominator - self.numerator

    @property
    def ratio(self) -> Fraction | None:
        if not self.denominator or self.numerator is None:
            return None
        return Fraction(self.numerator, self.denominator)

    @property
    def total(self) -> int:
        """Length of the bar: known and missing cases; a masked number of missing cases is not drawn."""
        return (self.denominator or 0) + (self.missing or 0)

    @property
    def verdict(self) -> str:
        """The figure beside its target, in words; "" without a target."""
        if self.target is None:
            return ""
        aim = f"objectif {french.percent(self.target, 0)}"
        if self.ratio is None:
            return aim
        if self.ratio >= Fraction(self.target):
            return f"{aim} atteint"
        gap = round((Fraction(self.target) - self.ratio) * 100, 1)
        return f"{aim}, il manque {french.decimal(gap, 1)}{NBSP}{french.agree(int(gap), 'point')}"


# ---- Lists, choices, long work -------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Chip:
    """A filter kept in the address. `params` are the keys it sets; None takes a key away.

    `default` is the value that stands for the key taken away: written in the address, it is this filter too.
    """

    label: str
    params: Mapping[str, str | None] = field(default_factory=dict)
    count: int | None = None
    may_remove: bool = False
    default: str | None = None


@dataclass(frozen=True, slots=True)
class PageLinks:
    """A page of a list that is cut by key rather than by number. Addresses are "?…", or "" at an end."""

    shown: int
    total: int | None = None
    previous: str = ""
    next: str = ""


class Tile(str):
    """The label of a choice, with a second line and whether choosing it raises an alarm."""

    hint: str
    flag: bool

    def __new__(cls, label: str, *, hint: str = "", flag: bool = False) -> "Tile":
        tile = super().__new__(cls, label)
        tile.hint = hint
        tile.flag = flag
        return tile


@dataclass(frozen=True, slots=True)
class RunProgress:
    """Long work: state is queued, running, done or failed. `poll_url` answers the same partial again."""

    state: str
    label: str
    done: int = 0
    total: int | None = None
    poll_url: str = ""
    file_url: str = ""
    file_label: str = "Télécharger"
    problem: str = ""

    @property
    def is_running(self) -> bool:
        return self.state in {"queued", "running"}


@dataclass(frozen=True, slots=True)
class Paper:
    """What every printed page carries at its foot. `digest` is the hash of the data the document shows."""

    title: str
    territory: str
    version: str
    printed_at: datetime
    digest: str = ""

    @property
    def short_digest(self) -> str:
        """Enough of it to compare two sheets by eye."""
        return short(self.digest)
