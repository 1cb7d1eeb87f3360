"""Lines of a maternity's list to births: one line a child, one birth a mother, twins together."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import cached_property, lru_cache, partial
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from copa.kernel.french import normalised
from pathways.enums import BirthMode, Parity, Sex
from pathways.rules import import_values as values
from pathways.rules.births import FIRST_BIRTH_DAY, MOTHER_AGES, WARD_DAYS
from pathways.rules.import_columns import BY_KEY, REQUIRED
from pathways.rules.import_file import Cell, Row
from pathways.rules.import_listed import ONE_DELIVERY, ListedBirth, ListedChild, Refused, Warned
from pathways.rules.import_losses import why_lost
from pathways.rules.import_secrecy import why_secret
from pathways.rules.import_twins import NO_HOUR, Deliveries
from pathways.rules.import_values import Unreadable
from pathways.rules.people import NAME_LETTERS, ages_on, is_name, out_of_capitals

# What is written as a commune outside: its name without a figure, and a postal code.
_OUTSIDE = re.compile(r"[^\d()]{2,80} \(\d{5}\)")
_MODES = {
    BirthMode.CAESAREAN: re.compile(r"cesar|^cs$|^c$|^cesa"),
    BirthMode.INSTRUMENTAL: re.compile(r"instrument|forceps|ventouse|spatule|aidee|^vbi$|extraction"),
    BirthMode.VAGINAL: re.compile(r"voie basse|^vb$|^avb$|^avbs$|spontan|normal|eutocique|^basse$|^vbs$|vaginal"),
}
_SEXES = {
    Sex.FEMALE: {"f", "fille", "feminin", "2", "female", "feminine"},
    Sex.MALE: {"m", "g", "garcon", "masculin", "1", "male", "h"},
    Sex.UNKNOWN: {"", "i", "ind", "indetermine", "inconnu", "nd", "u", "unknown", "3"},
}
OUTSIDE = "Commune hors du territoire\u00a0: la ligne attend que quelqu’un la confirme."
BESIDE_A_DEATH = (
    "À inscrire à la main, avec l’équipe : la ligne {} dit un décès dans la même naissance. Rien n’est inscrit, rien "
    "n’est envoyé."
)


@dataclass(frozen=True, slots=True)
class Place:
    """A commune of the territory, as a line may name it."""

    key: int
    name: str
    postal_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a list is read with: where and when it is read, and for which maternity (`finess` "" when unknown)."""

    zone: ZoneInfo
    region: str
    at: datetime
    finess: str
    places: tuple[Place, ...]


_T = TypeVar("_T", Refused, Warned)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """A line that tells a death, with the mother it names; days are None when absent or unreadable."""

    line: int
    names: tuple[str, str]
    birth_on: date | None
    born_on: date | None

    def is_in(self, birth: ListedBirth, zone: ZoneInfo) -> bool:
        """Whether the child who died is of this delivery: what one line leaves out does not tell them apart."""
        born_on = birth.born_at.astimezone(zone).date()
        return (
            birth.mother_key[:2] == self.names
            and self.birth_on in {None, birth.birth_on}
            and (self.born_on is None or abs(self.born_on - born_on) <= ONE_DELIVERY)
        )


@dataclass(frozen=True, slots=True)
class Listed:
    """What a whole list says."""

    births: tuple[ListedBirth, ...]
    refused: tuple[Refused, ...]
    warned: tuple[Warned, ...]


def read_list(rows: Iterable[Row], columns: Sequence[str], around: Around) -> Listed:
    """The births of a list, its refused lines and its warnings, each with its line."""
    births: list[ListedBirth] = []
    refused: list[Refused] = []
    warned: list[Warned] = []
    losses: list[Loss] = []
    for row in rows:
        reader = _Reader(row, columns, around)
        try:
            births.append(reader.birth())
            warned += [Warned(row.line, reason, is_asked=reason == OUTSIDE) for reason in reader.warnings]
        except Unreadable as why:
            refused.append(Refused(row.line, _sentence(str(why))))
            losses += filter(None, [reader.loss()])
    held = _beside_a_death(births, losses, around.zone)
    refused += [Refused(line, BESIDE_A_DEATH.format(loss)) for line, loss in held.items()]
    found = Deliveries(around.zone)
    for birth in births:
        if birth.line not in held:
            found.add(birth)
    told = found.warnings(one for one in warned if one.line not in held)
    return Listed(found.births, _in_order(refused), _in_order(told))


def _in_order(told: list[_T]) -> tuple[_T, ...]:
    return tuple(sorted(told, key=lambda one: one.line))


def _beside_a_death(births: list[ListedBirth], losses: list[Loss], zone: ZoneInfo) -> dict[int, int]:
    """The lines held back, each with the line of the death: the living twin of a child who died (A38)."""
    by_names: dict[tuple[str, str], list[Loss]] = {}
    for loss in losses:
        by_names.setdefault(loss.names, []).append(loss)
    near = ((birth, loss) for birth in births for loss in by_names.get(birth.mother_key[:2], ()))
    return {birth.line: loss.line for birth, loss in near if loss.is_in(birth, zone)}


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:] + ("" if words.endswith(".") else ".")


def _department(postal_code: str) -> str:
    """The department of a postal code: overseas (97, 98) the third figure tells them apart."""
    return postal_code[: 3 if postal_code.startswith(("97", "98")) else 2]


@lru_cache(maxsize=4096)
def _as_compared(commune: str) -> str:
    """The name of a commune of ours, which every line of a list is compared with."""
    return normalised(commune)


def _fault(read: Callable[[], object]) -> str:
    """Why this part cannot be read, "" when it can."""
    try:
        read()
    except Unreadable as why:
        return str(why)
    return ""


class _Reader:
    """Reads one line; `warnings` are filled on the way, what cannot be read raises Unreadable."""

    def __init__(self, row: Row, columns: Sequence[str], around: Around) -> None:
        self.row, self.columns, self.around, self.warnings = row, columns, around, list[str]()
        self.cells = {
            key: cell for key, cell in zip(columns, row.cells, strict=False) if key in BY_KEY and str(cell).strip()
        }

    @cached_property
    def why_lost(self) -> str:
        """Why the child of this line is not thought alive, "" when nothing says so."""
        return why_lost(self.row.cells, self.columns)

    def loss(self) -> Loss | None:
        """Whose child died, when the line says it, or may say it, and names her."""
        names = tuple(normalised(str(self.cells.get(key, ""))) for key in ("birth_name", "first_names"))
        if not self.why_lost or not all(names):
            return None
        youngest = date(self.around.at.year - MOTHER_AGES[0], 12, 31)
        return Loss(
            line=self.row.line,
            names=(names[0], names[1]),
            birth_on=self._day("birth_on", youngest),
            born_on=self._day("born_on"),
        )

    def _day(self, key: str, born_before: date | None = None) -> date | None:
        try:
            return values.day(self.cells[key], born_before=born_before) if key in self.cells else None
        except Unreadable:
            return None

    def birth(self) -> ListedBirth:
        """The line as a delivery of one child."""
        self._check()
        if faults := self._faults():
            raise Unreadable("\u202f; ".join(faults))
        birth_on, precision = self._birth_on()
        born_at = self._born_at()
        return ListedBirth(
            line=self.row.line,
            lines=(self.row.line,),
            birth_name=self._name("birth_name"),
            used_name=self._name("used_name"),
            first_names=self._name("first_names"),
            birth_on=birth_on,
            birth_precision=precision,
            phone=self._phone("phone"),
            email=self._email(),
            born_at=born_at,
            mode=self._mode(),
            parity=self._parity(),
            term_weeks=self._soft("term", values.weeks),
            address=self._address(),
            children=(replace(self._child(), born_at=born_at if self._has_hour else None),),
            **self._home(),
            **self._coparent(),
        )

    def _check(self) -> None:
        """Refuse what must not become a file, before anything else of it is read."""
        if self.row.problem:
            raise Unreadable(self.row.problem)
        if reason := why_secret(self.row.cells, self.columns):
            raise Unreadable(reason)
        if self.why_lost:
            raise Unreadable(self.why_lost)

    def _faults(self) -> list[str]:
        """Everything that stands against this line, so that it is corrected once."""
        missing = [BY_KEY[key].label.lower() for key in REQUIRED if key not in self.cells]
        found = [f"il manque : {', '.join(missing)}"] if missing else []
        reads: Mapping[str, Callable[[], object]] = {
            "finess": self._check_maternity,
            **{key: partial(self._name, key) for key in ("birth_name", "used_name", "first_names")},
            "birth_on": self._birth_on,
            "born_on": self._born_at,
            "mode": self._mode,
            "parity": self._parity,
            "child_first_name": self._child,
        }
        said = [why for key, read in reads.items() if key in self.cells and (why := _fault(read))]
        if {"birth_on", "born_on"} <= self.cells.keys() and not (_fault(self._birth_on) or _fault(self._born_at)):
            said += [why] if (why := _fault(self._check_dates)) else []
        # What is said while looking is said again while reading.
        self.warnings.clear()
        return found + said

    def _birth_on(self) -> tuple[date, str]:
        # Of two figures, the century is the one in which she is old enough.
        youngest = date(self._today.year - MOTHER_AGES[0], 12, 31)
        return values.birth_date(self.cells["birth_on"], born_before=youngest)

    @property
    def _today(self) -> date:
        return self.around.at.astimezone(self.around.zone).date()

    def _check_maternity(self) -> None:
        if "finess" in self.cells and self.around.finess:
            said = values.padded(self.cells["finess"], 9).upper()
            if said != self.around.finess.upper():
                raise Unreadable("cette ligne est d’une autre maternité (FINESS différent)")

    def _check_dates(self) -> None:
        (birth_on, precision), born_at, today = self._birth_on(), self._born_at(), self._today
        born_on = born_at.astimezone(self.around.zone).date()
        if born_at > self.around.at:
            raise Unreadable("la naissance est dans le futur")
        if born_on < FIRST_BIRTH_DAY:
            raise Unreadable("la naissance date d’avant CoPa (2021)")
        if birth_on > today or not set(ages_on(birth_on, precision, born_on)) & set(MOTHER_AGES):
            raise Unreadable("la date de naissance de la mère ne convient pas (âge)")
        if (today - born_on).days > WARD_DAYS:
            raise Unreadable(f"la naissance date de plus de {WARD_DAYS} jours : inscrivez-la à la main")

    def _born_at(self) -> datetime:
        cell = self.cells["born_on"]
        day = values.day(cell)
        at = values.hour(self.cells["born_at"]) if "born_at" in self.cells else values.hour(cell)
        if at is None:
            self.warnings.append("Heure de naissance absente : minuit est noté, à corriger dans le dossier.")
            at = time()
        local = datetime.combine(day, at, self.around.zone)
        if local.astimezone(ZoneInfo("UTC")).astimezone(self.around.zone).time() != at:
            raise Unreadable("cette heure n’existe pas (changement d’heure)")
        return local.astimezone(ZoneInfo("UTC"))

    @property
    def _has_hour(self) -> bool:
        return NO_HOUR not in self.warnings

    def _name(self, key: str, longest: int = NAME_LETTERS) -> str:
        if key not in self.cells:
            return ""
        name = out_of_capitals(values.label(self.cells[key]))
        if not is_name(name):
            raise Unreadable(f"{BY_KEY[key].label.lower()} : ce n’est pas un nom")
        if len(name) > longest:
            raise Unreadable(f"{BY_KEY[key].label.lower()} : plus de {longest} lettres")
        return name

    def _soft(self, key: str, read: Callable[[Cell], Any]) -> Any:
        """What may be left out: None when empty, and with a warning when unreadable."""
        if key not in self.cells:
            return None
        try:
            return read(self.cells[key])
        except Unreadable as why:
            self.warnings.append(f"{BY_KEY[key].label} : {why}. Laissé vide.")
            return None

    def _phone(self, key: str) -> str:
        if key not in self.cells:
            return ""
        found: str | None = self._soft(key, lambda cell: values.phone(cell, self.around.region))
        if found is None and not any(BY_KEY[key].label in warning for warning in self.warnings):
            self.warnings.append(f"{BY_KEY[key].label} : numéro illisible. Laissé vide.")
        return found or ""

    def _email(self) -> str:
        address = self._soft("email", values.text) or ""
        if address and not re.fullmatch(r"[^@\s<>()]+@[^@\s<>()]+\.[A-Za-z]{2,}", address):
            self.warnings.append("Adresse e-mail : illisible. Laissée vide.")
            return ""
        return str(address)

    def _mode(self) -> str:
        said = normalised(values.text(self.cells["mode"]))
        for mode, pattern in _MODES.items():
            if said == normalised(mode.value) or pattern.search(said):
                return mode
        raise Unreadable("mode de naissance inconnu (voie basse, voie basse aidée, césarienne)")

    def _parity(self) -> str:
        said = normalised(values.text(self.cells["parity"]))
        if said in {"first", "oui"} or re.search(r"primi|premier|^i pare$|^1 pare$", said):
            return Parity.FIRST
        if said in {"already", "non"} or re.search(r"multi|deja|^(ii|iii|iv|v|[2-9]) pare$", said):
            return Parity.ALREADY
        if found := re.search(r"p ?(\d{1,2})\b", said) or re.fullmatch(r"(?:\d{1,2} )?(\d{1,2})", said):
            # Counted after this birth: the first child makes her parity one; a few lists count before it.
            return Parity.FIRST if int(found[1]) <= 1 else Parity.ALREADY
        raise Unreadable("parité inconnue (1 pour un premier enfant, 2 ou plus ensuite)")

    def _address(self) -> str:
        address: str = (self._soft("address", values.label) or "")[:200]
        return address

    def _home(self) -> Mapping[str, Any]:
        """The commune, by its name, else by a postal code that only one has; or one outside, which a person confirms.

        A name nobody knows under a postal code of ours is a slip of the pen, not a commune outside. A commune of ours
        under another postal code of its department is taken and said; of another department it is a namesake.
        """
        code = self._soft("postal_code", lambda cell: values.padded(cell, 5)) or ""
        written = out_of_capitals(self._soft("commune", values.label) or "")
        name = normalised(written)
        if not code and not name:
            return {"place": None}
        named = [one for one in self.around.places if name and _as_compared(one.name) == name]
        found = [one for one in named if not code or one.postal_code == code]
        found = found or [one for one in named if _department(one.postal_code) == _department(code)]
        found = found or [one for one in self.around.places if not name and one.postal_code == code]
        if len(found) == 1:
            if code and found[0].postal_code != code:
                self.warnings.append(
                    f"Code postal {code} : la commune a {found[0].postal_code} ici, qui est gardé. À vérifier."
                )
            return {"place": found[0].key}
        is_ours = bool(found) or any(one.postal_code == code for one in self.around.places)
        if not is_ours and _OUTSIDE.fullmatch(f"{written} ({code})"):
            self.warnings.append("Commune hors du territoire : la ligne attend que quelqu’un la confirme.")
            return {"place": None, "outside": f"{written} ({code})"}
        self.warnings.append("Commune inconnue sur ce territoire, ou plusieurs du même code : à choisir à l’adhésion.")
        return {"place": None}

    def _child(self) -> ListedChild:
        said = normalised(str(self._soft("child_sex", values.text) or ""))
        sex = next((sex for sex, words in _SEXES.items() if said in words), None)
        if sex is None:
            self.warnings.append("Sexe de l’enfant : illisible. Noté « indéterminé », à corriger dans le dossier.")
        elif not said:
            self.warnings.append("Sexe de l’enfant absent : noté « indéterminé », à corriger dans le dossier.")
        is_hospitalised = "hospitalised" in self.cells and values.is_yes(self.cells["hospitalised"])
        weight = self._soft("child_weight", values.weight)
        name = self._name("child_first_name", 60)
        return ListedChild(self.row.line, name, sex or Sex.UNKNOWN, weight, is_hospitalised)

    def _coparent(self) -> Mapping[str, Any]:
        """The other parent, when the line gives both names."""
        parts = {
            key: out_of_capitals(str(self._soft(key, values.label) or ""))[:NAME_LETTERS]
            for key in ("coparent_name", "coparent_first_names")
        }
        if not all(is_name(part) for part in parts.values()):
            return dict.fromkeys(("coparent_name", "coparent_first_names", "coparent_phone"), "")
        return {**parts, "coparent_phone": self._phone("coparent_phone")}
