"""What a process keeps: read once, gone with the next call after a change, and never what was not committed."""

import pytest

from yimen.foundation.params import kept
from yimen.foundation.params.api import Kept, seen


class Source:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.value, self.asked = "old", 0

    def read(self) -> str:
        self.asked += 1
        return self.value


def test_a_value_is_read_once_and_anew_after_another_process_changed_something() -> None:
    source, values = Source(), Kept[str, str]()
    seen(1)
    assert [values.one("a", source.read) for _ in range(3)] == ["old"] * 3 and source.asked == 1
    source.value = "new"
    seen(1)
    assert values.one("a", source.read) == "old"
    seen(2)
    assert values.one("a", source.read) == "new"


def test_a_caller_who_knows_less_brings_nothing_old_back() -> None:
    source, values = Source(), Kept[str, str]()
    seen(1)
    values.one("a", source.read)
    source.value = "new"
    seen(2)
    seen(1)  # a thread that asked before the change and runs on after it
    assert values.one("a", source.read) == "new"


def test_what_changes_while_it_is_read_is_not_kept() -> None:
    values = Kept[str, str]()

    def read() -> str:
        seen(7)  # another thread hears of a change between the reading and the keeping
        return "old"

    assert values.one("a", read) == "old"
    assert values.one("a", lambda: "new") == "new"


def test_only_the_missing_are_asked_for_and_nothing_grows_without_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kept, "MOST", 3)
    values, asked = Kept[int, int](), []

    def read(keys: list[int]) -> dict[int, int]:
        asked.append(keys)
        return {key: key * key for key in keys if key < 10}

    assert values.many([1, 2, 99], read) == {1: 1, 2: 4}
    assert values.many([2, 3, 99], read) == {2: 4, 3: 9}
    assert asked == [[1, 2, 99], [3, 99]]
    assert values.many([4], read) == {4: 16} and len(values._values) == 1
