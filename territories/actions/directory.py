"""Changes of the directory: an entry is added, corrected, checked, archived."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from copa.kernel.errors import BusinessError, refusals_of
from copa.kernel.french import normalised
from territories.actions.sectors import reached
from territories.catalogue import SECRET_TYPES, Visibility
from territories.enums import AskBy, Capacity, Known
from territories.models import DirectoryEntry, Member
from territories.rules import Point


@dataclass(frozen=True, kw_only=True)
class Resource:
    """An entry of the directory as typed; `communes` are codes, () for the whole territory, `delay_days` in days.

    `point` (degrees) and `radius_km`, both or none, stand for communes. `audiences` are letters of `Audience`, () for
    those of its type; `child_age_max` in months. What nobody asked is unknown.
    """

    type: str
    name: str
    address: str
    communes: tuple[str, ...]
    phone: str
    short_number: str
    email: str
    web: str
    hours: str
    delay_days: int | None
    cost: str
    at_home: bool
    languages: str
    wheelchair: str
    accepts_without_cover: str
    capacity_now: str
    valid_from: date
    valid_to: date | None
    visibility: str
    notes_pro: str
    legal_name: str = ""
    finess: str = ""
    siret: str = ""
    rpps: str = ""
    mssante: str = ""
    access_text: str = ""
    on_holidays: str = Known.UNKNOWN
    ask_by: str = AskBy.UNKNOWN
    third_party: str = Known.UNKNOWN
    video: bool = False
    in_group: bool = False
    one_to_one: bool = False
    audiences: tuple[str, ...] = ()
    child_age_max: int | None = None
    coparent_welcome: str = Known.UNKNOWN
    siblings_welcome: str = Known.UNKNOWN
    minors_alone: str = Known.UNKNOWN
    interpreter: str = Known.UNKNOWN
    sign_language: str = Known.UNKNOWN
    falc_docs: str = Known.UNKNOWN
    quiet_room: str = Known.UNKNOWN
    adapted_equipment: str = Known.UNKNOWN
    parking_disabled: str = Known.UNKNOWN
    has_discharge_organisation: str = Known.UNKNOWN
    has_pass: str = Known.UNKNOWN
    source: str = ""
    point: Point | None = None
    radius_km: int | None = None

    def columns(self) -> dict[str, Any]:
        """Values of the row. A secret place is never public, whatever was ticked (R003)."""
        lists = {**_sector(self), "audiences": list(self.audiences)}
        typed = {name: value for name, value in vars(self).items() if name != "point"}
        values = {**typed, **lists, "search": normalised(self.name)}
        if self.type in SECRET_TYPES:
            values["visibility"] = Visibility.PROFESSIONAL
        return values


def _sector(resource: Resource) -> dict[str, Any]:
    """Where it receives from: communes by name, or all that a radius reaches (R024: never for a PMI centre)."""
    point, radius = resource.point, resource.radius_km
    if point is None and radius is None:
        return {"communes": list(resource.communes), "latitude": None, "longitude": None}
    if resource.communes:
        raise BusinessError("one_sector", "Des communes, ou un rayon\u00a0: pas les deux.", field="radius_km")
    if point is None:
        raise BusinessError("no_centre", "Dites d’où part ce rayon.", field="around")
    if radius is None:
        raise BusinessError("no_radius", "Dites à combien de kilomètres il va.", field="radius_km")
    return {"communes": reached(point, radius), "latitude": point[0], "longitude": point[1]}


@transaction.atomic
def add_entry(*, resource: Resource, by: Member, today: date) -> DirectoryEntry:
    """Write a resource into the directory, checked today."""
    with refusals_of(DirectoryEntry, beside=_ENTRY_FIELDS):
        entry: DirectoryEntry = DirectoryEntry.objects.create(
            **resource.columns(), **_said(resource.capacity_now, today), reviewed_on=today, reviewed_by=by
        )
    return entry


@transaction.atomic
def edit_entry(
    *, entry: DirectoryEntry, resource: Resource, by: Member, today: date, seen_capacity: str | None = None
) -> None:
    """Correct a resource; whoever corrects it has checked it. History keeps what stood before.

    `seen_capacity` is what her page showed of the places, None when it showed nothing: left as it was, it does not
    undo what the service itself has answered meanwhile (`actions.capacity`).
    """
    # The columns first: a radius waits for the places of the communes, whose loading writes these rows afterwards.
    values = {**resource.columns(), **_said(resource.capacity_now, today), "reviewed_on": today, "reviewed_by": by}
    held = DirectoryEntry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    if resource.capacity_now == seen_capacity != held.capacity_now:
        values |= {"capacity_now": held.capacity_now, "capacity_on": held.capacity_on}
    with refusals_of(DirectoryEntry, beside=_ENTRY_FIELDS):
        DirectoryEntry.objects.filter(pk=entry.pk).update(**values)


@transaction.atomic
def review_entry(*, entry: DirectoryEntry, by: Member, today: date) -> None:
    """Somebody has called: all that is written is still true (R206)."""
    found = DirectoryEntry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    said = _said(found.capacity_now, today)
    DirectoryEntry.objects.filter(pk=entry.pk).update(**said, reviewed_on=today, reviewed_by=by)


def _said(capacity: str, today: date) -> dict[str, date | None]:
    """What is known of its places was told today; nothing is dated while nobody knows."""
    return {"capacity_on": None if capacity == Capacity.UNKNOWN else today}


@transaction.atomic
def archive_entry(*, entry: DirectoryEntry, last_day: date) -> None:
    """The resource ends with this local day: it stays readable and receives no new orientation (R025, R220)."""
    if last_day < entry.valid_from:
        raise BusinessError("end_before_start", "Ce jour précède l’ouverture du service.", field="last_day")
    with refusals_of(DirectoryEntry, beside=_ENTRY_FIELDS):
        DirectoryEntry.objects.filter(pk=entry.pk).update(valid_to=last_day)


# Beside which field of the page the sentence of a violated constraint stands.
_ENTRY_FIELDS = {
    "directory_once": "name",
    "directory_ends_after_start": "valid_to",
    "directory_reachable": "phone",
    "directory_secret_not_public": "visibility",
    "directory_finess": "finess",
    "directory_siret": "siret",
    "directory_rpps": "rpps",
    "directory_audiences": "audiences",
    "directory_maternity_only": "has_pass",
    "directory_radius_whole": "radius_km",
    "directory_pmi_no_radius": "radius_km",
}
