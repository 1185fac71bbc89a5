"""May this content come in, under this name? The content decides what it is; the name must agree."""

from typing import BinaryIO

from yimen.foundation.files import kinds
from yimen.foundation.files.containers import compound_kind, package_kind
from yimen.foundation.files.errors import FileRefused
from yimen.foundation.files.kinds import Kind
from yimen.foundation.files.names import extension_of
from yimen.foundation.files.structure import CHECKS


def check_content(file: BinaryIO, size: int, name: str) -> Kind:
    """Tell what a file is and refuse what may not come in.

    Args:
        file: the whole content, seekable.
        size: its length in bytes.
        name: the cleaned file name.

    Raises:
        FileRefused: empty, of a kind not taken, disguised, cut off, locked, or able to run something.
    """
    if size == 0:
        raise FileRefused("文件是空的（0 字节），没有上传；请确认选对了文件。", code="file_empty")
    file.seek(0)
    head = file.read(kinds.SAMPLE)
    extension = extension_of(name)
    code = kinds.kind_code(head)
    if code == "zip":
        code = package_kind(file)
    elif code == "ole":
        code = compound_kind(file)
    kind = kinds.ALLOWED.get(code)
    if kind is None:
        raise _unwanted("ZIP 压缩包" if code == "zip" else kinds.unwanted_label(head), extension)
    if extension and extension not in kind.extensions:
        raise FileRefused(
            f"文件名的后缀是“.{extension}”，但内容其实是{kind.label}，没有上传；"
            f"请把后缀改为“.{kind.extensions[0]}”，或选择正确的文件。",
            code="file_disguised",
        )
    if check := CHECKS.get(code):
        check(file, size)
    return kind


def _unwanted(label: str, extension: str) -> FileRefused:
    claimed = kinds.kind_with_extension(extension)
    accepted = f"这里可以上传 {kinds.ACCEPTED_WORDS}。"
    if claimed and label:
        return FileRefused(
            f"文件名的后缀是“.{extension}”，但内容其实是{label}，没有上传；请选择真正的{claimed.label}文件。",
            code="file_disguised",
            would_pass=accepted,
        )
    if claimed:
        return FileRefused(
            f"文件名的后缀是“.{extension}”，但内容不是{claimed.label}，可能已损坏，没有上传；请重新导出后再传。",
            code="file_disguised",
            would_pass=accepted,
        )
    if label.endswith("压缩包"):
        return FileRefused(
            f"不能上传{label}；请解开后把里面的材料逐份上传。", code="file_kind", would_pass=accepted
        )
    what = label or (f"“.{extension}”文件" if extension else "这种文件")
    return FileRefused(f"不能上传{what}；{accepted}", code="file_kind", would_pass=accepted)
