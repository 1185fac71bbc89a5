"""``yimen items``: the catalogue in, checked, and out again, from the command line."""

import io
import json
from pathlib import Path

import pytest

from yimen.modules.authoring.commands import items_command
from yimen.modules.items.models import Item
from yimen.modules.items.tests.factories import AT, make_item, make_organisation, make_standard

pytestmark = pytest.mark.django_db
HEAD = "事项名称,实施编码,事项类型,实施主体,行政区划代码,承诺办结时限,法定办结时限\n"
GOOD = "招牌设置备案,C-0001,其他行政权力,区城管局,449901000000,5个工作日,20工作日\n"
BAD = ",C-0002,公共服务,区城管局,449901000000,5个工作日,20工作日\n"


def run(*arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    code = items_command(list(arguments), io.StringIO(), out, AT)
    return code, out.getvalue()


def written(folder: Path, text: str, name: str = "items.csv") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_good_file_is_imported_and_counted(tmp_path: Path) -> None:
    make_organisation()
    code, said = run("import", written(tmp_path, HEAD + GOOD))
    assert code == 0 and "共 1 行：新增 1" in said
    assert Item.objects.get().code == "C-0001"


def test_a_refused_row_is_told_with_its_number_and_the_exit_code(tmp_path: Path) -> None:
    make_organisation()
    code, said = run("import", written(tmp_path, HEAD + GOOD + BAD))
    assert code == 1 and "第3行 [未导入] name：没有事项名称。" in said and "未导入 1" in said
    assert Item.objects.count() == 1


def test_a_dry_run_writes_nothing_and_says_so(tmp_path: Path) -> None:
    make_organisation()
    code, said = run("import", written(tmp_path, HEAD + GOOD), "--dry-run")
    assert code == 0 and "试运行，没有写入。" in said
    assert not Item.objects.exists()


def test_a_file_that_is_not_there_or_not_readable_is_answered_in_a_sentence(tmp_path: Path) -> None:
    code, said = run("import", str(tmp_path / "none.csv"))
    assert code == 1 and "打不开" in said
    code, said = run("import", written(tmp_path, "{", "items.json"))
    assert code == 1 and "json" in said and "Traceback" not in said


def test_lint_tells_one_item_or_all_current_ones() -> None:
    made = make_standard(faq=())
    draft = make_item(basis=(), conditions=())
    code, said = run("lint")
    assert code == 0 and "2026-03-02 检查了 1 个标准" in said and draft.code not in said
    code, said = run("lint", draft.code)
    assert draft.code in said and made.code not in said and "检查了 1 个标准" in said
    code, said = run("lint", "NO-SUCH")
    assert code == 1 and "没有代码为“NO-SUCH”的事项" in said


@pytest.mark.parametrize("form", ["csv", "xlsx", "json", "yaml", "yml"])
def test_the_catalogue_is_written_in_the_form_that_the_name_asks_for(tmp_path: Path, form: str) -> None:
    made = make_standard()
    target = tmp_path / f"out.{form}"
    code, said = run("export", str(target))
    assert code == 0 and "已导出 1 个事项" in said and target.stat().st_size > 100
    if form == "json":
        assert json.loads(target.read_text())["items"][0]["code"] == made.code


def test_what_was_exported_comes_back_by_import(tmp_path: Path) -> None:
    made = make_standard()
    target = tmp_path / "out.json"
    run("export", str(target))
    text = target.read_text(encoding="utf-8").replace(made.code, "BACK-1")
    code, said = run("import", written(tmp_path, text, "back.json"))
    assert code == 0 and "新增 1" in said
    assert Item.objects.get(code="BACK-1").standards.get().digest == made.digest


def test_wrong_use_is_answered_with_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = run("export", str(tmp_path / "out.exe"))
    assert code == 2 and "不认识“.exe”格式" in said
    assert run("dance")[0] == 2
    assert run()[0] == 2
    assert "usage" in capsys.readouterr().err
