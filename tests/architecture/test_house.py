"""The five rules of the house, as far as import contracts cannot hold them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from yimen.kernel import events

SRC = Path(__file__).resolve().parents[2] / "src" / "yimen"
WRITE = re.compile(
    # A row saves itself without a word or with named ones; what takes a stream or a place is a book, a picture, a draft.
    r"\.save\(\s*(?:\)|(?:force_insert|force_update|using|update_fields)=)"
    r"|\bfrozen\.(?:insert|update)\(|\.delete\(\)|\.bulk_(?:create|update)\(|objects\.(?:create|update_or_create|get_or_create)\("
)
WRITING_ROOMS = {"services", "models", "migrations", "tests", "bench", "worker", "demo", "search"}
LONGEST_FILE = 400
LONGEST_MODULE = 6000


def pages(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from pages(entry, prefix + str(entry.pattern))
        else:
            yield prefix + str(entry.pattern), entry


def is_ours(pattern: URLPattern) -> bool:
    return pattern.callback.__module__.startswith("yimen.")


def test_every_page_says_who_may_open_it() -> None:
    silent = [address for address, p in pages() if is_ours(p) and not hasattr(p.callback, "access")]
    assert silent == []


def python_files() -> list[Path]:
    return [p for p in SRC.rglob("*.py") if "migrations" not in p.parts]


def test_no_file_is_too_long() -> None:
    long = {
        str(p.relative_to(SRC)): n for p in python_files() if (n := p.read_text().count("\n")) > LONGEST_FILE
    }
    assert long == {}


@pytest.mark.parametrize(
    "folder", sorted(p for p in (SRC / "modules").iterdir() if p.is_dir()), ids=lambda p: p.name
)
def test_no_module_is_too_large(folder: Path) -> None:
    lines = sum(
        p.read_text().count("\n")
        for p in folder.rglob("*.py")
        if not {"migrations", "tests"} & set(p.relative_to(folder).parts)
    )
    assert lines <= LONGEST_MODULE


def test_only_services_write() -> None:
    strays = [
        str(p.relative_to(SRC))
        for p in python_files()
        if not WRITING_ROOMS & {*p.parts, p.stem} and WRITE.search(p.read_text())
    ]
    assert strays == []


def test_the_wiring_can_be_listed() -> None:
    assert events.wiring()


def test_no_folder_of_leftovers() -> None:
    banned = {"utils", "helpers", "common", "misc"}
    assert [p for p in SRC.rglob("*") if p.stem in banned] == []
