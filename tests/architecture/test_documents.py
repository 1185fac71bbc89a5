"""The documentation points at things that exist."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\]\(([^)#]+)\)(?: `(test_\w+)`)?")


def documents() -> list[Path]:
    return [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


def test_every_link_leads_somewhere() -> None:
    dead = [
        f"{page.relative_to(ROOT)} → {target}"
        for page in documents()
        for target, _ in LINK.findall(page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert dead == []


def test_every_legal_rule_has_the_test_it_names() -> None:
    page = ROOT / "docs" / "legal-rules.md"
    missing = [
        f"{target} {name}"
        for target, name in LINK.findall(page.read_text(encoding="utf-8"))
        if name and f"def {name}(" not in (page.parent / target).read_text(encoding="utf-8")
    ]
    assert missing == []


def test_every_direct_dependency_is_explained() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    explained = (ROOT / "docs" / "dependencies.md").read_text()
    assert [d for d in declared if re.split(r"[\[>=<]", d)[0] not in explained] == []
