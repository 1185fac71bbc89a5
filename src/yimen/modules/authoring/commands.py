"""``yimen items import FILE [--dry-run] | lint [CODE] | export FILE``."""

import argparse
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TextIO

from yimen.kernel.actor import PLATFORM
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Refusal
from yimen.modules.authoring.queries.exporting import FORMATS, export
from yimen.modules.authoring.services.importing import Report, import_items
from yimen.modules.items.api.authors import Item, Standard, item_with_code
from yimen.modules.items.api.contents import Severity, lint

WORDS = {"error": "未导入", "warning": "存疑", "info": "说明"}


def items_command(argv: Sequence[str], stdin: TextIO, stdout: TextIO, at: datetime) -> int:
    """Run one of the three; returns the exit code: 0 good, 1 something was refused or found, 2 wrong use.

    Args:
        argv: what follows ``yimen items``.
        stdin: not read; part of the form all commands share.
        at: the moment of the command.
    """
    parser = argparse.ArgumentParser(prog="yimen items", description="事项目录的导入、质量检查和导出")
    commands = parser.add_subparsers(dest="command", required=True, metavar="import|lint|export")
    takes = commands.add_parser("import", help="导入 csv、xlsx、json、yaml")
    takes.add_argument("file", type=Path)
    takes.add_argument("--dry-run", action="store_true", help="只检查，不写入")
    checks = commands.add_parser("lint", help="检查标准的质量")
    checks.add_argument("code", nargs="?", default="")
    gives = commands.add_parser("export", help="导出到文件，格式由扩展名决定")
    gives.add_argument("file", type=Path)
    try:
        chosen = parser.parse_args(list(argv))
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        if chosen.command == "import":
            return _import(chosen.file, chosen.dry_run, stdout, at)
        return _lint(chosen.code, stdout, at) if chosen.command == "lint" else _export(chosen.file, stdout)
    except Refusal as refusal:
        stdout.write(f"{refusal.message}\n")
        return 1
    except OSError as error:
        stdout.write(f"文件“{chosen.file}”打不开：{error.strerror}。\n")
        return 1


def _import(path: Path, dry_run: bool, stdout: TextIO, at: datetime) -> int:
    def progress(done: int, total: int) -> None:
        if done == total or done % 5000 == 0:
            stdout.write(f"已处理 {done} / {total} 行\n")
            stdout.flush()

    report = import_items(path, PLATFORM, at, dry_run=dry_run, progress=progress)
    _print(report, stdout)
    return 1 if report.refused else 0


def _print(report: Report, stdout: TextIO) -> None:
    for note in report.notes:
        code, name = report.names.get(note.row, ("", ""))
        right = f" {note.right}" if note.right else ""
        about = f"{code} {name[:40]}".strip()
        stdout.write(
            f"第{note.row}行 [{WORDS[note.severity]}] {note.field}：{note.problem}{right}（{about}）\n"
        )
    lead = "试运行，没有写入。" if report.dry_run else ""
    stdout.write(
        f"{lead}共 {report.total} 行：新增 {report.created}，更新 {report.updated}，未变 {report.unchanged}，"
        f"未导入 {report.refused}，存疑 {report.doubtful}。\n"
    )
    for code, count in report.summary.items():
        stdout.write(f"  {code}: {count}\n")


def _lint(code: str, stdout: TextIO, at: datetime) -> int:
    """One item's newest version, or every current one."""
    if code:
        newest = Standard.objects.filter(item=item_with_code(code)).order_by("-version")[:1]
        rows = newest.select_related("item")
    else:
        rows = Standard.objects.filter(current_of__isnull=False).select_related("item").order_by("item__code")
    checked = errors = warnings = 0
    for standard in rows.iterator(chunk_size=200):
        checked += 1
        for finding in lint(standard.parsed):
            blocking = finding.severity is Severity.ERROR
            errors, warnings = errors + blocking, warnings + (not blocking)
            stdout.write(
                f"{standard.item.code} {standard.name} 第{standard.version}版 "
                f"[{'必须改' if blocking else '建议'}] {finding.place or '整体'}：{finding.sentence}（{finding.clause}）\n"
            )
    day = at.astimezone(CHINA).date()
    stdout.write(f"{day} 检查了 {checked} 个标准：必须改 {errors} 处，建议 {warnings} 处。\n")
    return 1 if errors else 0


def _export(path: Path, stdout: TextIO) -> int:
    form = path.suffix.lower().lstrip(".").replace("yml", "yaml")
    if form not in FORMATS:
        stdout.write(f"不认识“{path.suffix}”格式，请用 {'、'.join(FORMATS)} 之一作扩展名。\n")
        return 2
    data = export(form, Item.objects.all())
    path.write_bytes(data)
    stdout.write(f"已导出 {Item.objects.count()} 个事项到 {path}。\n")
    return 0
