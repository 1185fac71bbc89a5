"""Registrations taken over: good rows enter, bad rows are told with their reason, shared codes are marked."""

import io
import os
from pathlib import Path

import pytest

from yimen.foundation.orgs.api import load_divisions
from yimen.modules.registration import api
from yimen.modules.registration.commands import entities_command
from yimen.modules.registration.models import HeldName, MarketEntity
from yimen.modules.registration.rules import rows
from yimen.modules.registration.tests.factories import AT, make_places

pytestmark = pytest.mark.django_db
CHECKOUT = Path(__file__).resolve().parents[5]
SHARED = Path(os.environ.get("YIMEN_SHARED") or CHECKOUT.parent / "shared") / "data" / "enterprise"
REAL, BROKEN = SHARED / "gd_enterprises_open.csv", SHARED / "gd_malformed_rows.csv"
HEAD = "name,uscc,reg_date,type,capital_raw,city,address,division_code,uscc_shared_by_names\n"
FIRST, SECOND, THIRD = "91440101MA59LU9AX1", "91440300708461136T", "91440600714701386D"


def written(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "rows.csv"
    path.write_text(HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def row(
    name: str = "粤海市澜江区晨光餐饮有限公司", uscc: str = FIRST, on: str = "1998-12-01", **more: str
) -> str:
    cells = {
        "type": "",
        "capital": "100万人民币",
        "city": "",
        "address": "人民路1号",
        "division": "449901",
        "shared": "1",
    } | more
    return ",".join([name, uscc, on, *cells.values()])


def test_good_rows_enter_and_can_be_found(tmp_path: Path) -> None:
    make_places()
    report = api.import_entities(written(tmp_path, row(), row("粤海市晨辉商店", SECOND, type="个体户")), AT)
    assert (report.total, report.created, report.refused) == (2, 2, 0)
    entity = MarketEntity.objects.get(uscc=FIRST)
    assert (entity.capital, entity.industry, entity.kind) == (1_000_000, "H62", "company")
    assert [e.name for e in api.search("晨光").results] == [entity.name]
    assert HeldName.objects.get(entity=entity).brand == "晨光"
    assert MarketEntity.objects.get(uscc=SECOND).kind == "sole_trader"


@pytest.mark.parametrize(
    ("bad", "field", "words"),
    [
        (row(uscc="91440101MA59LU9AX2"), "uscc", "最后一位应为“1”"),
        (row(uscc="91440101MA59LO9AX1"), "uscc", "字母“O”"),
        (row(name=""), "name", "无法识别"),
        (row(name="\ufffd\ufffd公司"), "name", "编码"),
        (row(on="昨天"), "reg_date", "1998-12-01"),
        (row(division="12"), "division_code", "6位"),
        (row(division="999999"), "division_code", "没有对应的区划"),
    ],
)
def test_a_bad_row_is_told_and_spoils_no_good_one(tmp_path: Path, bad: str, field: str, words: str) -> None:
    make_places()
    report = api.import_entities(written(tmp_path, bad, row("粤海市晨辉商店", SECOND)), AT)
    assert (report.created, report.refused) == (1, 1)
    [line] = report.lines
    assert (line.row, line.field) == (2, field) and words in line.sentence


def test_a_code_of_two_names_is_entered_once_and_marked(tmp_path: Path) -> None:
    make_places()
    report = api.import_entities(written(tmp_path, row(), row("粤海市澜江区另一家餐饮有限公司")), AT)
    assert (report.created, report.shared_codes, report.refused) == (1, 1, 0)
    assert MarketEntity.objects.get().code_disputed
    again = api.import_entities(written(tmp_path, row()), AT)
    assert (again.created, again.unchanged) == (0, 1)


def test_a_rare_character_is_kept(tmp_path: Path) -> None:
    make_places()
    api.import_entities(written(tmp_path, row("粤海市石\ue10a商店")), AT)
    assert MarketEntity.objects.get().name == "粤海市石\ue10a商店"


def test_a_dry_run_writes_nothing_and_the_command_tells(tmp_path: Path) -> None:
    make_places()
    told = io.StringIO()
    path = written(tmp_path, row(), row(uscc="91440101MA59LU9AX2"))
    assert entities_command(["import", str(path), "--dry-run"], told, AT) == 1
    assert "没有写入" in told.getvalue() and "第3行 [未导入] uscc" in told.getvalue()
    assert not MarketEntity.objects.exists()
    assert entities_command(["import", str(tmp_path / "none.csv")], told, AT) == 1
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    assert entities_command(["import", str(tmp_path / "other.csv")], told, AT) == 1
    assert "缺少列" in told.getvalue()


@pytest.mark.parametrize(
    ("text", "amount", "note"),
    [
        ("604万人民币", 6_040_000, ""), ("287(万元人民币)", 2_870_000, ""), ("N/A", None, ""), ("44.3万港币", None, "443000港元"),
        ("0万港币", None, ""), ("5", 5, ""), ("", None, ""),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_wrote_them(text: str, amount: int | None, note: str) -> None:
    assert rows.capital_in(text) == (amount, note)


@pytest.mark.skipif(
    not REAL.exists(), reason="the shared data set is not beside this checkout (YIMEN_SHARED)"
)
def test_the_real_registrations_of_guangdong_come_in_whole() -> None:
    load_divisions(AT)
    report = api.import_entities(REAL, AT)
    assert (report.total, report.refused, report.shared_codes) == (64_952, 0, 8)
    assert (
        report.created + report.unchanged == 64_952 - 4
    )  # four names share a code with a name that came first
    assert report.historical_divisions == 9_644
    assert MarketEntity.objects.filter(code_disputed=True).count() == 8
    moved = MarketEntity.objects.filter(uscc__startswith="91440183").first()
    assert moved is None or moved.division != "440183000000"
    assert not MarketEntity.objects.filter(
        division__in=["440101000000", "440183000000", "440116000000"]
    ).exists()


@pytest.mark.skipif(
    not BROKEN.exists(), reason="the shared data set is not beside this checkout (YIMEN_SHARED)"
)
def test_the_malformed_rows_are_all_told_with_a_reason() -> None:
    load_divisions(AT)
    report = api.import_entities(BROKEN, AT)
    assert (report.total, report.created, report.refused) == (50, 0, 50)
    assert all(line.sentence and line.field in ("name", "uscc") for line in report.lines)
