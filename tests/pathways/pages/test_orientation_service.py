"""The service of an accepted orientation: named before it leaves, of the type that was accepted, with an address."""

import pytest

from copa.kernel import scope
from pathways.models import Orientation
from territories.models import DirectoryEntry
from tests import factories
from tests.cast import VALLEES, Person, inside

HERE = f"/t/{VALLEES}"


@pytest.fixture
def pathway(cast: dict[str, Person]):
    """Amal's family, of the team of Farid."""
    with scope.opened(inside(VALLEES)):
        return factories.make_pathway(ap=cast["amal"].member)


def orientation_of(client, person: Person, found: Orientation) -> str:
    client.force_login(person.user)
    return client.get(f"{HERE}/orientations/{found.public_id}/").content.decode()


def accepted_elsewhere(pathway, **entry) -> tuple[Orientation, str]:
    """An accepted orientation to a type that its need is not paired with, and a service of it as a choice."""
    with scope.opened(inside(VALLEES)):
        service = factories.make_entry("TISF", name="Association Un coup de main", **entry)
        need = factories.make_need(pathway, "TRANSPORT", about="FAMILY")
        found = factories.make_orientation(need, target_type="TISF", state="ACCEPTED")
    return found, f"entry:{service.public_id}"


def test_service_of_the_chosen_type_is_offered_whatever_the_need(client, cast: dict[str, Person], pathway) -> None:
    found, choice = accepted_elsewhere(pathway)
    with scope.opened(inside(VALLEES)):
        Orientation.objects.filter(pk=found.pk).update(state="PROPOSED", decided_at=None, decided_by=None)

    assert f'value="{choice}"' in orientation_of(client, cast["farid"], found)


def test_accepted_orientation_is_given_its_service_then_leaves_by_link(
    client, cast: dict[str, Person], pathway
) -> None:
    found, choice = accepted_elsewhere(pathway, email="tisf@exemple.example")
    here = f"{HERE}/orientations/{found.public_id}"
    before = orientation_of(client, cast["farid"], found)
    early = client.post(f"{here}/send/", {"how": "LINK"})

    client.post(f"{here}/service/", {"target": choice})
    after = orientation_of(client, cast["farid"], found)
    sent = client.post(f"{here}/send/", {"how": "LINK"})
    late = client.post(f"{here}/service/", {"target": choice})

    assert f'value="{choice}"' in before
    assert ('value="LINK"' in before, 'value="LINK"' in after) == (False, True)
    assert (early.status_code, "Aucun service n’est choisi" in early.content.decode()) == (422, True)
    assert sent.status_code == 302
    assert late.status_code == 422
    with scope.opened(inside(VALLEES)):
        kept = Orientation.objects.select_related("entry").get(pk=found.pk)
    assert (kept.state, kept.entry.name) == ("SENT", "Association Un coup de main")


def test_service_without_an_address_is_offered_no_link(client, cast: dict[str, Person], pathway) -> None:
    found, choice = accepted_elsewhere(pathway, email="")
    client.force_login(cast["farid"].user)
    client.post(f"{HERE}/orientations/{found.public_id}/service/", {"target": choice})

    page = orientation_of(client, cast["farid"], found)

    assert 'value="LINK"' not in page
    assert 'value="PHONE"' in page


def test_service_of_another_type_is_refused(client, cast: dict[str, Person], pathway) -> None:
    found, _ = accepted_elsewhere(pathway)
    with scope.opened(inside(VALLEES)):
        other = factories.make_entry("REHAB")
    client.force_login(cast["farid"].user)

    answer = client.post(f"{HERE}/orientations/{found.public_id}/service/", {"target": f"entry:{other.public_id}"})

    assert answer.status_code == 422
    with scope.opened(inside(VALLEES)):
        assert Orientation.objects.get(pk=found.pk).entry_id is None


def test_link_is_not_sent_again_to_a_service_that_lost_its_address(client, cast: dict[str, Person], pathway) -> None:
    found, choice = accepted_elsewhere(pathway)
    here = f"{HERE}/orientations/{found.public_id}"
    client.force_login(cast["farid"].user)
    client.post(f"{here}/service/", {"target": choice})
    client.post(f"{here}/send/", {"how": "LINK"})
    with scope.opened(inside(VALLEES)):
        DirectoryEntry.objects.filter(name="Association Un coup de main").update(email="")

    page = orientation_of(client, cast["farid"], found)
    again = client.post(f"{here}/link/")

    assert "Envoyer un autre lien" not in page
    assert (again.status_code, "pas d’adresse e-mail" in again.content.decode()) == (422, True)
