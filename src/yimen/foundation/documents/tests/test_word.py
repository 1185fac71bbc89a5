"""The handbook as a Word file."""

import io
import zipfile

import docx
import pytest
from docx.oxml.ns import qn

from yimen.foundation.documents import api as documents
from yimen.foundation.documents.tests import factories as make
from yimen.foundation.documents.word.build import HERE, build, build_deed


def words_of(data: bytes) -> str:
    document = docx.Document(io.BytesIO(data))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_the_handbook_carries_the_standard() -> None:
    text = words_of(documents.render_docx("handbook", make.standard()))
    for words in (
        "公共场所卫生许可（新办）业务手册",
        "营业执照",
        "审查岗",
        "□ 图纸与实际一致",
        "实行卫生许可证制度。",
        "问：租的店面能办吗？",
    ):
        assert words in text
    assert "{" not in text


def test_a_deed_carries_its_table_and_articles() -> None:
    [deed] = [p for p in make.every_paper() if isinstance(p, documents.papers.Deed)]
    data = documents.papers.as_data(deed)
    text = words_of(documents.render_docx("deed", data))
    for words in (
        "公司章程",
        "林晓燕",
        "出资额",
        "第一条　本章程依法制定。",
        "全体股东签名：",
        "2026年2月25日",
    ):
        assert words in text
    assert "{" not in text
    assert documents.render_docx("deed", data) == documents.render_docx("deed", data)
    assert documents.render_docx("deed", {}).startswith(b"PK")


def test_what_a_person_typed_is_printed_as_it_was() -> None:
    data = make.standard()
    data["content"]["name"] = "<w:p>&amp; {{ 7*7 }} {% raw %} \x0b'\""
    assert "<w:p>&amp; {{ 7*7 }} {% raw %} '\"业务手册" in words_of(documents.render_docx("handbook", data))


def test_the_same_data_give_the_same_bytes() -> None:
    assert documents.render_docx("handbook", make.standard()) == documents.render_docx(
        "handbook", make.standard()
    )


def test_missing_keys_never_stop_it() -> None:
    assert documents.render_docx("handbook", {}).startswith(b"PK")
    with pytest.raises(LookupError):
        documents.render_docx("unknown", {})


def test_chinese_text_names_its_face() -> None:
    styles = docx.Document(io.BytesIO(documents.render_docx("handbook", make.standard()))).styles
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        assert styles[name].element.rPr.rFonts.get(qn("w:eastAsia")) in {"宋体", "黑体"}


def test_the_template_kept_is_the_one_the_script_makes() -> None:
    def parts(data: bytes) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return {name: package.read(name) for name in package.namelist()}

    assert parts(build()) == parts((HERE / "handbook.docx").read_bytes())
    assert parts(build_deed()) == parts((HERE / "deed.docx").read_bytes())
