"""The directory of the territory and the duty roster of its structures."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from copa.demo.care.base import Office
from copa.demo.people import Post
from copa.kernel.french import normalised
from territories.catalogue import Visibility
from territories.enums import AskBy, Capacity, Cost, DutyPlace, Known, Role
from territories.models import DirectoryEntry, DutyShift
from territories.rules import within

FREE, COVERED, PART, FEE = Cost.FREE, Cost.COVERED, Cost.PART, Cost.FEE
YES, NO = Known.YES, Known.NO
OPEN, WAITING, FULL, UNKNOWN = Capacity.OPEN, Capacity.WAITING, Capacity.FULL, Capacity.UNKNOWN
PHONES_FROM = 1400
# Days before and after the loading that somebody answers for: a demonstration is looked at for more than one day.
ROSTER_BEFORE, ROSTER_AFTER = 8, 14
CHANGE_AT = time(8)


@dataclass(frozen=True)
class Shown:
    """One resource. `reviewed` days ago; `ended` days ago, None while it is open; `villages` of the territory it
    receives, 0 for all of them; `radius` in kilometres around the first village, 0 for none."""

    type: str
    name: str
    hours: str
    cost: str
    capacity: str
    delay: int | None = None
    mail: bool = True
    home: bool = False
    villages: int = 0
    radius: int = 0
    reviewed: int = 60
    ended: int | None = None
    visibility: str = Visibility.PUBLIC
    notes: str = ""
    ask: str = AskBy.CALL
    more: dict[str, Any] = field(default_factory=dict)


ENTRIES = (
    Shown("PMI_CENTRE", "Consultations de nourrissons, secteur des Quais", "Lundi et jeudi, 9 h à 12 h", FREE, OPEN, 7),
    Shown("LIBERAL_MIDWIFE", "Cabinet de sages-femmes des Tilleuls", "Du lundi au samedi", COVERED, OPEN, 2, home=True),
    Shown("GP", "Maison médicale du Pont-Vieux", "Du lundi au vendredi, 8 h à 19 h", COVERED, WAITING, 15),
    Shown("PAEDIATRICIAN", "Cabinet de pédiatrie des Lavoirs", "Mardi, mercredi et vendredi", COVERED, WAITING, 30),
    Shown("NURSE", "Cabinet infirmier de la Halle", "Tous les jours, 7 h à 20 h", COVERED, FULL, home=True, villages=2,
          more={"third_party": YES}),
    Shown("REHAB", "Kinésithérapie de la Gare", "Sur rendez-vous", COVERED, OPEN, 20),
    Shown("DIETITIAN", "Cabinet de diététique du Verger", "Mercredi", PART, OPEN, 10, reviewed=410),
    Shown("LACTATION", "Consultation d’allaitement du mardi", "Mardi, 14 h à 17 h", FREE, OPEN, 5),
    Shown("PSYCHOLOGIST", "Cabinet de psychologie des Érables", "Sur rendez-vous", PART, OPEN, 12,
          ask=AskBy.LETTER, more={"video": True, "one_to_one": True, "coparent_welcome": YES, "audiences": ["M", "C"]}),
    Shown("EMPP", "Équipe mobile parents-bébé", "Du lundi au vendredi", COVERED, OPEN, 6, home=True,
          visibility=Visibility.PROFESSIONAL, notes="Appel entre professionnels, le matin de préférence."),
    Shown("CMP", "Centre médico-psychologique de l’Écluse", "Du lundi au vendredi", COVERED, WAITING, 90),
    Shown("ADDICTION", "Consultation tabac et grossesse", "Jeudi après-midi", FREE, OPEN, 10),
    Shown("CAMSP", "Action précoce du Plateau", "Sur rendez-vous", COVERED, WAITING, 120),
    Shown("PASS", "Permanence d’accès aux soins de l’hôpital", "Du lundi au vendredi, 9 h à 16 h", FREE, OPEN, 0,
          more={"interpreter": YES, "minors_alone": YES, "falc_docs": YES}),
    Shown("SEXUAL_HEALTH", "Centre de santé sexuelle du Marché", "Mercredi et samedi matin", FREE, OPEN, 7),
    Shown("TISF", "Association Un coup de main", "Du lundi au vendredi", PART, WAITING, 21, home=True, radius=20),
    Shown("HOME_HELP", "Aide à domicile des Deux Rives", "Tous les jours", PART, UNKNOWN, home=True, reviewed=480),
    Shown("SOCIAL_WORKER", "Service social du canton", "Sur rendez-vous", FREE, OPEN, 10),
    Shown("LAEP", "La Parenthèse, lieu d’accueil enfants-parents", "Lundi et jeudi, 14 h à 17 h", FREE, OPEN, 0,
          more={"in_group": True, "child_age_max": 72, "coparent_welcome": YES, "siblings_welcome": YES,
                "quiet_room": YES, "parking_disabled": NO}),
    Shown("BREASTFEEDING_GROUP", "Lait et compagnie", "Premier samedi du mois", FREE, OPEN, mail=False),
    Shown("VIOLENCE_SUPPORT", "Lieu d’écoute L’Abri-Calme", "Jour et nuit", FREE, OPEN, 0,
          visibility=Visibility.PROFESSIONAL, notes="L’adresse ne se donne qu’après un appel de l’équipe."),
    Shown("FOOD_AID", "Épicerie solidaire Le Panier plein", "Mardi et vendredi matin", FREE, OPEN, 2, mail=False),
    Shown("EQUIPMENT_BANK", "La Recyclerie des petits", "Mercredi et samedi", FREE, OPEN, 3),
    Shown("TRANSPORT", "Transport solidaire La Navette", "Réserver deux jours avant", PART, OPEN, 2, villages=3),
    Shown("PROGRAMME_ARCHIVED", "Sac des premiers jours, distribution de 2024", "Terminé", FREE, FULL, mail=False,
          reviewed=330, ended=240, visibility=Visibility.ARCHIVED),
    Shown("CRIP", "Cellule de recueil du département", "Du lundi au vendredi, 9 h à 17 h", FREE, UNKNOWN,
          ask=AskBy.WRITE, visibility=Visibility.PROFESSIONAL, notes="En urgence, appeler le procureur."),
)  # fmt: skip


def write_places(office: Office) -> None:
    """The directory, checked by the coordinator, and three weeks of the roster of each referring team."""
    for rank, shown in enumerate(ENTRIES):
        office.entries[shown.type] = _entry(office, shown, rank)
    for house in office.place.houses:
        if house.pathways:
            _roster(office, house.name)


def _entry(office: Office, shown: Shown, rank: int) -> DirectoryEntry:
    mailbox = shown.type.lower().replace("_", "-")
    villages = [village.code for village in office.place.villages[: shown.villages]]
    centre = office.place.villages[0].point if shown.radius else None
    if centre:
        villages = within(centre, shown.radius, {one.code: one.point for one in office.place.villages})
    village = office.place.villages[rank % 2]
    return office.put(
        DirectoryEntry,
        type=shown.type,
        name=shown.name,
        search=normalised(shown.name),
        address=f"{3 + rank} place du Marché, {village.postal_code} {village.name}",
        communes=villages,
        phone=office.place.phone(PHONES_FROM + rank),
        email=f"{mailbox}@{office.place.key}.example" if shown.mail else "",
        hours=shown.hours,
        delay_days=shown.delay,
        cost=shown.cost,
        at_home=shown.home,
        languages="français, anglais" if rank % 4 == 0 else "français",
        wheelchair=Known.YES if rank % 3 else Known.UNKNOWN,
        accepts_without_cover=Known.YES if shown.cost == FREE else Known.UNKNOWN,
        capacity_now=shown.capacity,
        capacity_on=None if shown.capacity == UNKNOWN else office.today(-(rank * 3 % 50)),
        valid_from=office.today(-900),
        valid_to=None if shown.ended is None else office.today(-shown.ended),
        reviewed_on=office.today(-shown.reviewed),
        reviewed_by_id=office.known.coordinator.pk,
        visibility=shown.visibility,
        notes_pro=shown.notes,
        ask_by=shown.ask,
        source="Appel du service",
        radius_km=shown.radius or None,
        latitude=centre[0] if centre else None,
        longitude=centre[1] if centre else None,
        **shown.more,
    )


def _roster(office: Office, house: str) -> None:
    """From 8 h to 8 h: the team in turn, the doctor for a week, an auxiliary a day."""
    team, auxiliaries = office.team.of(Role.REFERRING_TEAM, house), office.team.of(Role.AP, house)
    doctor = office.member(Role.PMI_DOCTOR)
    shifts = []
    for days in range(-ROSTER_BEFORE, ROSTER_AFTER):
        turn = office.today(days).toordinal()
        stands: dict[int, Post] = {
            DutyPlace.FIRST: team[turn % len(team)],
            DutyPlace.SECOND: team[(turn + 1) % len(team)],
            DutyPlace.DOCTOR: doctor,
            DutyPlace.AP: auxiliaries[turn % len(auxiliaries)],
        }
        starts_at, ends_at = _morning(office, days), _morning(office, days + 1)
        shifts += [
            DutyShift(
                public_id=office.uid(),
                structure_id=office.known.houses[house],
                member_id=post.pk,
                place=place,
                starts_at=starts_at,
                ends_at=ends_at,
            )
            for place, post in stands.items()
        ]
    DutyShift.objects.bulk_create(shifts)
    office.written += len(shifts)


def _morning(office: Office, days: int) -> datetime:
    """When the duty changes hands on a local day."""
    day = office.today() + timedelta(days=days)
    return datetime.combine(day, CHANGE_AT, office.known.zone).astimezone(UTC)
