"""The red button as the tests press it: the addresses, the key a page makes, and one tap of Amal's."""

from typing import Any

from django.urls import reverse

from copa.kernel import clock
from pathways.models import Child, Pathway
from tests.cast import VALLEES
from tests.factories import who
from visits.actions import signs

KEY = "0b6c8f1e"


def child_of(pathway: Pathway) -> str:
    return str(Child.objects.get(birth=pathway.birth).public_id)


def page(name: str, public_id: Any = None) -> str:
    return reverse(f"visits:{name}", args=[VALLEES, *([public_id] if public_id else [])])


def press(pathway: Pathway, who_: str, *codes: str, key: str = KEY) -> Any:
    return signs.press_red_button(pathway=pathway, who=who_, signs=codes, key=key, by=who("amal"), at=clock.now())
