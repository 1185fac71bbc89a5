"""Files of items: csv, xlsx, json, yaml; any usual encoding; broken ones are refused with a sentence that helps."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any
from zipfile import BadZipFile, ZipFile

import python_calamine
import yaml

from yimen.kernel import yaml_text
from yimen.kernel.errors import Invalid

MOST_BYTES = 50 * 1024 * 1024
MOST_UNPACKED = 600 * 1024 * 1024
MOST_ROWS = 300_000
MOST_COLUMNS = 200
ENCODINGS = ("utf-8-sig", "gb18030", "utf-16")
Row = dict[str, Any]


def read_rows(name: str, data: bytes) -> list[Row]:
    """All rows of a file, as header to value; blank rows are left out.

    Raises:
        Invalid: too large, empty, or not what its name says; the message says what to do.
    """
    if len(data) > MOST_BYTES:
        raise _wrong(f"文件有 {len(data) / 1024 / 1024:.0f} MB，超过 50 MB，请分成几个文件导入。")
    if not data.strip():
        raise _wrong("文件是空的，请核对是不是选错了文件。")
    kind = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if data[:4] == b"PK\x03\x04" or kind in ("xlsx", "xls", "ods", "xlsb"):
        rows = _sheet(data)
    elif kind == "json":
        rows = _structured(_json(data))
    elif kind in ("yaml", "yml"):
        rows = _structured(_yaml(data))
    elif kind in ("csv", "tsv", "txt", ""):
        rows = _csv(data)
    else:
        raise _wrong(f"不认识“.{kind}”文件，请改为 csv、xlsx、json 或者 yaml。")
    if not rows:
        raise _wrong("文件里没有数据行，请确认第一行是表头、下面有内容。")
    if len(rows) > MOST_ROWS:
        raise _wrong(f"文件有 {len(rows)} 行，超过 {MOST_ROWS} 行，请分成几个文件导入。")
    return rows


def _wrong(sentence: str) -> Invalid:
    return Invalid(sentence, code="file_unreadable", fields={"file": sentence})


def text_of(data: bytes) -> str:
    """The text of a file in UTF-8 (with or without mark), GBK/GB 18030 or UTF-16."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        order: Iterable[str] = ("utf-16",)
    else:
        order = ENCODINGS[:2]
    for encoding in order:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            raise _wrong("文件不是文本，可能扩展名不对，请用 Excel 打开后另存为 xlsx 或者 csv 再导入。")
        return text
    raise _wrong("文件的文字编码无法识别，请用 Excel 或者记事本另存为 UTF-8 编码的 csv 再导入。")


def _csv(data: bytes) -> list[Row]:
    text = text_of(data)
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    csv.field_size_limit(1_000_000)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise _wrong("csv 的格式有误，通常是引号没有成对，请用 Excel 打开后另存再导入。") from error
    return list(_table(lines))


def _sheet(data: bytes) -> list[Row]:
    _refuse_bomb(data)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        for sheet_name in book.sheet_names:
            lines = book.get_sheet_by_name(sheet_name).to_python(skip_empty_area=True)
            if len(lines) > 1:
                return list(_table([[_cell(value) for value in line] for line in lines]))
    except (python_calamine.CalamineError, BadZipFile, ValueError, OSError) as error:
        raise _wrong("这个 Excel 文件打不开，可能没有传完整或者加了密码，请重新保存后再导入。") from error
    return []


def _refuse_bomb(data: bytes) -> None:
    """A packed sheet says how large it is unpacked: what would not fit the memory is not unpacked at all."""
    if data[:2] != b"PK":
        return
    try:
        with ZipFile(io.BytesIO(data)) as package:
            unpacked = sum(entry.file_size for entry in package.infolist())
    except (BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise _wrong("这个 Excel 文件打不开，可能没有传完整或者加了密码，请重新保存后再导入。") from error
    if unpacked > MOST_UNPACKED:
        raise _wrong("文件展开后过大，请删去多余的工作表和格式，或者另存为 csv 再导入。")


def _cell(value: Any) -> str:
    """Numbers of a sheet come as floats: 20.0 → 20."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _table(lines: Iterable[list[str]]) -> Iterator[Row]:
    rows = iter(lines)
    header: list[str] = []
    for line in rows:
        if any(cell.strip() for cell in line):
            header = [cell.strip() for cell in line[:MOST_COLUMNS]]
            break
    for line in rows:
        if any(cell.strip() for cell in line):
            yield {name: cell.strip() for name, cell in zip(header, line, strict=False) if name}


def _json(data: bytes) -> Any:
    try:
        return json.loads(text_of(data))
    except (ValueError, RecursionError) as error:
        where = f"（第{error.lineno}行）" if isinstance(error, json.JSONDecodeError) else ""
        raise _wrong(f"json 的格式有误{where}，请核对括号、引号和逗号。") from error


def _yaml(data: bytes) -> Any:
    try:
        return yaml_text.load(text_of(data))
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"（第{mark.line + 1}行）" if mark else ""
        raise _wrong(f"yaml 的格式有误{where}，请核对缩进和冒号。") from error


def _structured(found: Any) -> list[Row]:
    if isinstance(found, dict):
        found = found.get("items", found.get("results", [found]))
    if not isinstance(found, list):
        raise _wrong("文件最外层应当是一个列表，或者含有 items 列表。")
    return [
        {str(key): value for key, value in row.items()} if isinstance(row, dict) else {"": row}
        for row in found
    ]
