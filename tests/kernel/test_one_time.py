"""Addresses and codes in what waits to leave: the database holds their place alone, an SMS counts what they become."""

from datetime import timedelta
from uuid import uuid4

import pytest

from copa.kernel import clock, gsm, one_time, scope
from territories.models import OutgoingMessage
from territories.notices import queue_sms
from territories.sending import claim_mail

NUMBER = "+33199003107"


def test_sms_keeps_the_place_of_a_code_and_leaves_with_it(vallees: scope.Scope) -> None:
    key, at = uuid4(), clock.now()
    queue_sms(to=NUMBER, text=f"Votre code\u00a0: {one_time.code_place(key)}.", dedup_key="code", at=at)

    row = OutgoingMessage.objects.get(dedup_key="code")
    mail = claim_mail(pk=row.pk, at=at)

    assert row.body == f"Votre code : [[code/{key}]]."
    assert mail is not None
    assert mail.body == f"Votre code : {one_time.code_of(key)}."


def test_sms_counts_the_address_it_holds_a_place_for(vallees: scope.Scope, settings) -> None:
    settings.SITE_ADDRESS = "https://copa.example"
    place = one_time.place("entree/vallees", uuid4())
    room = gsm.LENGTH - len(one_time.filled(place)) - 1

    assert queue_sms(to=NUMBER, text=f"{'a' * room} {place}", dedup_key="fits", at=clock.now())
    with pytest.raises(ValueError, match="160"):
        queue_sms(to=NUMBER, text=f"{'a' * (room + 1)} {place}", dedup_key="long", at=clock.now())


def test_message_leaves_when_it_may(vallees: scope.Scope) -> None:
    at = clock.now()
    later = at + timedelta(hours=10)
    queue_sms(to=NUMBER, text="Rendez-vous.", dedup_key="later", at=at, not_before=later)
    row = OutgoingMessage.objects.get(dedup_key="later")

    assert claim_mail(pk=row.pk, at=later - timedelta(seconds=1)) is None
    assert claim_mail(pk=row.pk, at=later) is not None
