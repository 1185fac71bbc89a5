"""Makes the Word templates: ``handbook.docx`` (业务手册), ``deed.docx`` (applicants' own documents). Run it again after
changing it, and commit all.

    python -m yimen.foundation.documents.word.build

Word files remember when they were made; here that moment is fixed, so that the same script gives the same template.
"""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

HERE = Path(__file__).parent
BODY, HEADS = "宋体", "黑体"
RED = RGBColor(0xC8, 0x16, 0x1D)
MADE_AT = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def _face(style: Any, name: str, size: float, *, bold: bool = False, colour: RGBColor | None = None) -> None:
    """Chinese text takes the eastAsia face: without it Word falls back to whatever the machine prefers."""
    style.font.name, style.font.size, style.font.bold = "Times New Roman", Pt(size), bold
    style.font.color.rgb = colour or RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), name)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)


def _page_number(paragraph: Any) -> None:
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        if kind:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:instrText")
            part.text = text
        run._r.append(part)


def _table(document: Any, heads: list[str], loop: str, cells: list[str]) -> None:
    """A table whose middle row repeats; its head is repeated on every page."""
    table = document.add_table(rows=4, cols=len(heads))
    table.style = "Table Grid"
    for cell, text in zip(table.rows[0].cells, heads, strict=True):
        cell.text = text
        cell.paragraphs[0].runs[0].font.bold = True
    properties = table.rows[0]._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))
    table.rows[1].cells[0].text = "{%tr for row in " + loop + " %}"
    for cell, text in zip(table.rows[2].cells, cells, strict=True):
        cell.text = text
    table.rows[3].cells[0].text = "{%tr endfor %}"
    document.add_paragraph()


def build() -> bytes:
    """The template as bytes."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(26), Mm(24)
    _face(document.styles["Normal"], BODY, 11)
    _face(document.styles["Title"], HEADS, 22, bold=True)
    _face(document.styles["Heading 1"], HEADS, 15, bold=True, colour=RED)
    _face(document.styles["Heading 2"], HEADS, 12, bold=True)

    for style, text in (
        ("Normal", "{{ organisation }}"),
        ("Title", "{{ name }}业务手册"),
        ("Normal", "{{ line }}"),
    ):
        paragraph = document.add_paragraph(text, style=style)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if_demo = document.add_paragraph("{% if demo %}演示文书，不具法律效力{% endif %}")
    if_demo.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _page_number(section.footer.paragraphs[0])
    section.footer.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER

    document.add_heading("一、基本信息", 1)
    _table(document, ["项目", "内容"], "facts", ["{{ row.label }}", "{{ row.value }}"])
    document.add_heading("二、受理条件", 1)
    _table(
        document,
        ["序号", "条件", "不符合时告知"],
        "conditions",
        ["{{ row.n }}", "{{ row.text }}", "{{ row.failing }}"],
    )
    document.add_heading("三、申请材料", 1)
    heads, cells = (
        ["序号", "材料", "份数和形式", "要求与来源"],
        ["{{ row.n }}", "{{ row.name }}", "{{ row.form }}", "{{ row.note }}"],
    )
    _table(document, heads, "materials", cells)
    document.add_heading("四、办理流程", 1)
    heads, cells = (
        ["序号", "环节", "岗位", "时限", "备注"],
        ["{{ row.n }}", "{{ row.name }}", "{{ row.post }}", "{{ row.limit }}", "{{ row.note }}"],
    )
    _table(document, heads, "steps", cells)
    document.add_heading("五、审查要点", 1)
    _lines(document, "reviews", "{{ row.name }}", "□ {{ point }}", "row.points", "point")
    document.add_heading("六、收费", 1)
    _table(
        document, ["项目", "标准", "依据"], "fees", ["{{ row.name }}", "{{ row.amount }}", "{{ row.basis }}"]
    )
    document.add_heading("七、依据全文", 1)
    _lines(document, "basis", "{{ row.name }}", "{{ line }}", "row.lines", "line")
    document.add_heading("八、救济与常见问题", 1)
    document.add_paragraph("{{ remedies }}")
    _lines(document, "faq", "问：{{ row.question }}", "答：{{ answer }}", "row.answers", "answer")

    document.core_properties.created = document.core_properties.modified = MADE_AT
    document.core_properties.author = "一门"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _lines(document: Any, loop: str, head: str, line: str, inner: str, name: str, *, level: int = 2) -> None:
    document.add_paragraph("{%p for row in " + loop + " %}")
    document.add_heading(head, level)
    document.add_paragraph("{%p for " + name + " in " + inner + " %}")
    document.add_paragraph(line)
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p endfor %}")


def build_deed() -> bytes:
    """The template of what applicants sign themselves: title, facts, one table, articles, signatures."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    _face(document.styles["Normal"], BODY, 12)
    _face(document.styles["Title"], HEADS, 20, bold=True)
    _face(document.styles["Heading 1"], HEADS, 13, bold=True)
    for style, text in (
        ("Title", "{{ title }}"),
        ("Normal", "{% if demo %}演示文书，不具法律效力{% endif %}"),
    ):
        document.add_paragraph(text, style=style).alignment = WD_ALIGN_PARAGRAPH.CENTER
    _page_number(section.footer.paragraphs[0])
    section.footer.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    _each(document, "line in paragraphs", "{{ line }}")
    document.add_paragraph("{%p if facts %}")
    _table(document, ["项目", "内容"], "facts", ["{{ row.label }}", "{{ row.value }}"])
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p if rows %}")
    _plain_table(document, "rows", ["{{ row.a }}", "{{ row.b }}", "{{ row.c }}", "{{ row.d }}"])
    document.add_paragraph("{%p endif %}")
    _lines(document, "articles", "{{ row.heading }}", "{{ line }}", "row.lines", "line", level=1)
    _each(document, "note in notes", "{{ note }}")
    _each(document, "who in signatures", "{{ who }}：____________________")
    document.add_paragraph("{{ date }}").alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.core_properties.created = document.core_properties.modified = MADE_AT
    document.core_properties.author = "一门"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _each(document: Any, loop: str, text: str) -> None:
    for line in ("{%p for " + loop + " %}", text, "{%p endfor %}"):
        document.add_paragraph(line)


def _plain_table(document: Any, loop: str, cells: list[str]) -> None:
    """A table whose rows all repeat; the first of them is its head."""
    table = document.add_table(rows=3, cols=len(cells))
    table.style = "Table Grid"
    table.rows[0].cells[0].text = "{%tr for row in " + loop + " %}"
    for cell, text in zip(table.rows[1].cells, cells, strict=True):
        cell.text = text
    table.rows[2].cells[0].text = "{%tr endfor %}"


if __name__ == "__main__":
    (HERE / "handbook.docx").write_bytes(build())
    (HERE / "deed.docx").write_bytes(build_deed())
