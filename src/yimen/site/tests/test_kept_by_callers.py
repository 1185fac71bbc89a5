"""Every caller's own statement tells whether what a process keeps is still true."""

import pytest
from django.db import transaction

from yimen.foundation.identity.api import actor_of
from yimen.foundation.identity.tests.factories import staff
from yimen.foundation.params import kept
from yimen.foundation.params.api import Kept
from yimen.foundation.params.models import Param, ReferenceChange
from yimen.kernel.clock import now


class Source:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.value, self.asked = "old", 0

    def read(self) -> str:
        self.asked += 1
        return self.value


def _param() -> Param:
    return Param.objects.create(code="x", value=1, valid_from=now().date(), set_at=now())


@pytest.mark.django_db(transaction=True)
def test_a_committed_change_reaches_whoever_calls_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "UNCOMMITTED_APART", True)
    source, values = Source(), Kept[str, str]()
    account = staff("reader", ())
    actor_of(account, now())
    values.one("a", source.read)
    before = ReferenceChange.objects.values_list("number", flat=True).first() or 0
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _param()
        source.value = "never committed"
        assert values.one("a", source.read) == "never committed"
        raise ZeroDivisionError
    source.value = "old"
    assert values.one("a", source.read) == "old"
    assert (ReferenceChange.objects.values_list("number", flat=True).first() or 0) == before
    with transaction.atomic():
        _param()
        _param()
    assert ReferenceChange.objects.get().number == before + 1
    asked = source.asked
    values.one("a", source.read)
    assert source.asked == asked + 1
    # as another process would: told by the caller's own statement only
    ReferenceChange.objects.update(number=before + 5)
    values.one("a", source.read)
    assert source.asked == asked + 1
    actor_of(account, now())
    values.one("a", source.read)
    assert source.asked == asked + 2
