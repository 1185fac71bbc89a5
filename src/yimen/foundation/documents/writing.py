"""Papers as Word files, for offices that go on working on them."""

import io
import unicodedata
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from jinja2.sandbox import SandboxedEnvironment

from yimen.foundation.documents.standards import deed_tables, handbook_tables

WORD = Path(__file__).parent / "word"
_SHAPES = {"handbook": handbook_tables, "deed": deed_tables}
_MOMENT = (2026, 1, 1, 0, 0, 0)


def render_docx(template: str, data: Mapping[str, Any]) -> bytes:
    """Make a paper as a Word file; the same data give the same bytes.

    Args:
        template: ``handbook`` (业务手册) or ``deed`` (applicants' own documents).
        data: handbook: ``{content: …, code, version, organisation, names, demo}``, ``content`` an item standard as plain
            data; deed: ``papers.as_data`` of a ``Deed``.

    Raises:
        LookupError: no such template.
    """
    if template not in _SHAPES:
        raise LookupError(f"no Word template {template!r}")
    document = DocxTemplate(WORD / f"{template}.docx")
    document.render(_SHAPES[template](_clean(data)), SandboxedEnvironment(autoescape=True))
    out = io.BytesIO()
    document.save(out)
    return _without_moments(out.getvalue())


def _clean(value: Any) -> Any:
    """Without the control characters that a Word file cannot hold."""
    if isinstance(value, str):
        return "".join(c for c in value if c == "\n" or unicodedata.category(c) not in {"Cc", "Cs"})
    if isinstance(value, Mapping):
        return {name: _clean(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean(inner) for inner in value]
    return value


def _without_moments(package: bytes) -> bytes:
    """A package whose parts all carry one fixed moment instead of the clock's."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as made,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept,
    ):
        for name in made.namelist():
            kept.writestr(zipfile.ZipInfo(name, _MOMENT), made.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
