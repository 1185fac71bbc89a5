"""``yimen entities import FILE [--dry-run]``: registrations of another register into this one."""

import argparse
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TextIO

from yimen.kernel.errors import Refusal
from yimen.modules.registration.services.importing import Report, import_entities

STEP = 10_000


def entities_command(argv: Sequence[str], stdout: TextIO, at: datetime) -> int:
    """Run it; returns the exit code: 0 good, 1 something was refused, 2 wrong use.

    Args:
        argv: what follows ``yimen entities``.
        at: the moment of the command.
    """
    parser = argparse.ArgumentParser(prog="yimen entities", description="市场主体历史登记的导入")
    commands = parser.add_subparsers(dest="command", required=True, metavar="import")
    takes = commands.add_parser("import", help="导入 CSV：name、uscc、reg_date 等列")
    takes.add_argument("file", type=Path)
    takes.add_argument("--dry-run", action="store_true", help="只检查，不写入")
    try:
        chosen = parser.parse_args(list(argv))
    except SystemExit as stop:
        return int(stop.code or 0)

    def progress(done: int) -> None:
        if done % STEP == 0:
            stdout.write(f"已处理 {done} 行\n")
            stdout.flush()

    try:
        report = import_entities(chosen.file, at, dry_run=chosen.dry_run, progress=progress)
    except Refusal as refusal:
        stdout.write(f"{refusal.message}{''.join(refusal.fields.values())}\n")
        return 1
    except OSError as error:
        stdout.write(f"文件“{chosen.file}”打不开：{error.strerror}。\n")
        return 1
    _print(report, stdout)
    return 1 if report.refused else 0


def _print(report: Report, stdout: TextIO) -> None:
    for line in report.lines:
        word = "未导入" if line.refused else "存疑"
        about = f"{line.uscc} {line.name[:40]}".strip()
        stdout.write(f"第{line.row}行 [{word}] {line.field}：{line.sentence}（{about}）\n")
    lead = "试运行，没有写入。" if report.dry_run else ""
    stdout.write(
        f"{lead}共 {report.total} 行：新增 {report.created}，未变 {report.unchanged}，未导入 {report.refused}，"
        f"代码存疑 {report.shared_codes} 个，按已撤并的区划代码解析 {report.historical_divisions} 行。\n"
    )
