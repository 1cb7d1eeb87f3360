"""How the territory is led: its conventions with their documents, and an inclusion that none of them covered."""

from hashlib import sha256

from copa.demo.care.base import Office
from copa.demo.places import MATERNITY, PMI
from pathways.models import Pathway
from territories.enums import (
    MANDATORY_MODULES,
    Known,
    PartnershipKind,
    Role,
    StructureKind,
    TrainingModule,
)
from territories.models import (
    ConventionGap,
    Experience,
    Member,
    Partnership,
    PartnershipParty,
    Protocol,
    ProtocolVersion,
    StoredFile,
    Structure,
    Training,
)

# The least that a reader of PDF opens: one empty page.
PAGE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
PROCEDURE = (
    "La sage-femme de la maternité présente CoPa en chambre et note la réponse. "
    "L’auxiliaire de la structure passe avant la sortie ou appelle le lendemain."
)


def write_steering(office: Office) -> None:
    """A convention that goes on, one that ends soon, one that has ended, and a partnership."""
    Structure.objects.filter(kind=StructureKind.MATERNITY).update(is_authorised=Known.YES)
    Structure.objects.filter(kind=StructureKind.PMI).update(plans_auxiliaries=Known.YES)
    maternity = office.place.of_kind(MATERNITY)[0].name
    others = [house.name for house in office.place.houses if house.kind != MATERNITY]
    terms = ((-300, 430), (-320, 45), (-400, -12))
    for rank, (house, (first, last)) in enumerate(zip(others, terms, strict=False)):
        document = _document(office, f"convention-{rank + 1}.pdf", first)
        _convention(office, (maternity, house), first, last, document)
    _partnership(office, office.place.of_kind(PMI)[0].name)
    _gap(office, others[-1])
    _trainings(office)
    _protocols(office)


def _trainings(office: Office) -> None:
    """One auxiliary to whom nothing is missing; her neighbour has a module to follow and nobody answers for her."""
    by = {"noted_by_id": office.known.coordinator.pk, "noted_at": office.moment(-40, 10)}
    for rank, modules in ((0, MANDATORY_MODULES), (1, MANDATORY_MODULES[:2])):
        key = office.member(Role.AP, rank).pk
        for number, module in enumerate(modules):
            office.put(Training, member_id=key, module=module, words="", done_on=office.today(-90 + 7 * number), **by)
        words = "Suites de couches, puis unité mère-bébé"
        office.put(Experience, member_id=key, months=54 - 18 * rank, words=words, **by)
    key = office.member(Role.AP).pk
    other = {"module": TrainingModule.OTHER, "words": "Portage et allaitement", "done_on": office.today(-60)}
    office.put(Training, member_id=key, **other, **by)
    Member.objects.filter(pk=key).update(supervisor=office.member(Role.REFERRING_TEAM).pk)


PROTOCOLS = (
    ("Transmission des comptes rendus", (
        "L’auxiliaire signe son compte rendu le jour même. La sage-femme libérale le reçoit si la mère est d’accord.",
        "L’auxiliaire signe son compte rendu avant de quitter son poste, et appelle l’équipe pour tout signe d’alerte.",
    )),
    ("Visites du week-end", ("L’auxiliaire de permanence prend les sorties ultra-précoces, samedi et dimanche.",)),
)  # fmt: skip


def _protocols(office: Office) -> None:
    """One in its second version, one in its first."""
    by = office.known.coordinator.pk
    for title, versions in PROTOCOLS:
        protocol = office.put(Protocol, title=title)
        for number, words in enumerate(versions, start=1):
            days = -200 + 120 * (number - 1)
            office.put(
                ProtocolVersion, protocol=protocol, number=number, valid_from=office.today(days), words=words,
                published_by_id=by, published_at=office.moment(days, 9),
            )  # fmt: skip


def _document(office: Office, name: str, days: int) -> StoredFile:
    content = PAGE + f"% {name}\n".encode()
    return office.put(
        StoredFile,
        name=name,
        content=content,
        size=len(content),
        digest=sha256(content).hexdigest(),
        stored_by_id=office.known.coordinator.pk,
        stored_at=office.moment(days, 11),
    )


def _convention(office: Office, houses: tuple[str, str], first: int, last: int, document: StoredFile) -> None:
    made = office.put(
        Partnership,
        kind=PartnershipKind.CONVENTION,
        title=f"Convention {houses[0]} – {houses[1]}",
        scope="Visites à domicile après la naissance, équipe médicale de référence, transmissions et relais.",
        inclusion_procedure=PROCEDURE,
        signed_on=office.today(first - 10),
        signed_by="Les deux directions, et le médecin de PMI",
        starts_on=office.today(first),
        ends_on=office.today(last),
        document=document,
        written_by_id=office.known.coordinator.pk,
        written_at=office.moment(first, 11),
    )
    for house in houses:
        office.put(PartnershipParty, partnership=made, structure_id=office.known.houses[house])


def _partnership(office: Office, house: str) -> None:
    made = office.put(
        Partnership,
        kind=PartnershipKind.PARTNERSHIP,
        title="Prêt de matériel de puériculture",
        scope="Prêt de sièges et de lits aux familles suivies, sur demande de l’équipe.",
        other_parties="Association La Recyclerie des petits",
        has_ars_support=True,
        signed_on=office.today(-200),
        signed_by="La présidente de l’association et le service de PMI",
        starts_on=office.today(-190),
        ends_on=None,
        written_by_id=office.known.coordinator.pk,
        written_at=office.moment(-190, 15),
    )
    office.put(PartnershipParty, partnership=made, structure_id=office.known.houses[house])


def _gap(office: Office, house: str) -> None:
    """The structure without a convention in force carried one family all the same."""
    pathway = Pathway.objects.order_by("-included_at", "pk").first()
    if pathway is None:
        return
    office.put(
        ConventionGap,
        structure_id=office.known.houses[house],
        included_on=office.today(-5),
        family_id=pathway.family_id,
        noted_by_id=office.known.coordinator.pk,
        noted_at=office.moment(-5, 16),
    )
