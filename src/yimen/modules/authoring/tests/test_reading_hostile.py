"""Imports that would fill the memory are refused before anything is unpacked."""

import io
import zipfile

import pytest

from yimen.kernel.errors import Invalid
from yimen.modules.authoring.intake import reading


def test_a_sheet_that_unfolds_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_UNPACKED", 1_000_000)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b" " * 2_000_000)
    with pytest.raises(Invalid, match="展开后过大"):
        reading.read_rows("目录.xlsx", out.getvalue())


def test_references_in_yaml_are_refused_with_their_line() -> None:
    with pytest.raises(Invalid, match="第2行"):
        reading.read_rows("目录.yaml", b"- &a {x: 1}\n- *a\n")
