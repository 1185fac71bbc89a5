"""Papers as PDF: a template, plain data, the same bytes every time.

Data goes to the template as JSON beside the source, never into it, so that nothing a person typed is read as layout.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import typst

from yimen.foundation.documents.codes import qr_svg, shown_code
from yimen.foundation.documents.fonts import folders, missing_glyphs, printable
from yimen.foundation.documents.wording import day_text
from yimen.kernel.clock import CHINA

TEMPLATES = Path(__file__).parent / "templates"
NO_PACKAGES = TEMPLATES / "packages"


@lru_cache(maxsize=1)
def _faces() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders()))


def template_names() -> list[str]:
    """The papers that can be made, without the shared engine."""
    return sorted(path.stem for path in TEMPLATES.glob("*.typ") if not path.stem.startswith("_"))


def render_pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """Make a paper as PDF/A-2b; the same data give the same bytes.

    Args:
        template: a name of ``template_names()``.
        data: what the template prints (see ``papers``). ``date`` (a day or ISO text) becomes the document's own date;
            ``verification_code``/``verification_url`` and ``page_url`` become QR codes; ``demo`` adds the watermark.

    Raises:
        LookupError: no such template.
    """
    pdf = _compile(template, data, "pdf")
    assert isinstance(pdf, bytes)
    return pdf


def render_pictures(template: str, data: Mapping[str, Any], *, dots: float = 110) -> list[bytes]:
    """The same paper as PNG, one a page, ``dots`` per inch: for previews and tests."""
    pages = _compile(template, data, "png", dots)
    return pages if isinstance(pages, list) else [pages]


def _compile(
    template: str, data: Mapping[str, Any], form: Literal["pdf", "png"], dots: float | None = None
) -> bytes | list[bytes]:
    if template not in template_names():
        raise LookupError(f"no paper template {template!r}")
    prepared = prepare(data)
    compiler = typst.Compiler(
        input=TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=_faces(),
        ignore_system_fonts=True,
        package_path=NO_PACKAGES,
        package_cache_path=NO_PACKAGES,
        sys_inputs={"data": json.dumps(prepared, ensure_ascii=False, sort_keys=True)},
    )
    made = compiler.compile(
        format=form,
        ppi=dots,
        pdf_standards="a-2b" if form == "pdf" else [],
        timestamp=_timestamp(prepared.get("date")),
    )
    assert made is not None
    return made


def prepare(data: Mapping[str, Any]) -> dict[str, Any]:
    """Bring data into plain JSON values: days as ISO text, unshowable characters by number, QR codes drawn."""
    missing: set[str] = set()
    plain: dict[str, Any] = _plain(data, missing)
    if missing:
        plain["missing_glyphs"] = sorted(f"U+{ord(c):04X}" for c in missing)
    if code := plain.get("verification_code"):
        plain["shown_code"] = shown_code(str(code))
    for source, target in (("verification_url", "verification_qr"), ("page_url", "page_qr")):
        if data.get(source):
            plain[target] = qr_svg(str(data[source]))
    return plain


def _plain(value: Any, missing: set[str]) -> Any:
    if isinstance(value, str):
        missing.update(missing_glyphs(value))
        return printable(value)
    if isinstance(value, Mapping):
        return {str(name): _plain(inner, missing) for name, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(inner, missing) for inner in value]
    if isinstance(value, datetime):
        local = value.astimezone(CHINA)
        return f"{day_text(local.date())} {local:%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return printable(str(value))


def _timestamp(day: Any) -> int:
    """Midnight in China of the paper's day; 0 when it has none, so that the bytes never depend on the clock."""
    try:
        return int(datetime.combine(date.fromisoformat(str(day)[:10]), time(), CHINA).timestamp())
    except ValueError:
        return 0
