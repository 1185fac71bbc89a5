"""A catalogue from outside: good rows are taken, bad rows are told."""

import csv
import io
import json
import os
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yimen.kernel.actor import PLATFORM, Actor
from yimen.kernel.errors import Invalid
from yimen.modules.authoring.intake.columns import fields_of, mapping_of
from yimen.modules.authoring.intake.reading import read_rows
from yimen.modules.authoring.intake.rows import draft_of
from yimen.modules.authoring.services.importing import Report, import_items
from yimen.modules.authoring.services.runs import queue_import, run_import
from yimen.modules.items.api import search
from yimen.modules.items.api.authors import save_draft
from yimen.modules.items.models import Item, Standard
from yimen.modules.items.tests.factories import AT, AUTHOR, make_content, make_organisation

REPOSITORY = Path(__file__).resolve().parents[5]
SHARED = Path(os.environ.get("YIMEN_SHARED") or REPOSITORY.parent / "shared")
REAL = SHARED / "data" / "items" / "guangan_district_items_open.csv"
GUANGDONG = SHARED / "data" / "items" / "guangdong_items.csv"
HEAD = ("事项名称", "实施编码", "事项类型", "实施主体", "行政区划代码", "承诺办结时限", "法定办结时限")
GOOD = ("食品经营许可", "A-0001", "行政许可", "区市监局", "449901000000", "5个工作日", "20工作日")


def table(*rows: tuple[str, ...], encoding: str = "utf-8") -> io.BytesIO:
    text = io.StringIO()
    csv.writer(text).writerows([HEAD, *rows])
    return io.BytesIO(text.getvalue().encode(encoding))


def took(stream: io.BytesIO, name: str = "items.csv", **options: object) -> Report:
    return import_items(stream, PLATFORM, AT, name=name, **options)  # type: ignore[arg-type]


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_a_csv_in_any_usual_encoding(encoding: str) -> None:
    make_organisation()
    report = took(table(GOOD, encoding=encoding))
    assert (report.created, report.refused) == (1, 0)
    standard = Standard.objects.get(item__code="A-0001")
    assert (standard.promised_amount, standard.legal_unit, standard.imported) == (5, "working_day", True)
    assert search("食品经营", only_open=False).count == 1
    assert search("食品经营").count == 0


@pytest.mark.django_db
def test_a_bad_row_never_spoils_a_good_one() -> None:
    make_organisation()
    bad = ("", "A-0002", "行政许可", "区市监局", "449901000000", "", "")
    double = ("同码事项", *GOOD[1:])
    slow = ("慢事项（新办", "A-0003", "未知类", "区市监局", "449901000000", "x天", "20工作日")
    late = ("晚事项（新办", "A-0004", "公共服务", "区市监局", "449901000000", "30", "20工作日")
    report = took(table(GOOD, bad, double, slow, late))
    assert (report.created, report.refused, report.doubtful) == (2, 3, 2)
    told = {(note.row, note.code) for note in report.notes if note.severity != "info"}
    assert told >= {
        (3, "name_missing"),
        (4, "code_duplicate"),
        (5, "type_unknown"),
        (6, "brackets"),
        (6, "limit_unit"),
        (6, "promise_longer"),
    }


@pytest.mark.django_db
def test_a_dry_run_writes_nothing() -> None:
    make_organisation()
    report = took(table(GOOD), dry_run=True)
    assert (report.created, Item.objects.count()) == (1, 0)


@pytest.mark.django_db
def test_importing_twice_changes_nothing_and_never_overwrites_work() -> None:
    make_organisation()
    took(table(GOOD))
    again = took(table(GOOD))
    assert (again.created, again.unchanged, again.refused) == (0, 1, 0)
    changed = took(table(("食品经营许可（新办）", *GOOD[1:])))
    assert changed.updated == 1
    draft = Standard.objects.get(item__code="A-0001")
    save_draft(draft.pk, make_content(), draft.revision, AUTHOR, AT)
    kept = took(table(GOOD))
    assert kept.refused == 1
    assert Standard.objects.get(item__code="A-0001").name == make_content().name


@pytest.mark.django_db
def test_an_excel_file_and_a_json_file_with_whole_standards() -> None:
    organisation = make_organisation()
    book = openpyxl.Workbook()
    for row in (HEAD, GOOD):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    assert took(io.BytesIO(stream.getvalue()), "a.xlsx").created == 1
    whole = [
        {"code": "B-1", "organisation": organisation.code, "content": make_content().model_dump(mode="json")}
    ]
    assert took(io.BytesIO(json.dumps(whole).encode()), "a.json").created == 1
    broken = [{"code": "B-2", "organisation": organisation.code, "content": {"name": "甲"}}]
    assert took(io.BytesIO(json.dumps(broken).encode()), "a.json").refused == 1


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.xlsx", b"PK\x03\x04broken", "打不开"),
        ("a.csv", b"", "空的"),
        ("a.csv", b"a,b\n", "没有数据行"),
        ("a.csv", b"\x00\x01\x02\x03", "不是文本"),
        ("a.json", b"{", "json 的格式有误"),
        ("a.json", b"3", "最外层"),
        ("a.yaml", b"a: [", "yaml 的格式有误"),
        ("a.exe", b"MZ", "不认识"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(name: str, data: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        read_rows(name, data)


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.json", "a.yaml", "a.xlsx"]))
@settings(max_examples=150, deadline=None)
def test_no_file_whatever_breaks_the_reader(data: bytes, name: str) -> None:
    try:
        rows = read_rows(name, data)
    except Invalid:
        return
    for n, row in enumerate(rows):
        draft_of(n, fields_of(row, mapping_of(row)))


cells = st.text(max_size=30) | st.none() | st.integers() | st.lists(st.text(max_size=3), max_size=3)


@given(st.fixed_dictionaries(dict.fromkeys(mapping_of(HEAD), cells)))
@settings(max_examples=150, deadline=None)
def test_no_row_whatever_breaks_the_import(values: dict[str, object]) -> None:
    draft = draft_of(2, values)
    assert draft.refused == (draft.content is None)


@pytest.mark.django_db
def test_an_author_may_import_only_what_he_may_write() -> None:
    make_organisation()
    report = import_items(table(GOOD), Actor(), AT, name="a.csv")
    assert (report.created, report.refused) == (0, 1)


@pytest.mark.django_db
def test_a_queued_import_keeps_its_report() -> None:
    make_organisation()
    run = queue_import("a.csv", table(GOOD, ("", *GOOD[1:])).getvalue(), PLATFORM, AT, dry_run=False)
    done = run_import(run.pk, PLATFORM, AT, lambda: AT)
    assert (done.state, done.created, done.refused, done.percent) == ("done", 1, 1, 100)
    assert done.notes.filter(severity="error").count() >= 1
    assert run_import(run.pk, PLATFORM, AT, lambda: AT).created == 1


@pytest.mark.django_db
@pytest.mark.skipif(
    not REAL.exists(), reason="the shared data set is not beside this checkout (YIMEN_SHARED)"
)
def test_the_open_list_of_a_real_district() -> None:
    report = import_items(REAL, PLATFORM, AT)
    assert (report.total, report.created, report.refused) == (905, 905, 0)
    assert Item.objects.filter(division__code="511602000000").count() == 905
    found = report.summary
    assert found["department_created"] == 32
    assert found["uscc_invalid"] == 3
    assert found["code_short"] >= 1
    assert found["brackets_mixed"] + found.get("brackets", 0) >= 8
    assert import_items(REAL, PLATFORM, AT).unchanged == 905
    assert search("教师资格认定", only_open=False).results[0].name == "教师资格认定"


@pytest.mark.django_db
@pytest.mark.skipif(
    not GUANGDONG.exists(), reason="the shared data set is not beside this checkout (YIMEN_SHARED)"
)
def test_real_items_of_guangdong_without_divisions_are_told() -> None:
    report = import_items(GUANGDONG, PLATFORM, AT, dry_run=True)
    assert report.total == 21
    assert all(note.problem for note in report.notes)
