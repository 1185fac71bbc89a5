"""The security tables name tests and settings that exist: a line cannot outlive what shows it."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from yimen.foundation.params import api as params
from yimen.site import settings as site_settings
from yimen.site import settings_identity, urls

ROOT = Path(settings.SRC).parent.parent
assert urls.urlpatterns, "loads every page, and with them what they declare"
TABLES = ("docs/security-asvs.md", "docs/security-mlps3.md")
STATES = {"met", "by setting", "partly", "not met", "operator", "not applicable"}
NAMED = re.compile(r"`([\w/.-]+\.py)::(test_\w+)`")
SETTING = re.compile(r"`setting:(\w+)`")
ENVIRONMENT = re.compile(r"`(YIMEN_\w+)(?:=[^`]*)?`")
PARAMETER = re.compile(r"`param:([\w.]+)`")
LINE = re.compile(
    r"^\| (?P<number>[0-9][0-9a-z.–, ]+) \| (?P<what>[^|]+) \| (?P<state>[^|]+) \| (?P<shown>[^|]*) \|$", re.M
)


def text_of(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


@pytest.mark.parametrize("name", [*TABLES, "docs/security.md"])
def test_everything_named_exists(name: str) -> None:
    text = text_of(name)
    for path, test in NAMED.findall(text):
        assert (ROOT / path).exists(), path
        assert f"def {test}(" in (ROOT / path).read_text("utf-8"), f"{path}::{test}"
    for setting in SETTING.findall(text):
        assert hasattr(settings, setting), setting
    known = f"{site_settings.__doc__}{settings_identity.__doc__}{text_of('src/yimen/kernel/secrets.py')}"
    known += text_of("src/yimen/foundation/files/scanners/clamd.py")
    for variable in ENVIRONMENT.findall(text):
        assert variable in known, variable
    for code in PARAMETER.findall(text):
        assert code in {declared.code for declared in params.declared()}, code


@pytest.mark.parametrize("name", TABLES)
def test_every_line_says_where_it_stands_and_what_shows_it(name: str) -> None:
    lines = list(LINE.finditer(text_of(name)))
    assert len(lines) > 60
    numbers = [line["number"] for line in lines]
    assert len(numbers) == len(set(numbers)), "a line twice"
    for line in lines:
        state, shown = line["state"].strip(), line["shown"].strip()
        assert state in STATES, (line["number"], state)
        if state in ("met", "by setting"):
            assert "`" in shown, f"{line['number']}: what shows it?"
        else:
            assert len(shown) > 3, f"{line['number']}: why?"


def test_no_row_of_a_table_escapes_the_reading() -> None:
    for name in TABLES:
        rows = [row for row in text_of(name).splitlines() if row.startswith("| ") and row[2:3].isdigit()]
        assert len(rows) == len(LINE.findall(text_of(name))), name
