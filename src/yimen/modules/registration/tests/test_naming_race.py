"""Two register one name in the same second: a constraint of the database decides, the other is told."""

import threading

import pytest
from django.db import connection, connections

from yimen.kernel.errors import Refusal
from yimen.modules.registration.errors import NameTaken
from yimen.modules.registration.models import HeldName
from yimen.modules.registration.services import naming
from yimen.modules.registration.tests.factories import AT, TOWN, make_places

NAME = "粤海市澜江区晨光餐饮有限公司"
ON = AT.date()


def reserve(name: str, application: str) -> HeldName:
    return naming.reserve_name(name, division=TOWN, kind="company", application=application, on=ON)


@pytest.mark.django_db
@pytest.mark.parametrize("second", [NAME, "粤海市澜江区晨光小吃有限公司"])
def test_what_both_found_free_is_given_to_the_first(second: str, monkeypatch) -> None:
    make_places()
    free = naming.check_name(second, ON, kind="company", division=TOWN)
    reserve(NAME, "A1")
    monkeypatch.setattr(
        naming, "check_name", lambda *_args, **_more: free
    )  # asked a moment before the first came
    with pytest.raises(NameTaken, match="刚刚被别人申报") as told:
        reserve(second, "A2")
    assert naming.FIELD in told.value.fields and told.value.would_pass
    assert HeldName.objects.get().application == "A1"


@pytest.mark.django_db
def test_a_reservation_that_ran_out_gives_way() -> None:
    make_places()
    held = reserve(NAME, "A1")
    assert held.held_until.isoformat() == "2026-05-02"
    naming.reserve_name(
        NAME, division=TOWN, kind="company", application="A2", on=held.held_until.replace(day=3)
    )
    assert HeldName.objects.get().application == "A2"


@pytest.mark.django_db(transaction=True)
def test_of_many_in_the_same_second_one_wins() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("threads of one SQLite test database share one connection; PostgreSQL holds this")
    make_places()
    gate, won, lost = threading.Barrier(6), [], []

    def apply(application: str) -> None:
        gate.wait()
        try:
            won.append(reserve(NAME, application))
        except Refusal as refusal:
            lost.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=apply, args=(f"A{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 5)
