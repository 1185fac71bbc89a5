"""Papers: whole, the same every time, nothing typed is read as layout, and checkable by their code."""

import io
from dataclasses import replace
from datetime import date

import pytest
import zxingcpp
from pypdf import PdfReader

from yimen.foundation.documents import api as documents
from yimen.foundation.documents import papers, rendering
from yimen.foundation.documents.papers import Fact, Missing, as_data, render_paper
from yimen.foundation.documents.tests import factories as make

PAPERS = {paper.template: paper for paper in make.every_paper()}


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def squeezed(pdf: bytes) -> str:
    return "".join(text_of(pdf).split())


@pytest.mark.parametrize("template", PAPERS)
def test_every_paper_can_be_read_by_machine(template: str) -> None:
    text = squeezed(render_paper(PAPERS[template]))
    assert "青云区行政审批局" in text
    assert "2026年2月25日" in text
    assert "7K3M-9XQ2-HT4B" in text
    assert "共1页" in text
    assert "演示" not in text


def test_every_template_has_a_paper() -> None:
    assert set(rendering.template_names()) == set(PAPERS) | {"guide", "handbook"}


@pytest.mark.parametrize("template", PAPERS)
def test_the_same_data_give_the_same_bytes(template: str) -> None:
    assert render_paper(PAPERS[template]) == render_paper(PAPERS[template])


def test_a_paper_carries_its_own_date_and_is_archivable() -> None:
    pdf = render_paper(PAPERS["acceptance"])
    reader = PdfReader(io.BytesIO(pdf))
    assert str(reader.metadata.get("/CreationDate")).startswith("D:20260225")
    assert b"pdfaid:part" in pdf and reader.metadata.title == "受理通知书"


def test_a_refusal_says_why_by_which_clause_what_would_pass_and_where_to_turn() -> None:
    text = squeezed(render_paper(PAPERS["decision_refused"]))
    for words in (
        "没有独立消毒间",
        "第三十八条第二款",
        "设置独立消毒间后重新申请",
        "行政复议",
        "青云区人民法院",
        "60日",
        "6个月",
    ):
        assert words in text


def test_a_correction_notice_lists_everything_once() -> None:
    missing = tuple(
        Missing(requirement=f"材料{n}", reason=f"原因{n}", would_pass=f"应当{n}") for n in (1, 2, 3)
    )
    text = squeezed(render_paper(replace(PAPERS["correction_notice"], missing=missing)))
    assert all(f"材料{n}" in text and f"原因{n}" in text and f"应当{n}" in text for n in (1, 2, 3))
    assert "以上共3项" in text


ATTEMPTS = [
    '#panic("x")',
    '#{ read("/etc/passwd") }',
    "$ sum_1^2 x $",
    "\\ #sys.inputs",
    '"]) #text(red)[x]',
    "*粗* _斜_ `码` <标签> @引用",
    "= 标题 - 列 + 号 // 注",
    "{{ 7*7 }} {% raw %}",
]


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_what_a_person_typed_is_printed_as_it_was(attempt: str) -> None:
    paper = replace(
        PAPERS["not_accepted"], addressee=attempt, item=attempt, reasons=(attempt,), title=attempt
    )
    text = squeezed(render_paper(paper))
    assert text.count("".join(attempt.split())) >= 4


def test_a_table_of_three_hundred_rows_repeats_its_head() -> None:
    missing = tuple(Missing(requirement=f"第{n}项材料", reason="缺页" * (n % 9)) for n in range(1, 301))
    pdf = render_paper(replace(PAPERS["correction_notice"], missing=missing))
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) > 8
    with_rows = [page for page in pages if "项材料" in page.extract_text()]
    assert all("需要补正的材料" in page.extract_text() for page in with_rows)
    assert all(f"第{n}项材料" in squeezed(pdf) for n in (1, 150, 300))


def test_the_code_at_the_foot_can_be_scanned() -> None:
    page = rendering.render_pictures("acceptance", as_data(PAPERS["acceptance"]), dots=150)[0]
    found = zxingcpp.read_barcodes(make.grey(page))
    assert [code.text for code in found] == [f"https://yimen.example/v/{make.CODE}"]


def test_a_demonstration_paper_says_so() -> None:
    assert "不具法律效力" in squeezed(render_paper(replace(PAPERS["certificate"], demo=True)))


def test_long_and_rare_names_are_printed_whole() -> None:
    name = "䶮㛃𬱖" + "很长的名称" * 30
    assert name in squeezed(render_paper(replace(PAPERS["receipt"], addressee=name)))
    facts = (Fact(label="单位名称", value=name),)
    assert name in squeezed(render_paper(replace(PAPERS["certificate"], facts=facts)))


def test_a_character_without_a_glyph_is_written_by_its_number_and_said_so() -> None:
    assert documents.missing_glyphs("王𪧘䶮㛃𬱖") == ["𪧘"]
    text = squeezed(render_paper(replace(PAPERS["receipt"], addressee="王𪧘")))
    assert "王〔U+2A9D8〕" in text
    assert "字库暂缺" in text


def test_direction_and_control_characters_are_taken_out() -> None:
    assert "王小明" in squeezed(render_paper(replace(PAPERS["receipt"], addressee="王\u202e小\x00明")))


def test_guide_and_handbook_print_a_standard() -> None:
    guide = squeezed(documents.render_pdf("guide", make.standard()))
    for words in ("我能办吗", "要带什么", "5个工作日", "不收费", "可免提交", "租的店面能办吗"):
        assert words in guide
    handbook = squeezed(documents.render_pdf("handbook", make.standard()))
    for words in (
        "审查要点",
        "图纸与实际一致",
        "审查岗",
        "2名以上工作人员",
        "实行卫生许可证制度",
        "《公共场所卫生管理条例》第四条",
    ):
        assert words in handbook


def test_the_guide_leads_to_the_page_by_its_code() -> None:
    page = rendering.render_pictures("guide", make.standard(), dots=150)[0]
    assert [code.text for code in zxingcpp.read_barcodes(make.grey(page))] == [make.standard()["page_url"]]


@pytest.mark.parametrize("template", ["guide", "handbook", *PAPERS])
def test_missing_keys_never_stop_a_paper(template: str) -> None:
    assert documents.render_pdf(template, {}).startswith(b"%PDF")


def test_no_paper_of_an_unknown_name() -> None:
    for name in ("unknown", "../rules", "_paper"):
        with pytest.raises(LookupError):
            documents.render_pdf(name, {})


def test_dates_are_written_the_official_way() -> None:
    assert documents.day_text(date(2026, 2, 5)) == "2026年2月5日"
    assert documents.day_in_characters(date(2026, 12, 25)) == "二〇二六年十二月二十五日"
    assert documents.day_in_characters(date(2030, 10, 20)) == "二〇三〇年十月二十日"


def test_remedies_have_the_days_of_the_law() -> None:
    assert papers.Remedies(reconsideration="甲", court="乙").reconsideration_days == 60
