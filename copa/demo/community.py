"""What the pilot teams of the demonstration tell each other (R093), written by the platform's own actions.

After everything else: people of several territories speak there, and each writes in the scope of her own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from copa.demo.loader import Plan
from copa.demo.people import MAIL_END
from copa.demo.places import Place
from copa.kernel import scope
from territories.actions.community import answer_topic, flag_post, join_community, open_topic, withdraw_post
from territories.enums import PostKind
from territories.models import Member, Post, Territory, User

HOUR = timedelta(hours=1)
# Who takes part, in each territory: the others see what the community is before they choose.
JOINED = ("coordination", "medecin-pmi", "ap", "ap2", "equipe", "sage-femme", "pmi")


@dataclass(frozen=True)
class Said:
    """One message: which account of which territory, so many hours before today."""

    place: int
    mailbox: str
    hours: int
    text: str
    is_withdrawn: bool = False
    # (territory, account) of who points it out, and her words.
    flagged: tuple[int, str, str] | None = None


@dataclass(frozen=True)
class Topic:
    """What one topic says, and what was answered."""

    kind: str
    title: str
    opening: Said
    answers: tuple[Said, ...] = field(default=())


TOPICS = (
    Topic(
        PostKind.EXPERIENCE,
        "Présenter CoPa dès l’entretien prénatal",
        Said(1, "coordination", 700, "Depuis trois mois, les sages-femmes du consultant présentent CoPa à l’entretien "
             "prénatal précoce. Les familles en parlent alors d’elles-mêmes en chambre, et l’adhésion va plus vite."),
        (
            Said(0, "coordination", 650, "Chez nous l’entretien se fait souvent en ville. Comment les libérales ont-"
                 "elles été associées\u202f?"),
            Said(1, "sage-femme", 640, "Une soirée commune avec la PMI, et l’affiche dans les cabinets. Nous étions "
                 "douze."),
        ),
    ),
    Topic(
        PostKind.TOOL,
        "Affiche d’une page pour les chambres",
        Said(0, "ap", 420, "Nous avons refait l’affiche avec les mères\u00a0: moins de mots, trois dessins, le numéro "
             "du service à écrire à la main. Demandez-la à la maternité, elle vous l’enverra."),
        (
            Said(2, "ap", 400, "Merci\u202f! Nous la traduisons, et nous la remettrons ici."),
            Said(0, "ap2", 396, "Nous avons aussi une version en gros caractères.", is_withdrawn=True),
        ),
    ),
    Topic(
        PostKind.DIFFICULTY,
        "Deuxième visite le week-end",
        Said(2, "coordination", 260, "Avec deux auxiliaires, les visites du samedi se décalent souvent au lundi. "
             "Comment faites-vous pour tenir les sept jours sur sept\u202f?"),
        (
            Said(0, "equipe", 250, "Un roulement fixe d’un samedi sur trois, écrit deux mois à l’avance. Il a fallu un "
                 "trimestre pour que ce soit accepté."),
            Said(1, "medecin-pmi", 230, "La PMI prend une partie des samedis quand la famille habite loin de la "
                 "maternité."),
            Said(2, "coordination", 226, "Merci à toutes les deux, nous essayons le roulement en janvier."),
        ),
    ),
    Topic(
        PostKind.DIFFICULTY,
        "Quand le co-parent n’est jamais là aux visites",
        Said(1, "ap", 120, "Il travaille, et nous ne le voyons à aucune des visites. Proposez-vous un horaire en "
             "soirée\u202f? Un appel\u202f?"),
        (
            Said(0, "ap2", 96, "Une fois par semaine nous gardons un créneau jusqu’à 19 h. Je repense à une famille "
                 "du plateau où le père, pompier, ne pouvait que le mardi.",
                 flagged=(1, "coordination", "Le métier et le lieu la font reconnaître.")),
        ),
    ),
    Topic(
        PostKind.TOOL,
        "Trame de réunion d’équipe en une heure",
        Said(0, "coordination", 30, "Un tour des plannings, deux situations sans nom, un point de formation, et la "
             "date de la suivante. Nous tenons l’heure depuis que le minuteur est sur la table."),
    ),
)  # fmt: skip


def write_community(plan: Plan) -> int:
    """How many messages were written; those of a territory that this plan does not load are left out."""
    places = [place for place, _ in plan.shares()]
    for place in places:
        for mailbox in JOINED:
            with _speaking(place, mailbox) as member:
                if member:
                    join_community(by=member, at=plan.at - timedelta(days=40))
    return sum(_write(topic, places, plan.at) for topic in TOPICS if topic.opening.place < len(places))


def _write(topic: Topic, places: list[Place], at: datetime) -> int:
    said = topic.opening
    with _speaking(places[said.place], said.mailbox) as member:
        if member is None:
            return 0
        post = open_topic(
            kind=topic.kind, title=topic.title, text=said.text, sure=[], by=member, at=at - said.hours * HOUR
        )
    return 1 + sum(_answer(post, answer, places, at) for answer in topic.answers if answer.place < len(places))


def _answer(topic: Post, said: Said, places: list[Place], at: datetime) -> int:
    with _speaking(places[said.place], said.mailbox) as member:
        if member is None:
            return 0
        when = at - said.hours * HOUR
        post = answer_topic(topic=topic, text=said.text, sure=[], by=member, at=when)
        if said.is_withdrawn:
            withdraw_post(post=post, by=member, at=when + HOUR)
    if said.flagged:
        _flag(post, said.flagged, places, when + HOUR)
    return 1


def _flag(post: Post, flagged: tuple[int, str, str], places: list[Place], at: datetime) -> None:
    place, mailbox, words = flagged
    if place >= len(places):
        return
    with _speaking(places[place], mailbox) as member:
        if member:
            flag_post(post=post, is_recognisable=True, words=words, by=member, at=at)


@contextmanager
def _speaking(place: Place, mailbox: str) -> Iterator[Member | None]:
    """The scope of this account of this territory; None for one that the territory has not."""
    territory = Territory.objects.get(slug=place.slug)
    user = User.objects.filter(email=f"{mailbox}@{place.key}.{MAIL_END}").first()
    inside = scope.Scope(
        actor="command:load_demo", territory_id=territory.pk, slug=place.slug, user_id=user.pk if user else None
    )
    with scope.opened(inside):
        yield (
            Member.objects.select_related("user", "territory").filter(user=user).order_by("pk").first()
            if user
            else None
        )
