"""What the tests of the actions type again and again: a mother, a birth, an inclusion."""

from datetime import date, timedelta
from typing import Any

from copa.kernel import clock
from pathways.actions import births, families, inclusion
from pathways.actions.asked import Asked
from pathways.enums import ASKED_RECIPIENTS, Agreement
from pathways.models import (
    Birth,
    Pathway,
)
from tests import factories

CONTACT = families.Contact(hours=("ANY",), may_sms=True, may_email=False, is_discreet=False, no_voice_mail=False)
ASKED = Asked(
    language="fr",
    access_needs=("NONE",),
    birth_place="STRUCTURE",
    vulnerability="NO",
    wish="NO",
    knows_pmi="NO",
    are_professionals_presented=True,
)
ADHESION = inclusion.Adhesion(
    collector="MIDWIFE",
    place="ROOM",
    mode="SCREEN",
    notice_version="notice-2026.1-fr",
    is_evaluation_opposed=False,
)
AGREEMENTS: dict[str, str] = dict.fromkeys(ASKED_RECIPIENTS, Agreement.YES)


def new_mother(**changes: Any) -> births.NewMother:
    values = {
        "birth_name": "Haddad",
        "used_name": "Lemoine",
        "first_names": "Samira",
        "birth_on": date(1994, 5, 17),
        "phone": "+33199003107",
        "email": "",
    }
    return births.NewMother(**(values | changes))


def new_birth(**changes: Any) -> births.NewBirth:
    child = births.NewChild(first_name="Inès", sex="female", birth_weight_g=3200, is_hospitalised=False)
    values = {
        "maternity": factories.structure(),
        "at": clock.now() - timedelta(hours=10),
        "mode": "VAGINAL",
        "term_weeks": 39,
        "parity": "FIRST",
        "children": (child,),
        "address": "6 rue des Tanneurs",
        "commune": factories.commune(),
        "access_hint": "",
        "is_old_confirmed": True,
    }
    return births.NewBirth(**(values | changes))


def register(**changes: Any) -> Birth:
    values = {
        "mother": new_mother(),
        "coparents": (),
        "birth": new_birth(),
        "is_other_family": False,
        "at": clock.now(),
    }
    return births.register_birth(**(values | changes))


def team_of(carrier: str = "", ap: str | None = "amal") -> inclusion.Team:
    member = factories.who(ap) if ap else None
    return inclusion.Team(carrier=factories.structure(carrier), ap=member, is_pmi_presented=True)


def include(birth: Birth, *, team: inclusion.Team | None = None, by: str = "elise", **changes: Any) -> Pathway:
    values = {
        "adhesion": ADHESION,
        "agreements": AGREEMENTS,
        "contact": CONTACT,
        "asked": ASKED,
        "accepts_late": False,
        "at": clock.now(),
    }
    return inclusion.include(birth=birth, team=team or team_of(), by=factories.who(by), **(values | changes))


def accepted_birth(**values: Any) -> Birth:
    birth = factories.make_birth(**values)
    factories.make_proposal(birth)
    return birth
