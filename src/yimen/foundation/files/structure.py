"""Is the file whole, and does it only contain what a paper contains? One check for each kind."""

import re
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

from yimen.foundation.files.errors import FileRefused

WINDOW = 1_048_576
OVERLAP = 64
MOST_PIXELS = 250_000_000
MOST_OBJECT_STREAMS = 20_000
MOST_INFLATED = 128 * 1_048_576
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIVE = re.compile(rb"/(JavaScript|Launch|RichMedia|XFA|SubmitForm|ImportData|GoToR|GoToE)(?![A-Za-z])")
_ATTACHED = re.compile(rb"/(EmbeddedFiles?|FileAttachment)(?![A-Za-z])")
_ENCRYPT = re.compile(rb"/Encrypt\s+\d+\s+\d+\s+R|/Encrypt\s*<<")
_FILTER = re.compile(rb"/F(?:ilter)?\s*(\[[^\]]*\]|/[A-Za-z0-9]+)")
_OBJECT_STREAM = re.compile(rb"/ObjStm(?![A-Za-z])")


def broken() -> FileRefused:
    """The refusal for a file that is cut off or not well made."""
    return FileRefused(
        "文件不完整或已损坏，没有上传；请在本机打开看看是否正常，重新导出或重拍后再传。", code="file_broken"
    )


def windows(file: BinaryIO, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """The file in overlapping windows with the place where each begins, so that no short pattern falls in a gap."""
    file.seek(start)
    place, tail = start, b""
    while piece := file.read(WINDOW):
        window = tail + piece
        yield place - len(tail), window
        place += len(piece)
        tail = window[-OVERLAP:]


def check_pdf(file: BinaryIO, size: int) -> None:
    """A whole PDF without scripts, launch actions, attachments or a password (archives cannot keep those)."""
    file.seek(max(0, size - 2048))
    if b"%%EOF" not in file.read():
        raise broken()
    streams: list[int] = []
    for place, window in windows(file):
        _check_pdf_words(window)
        if _ENCRYPT.search(window):
            raise FileRefused("这份 PDF 设了密码或权限保护，没有上传；请去掉保护后再传。", code="file_locked")
        streams += [place + hit.end() for hit in _OBJECT_STREAM.finditer(window)]
    budget = MOST_INFLATED
    for start in sorted(set(streams))[:MOST_OBJECT_STREAMS]:
        budget = _check_object_stream(file, start, budget)


def _check_pdf_words(data: bytes) -> None:
    plain = _ESCAPED.sub(lambda hit: bytes([int(hit[1], 16)]), data) if b"#" in data else data
    if _ACTIVE.search(plain):
        raise FileRefused(
            "这份 PDF 里带有会自动运行的内容（脚本、启动程序或对外发送），没有上传；请用“打印为 PDF”重新生成后再传。",
            code="file_dangerous",
        )
    if _ATTACHED.search(plain):
        raise FileRefused(
            "这份 PDF 里夹带了别的文件，没有上传；请用“打印为 PDF”重新生成，附件另外单独上传。",
            code="file_dangerous",
        )


def _check_object_stream(file: BinaryIO, start: int, budget: int) -> int:
    """Names may hide in compressed object streams: inflate them piece by piece and look there too."""
    file.seek(start)
    head = file.read(4096)
    begin = head.find(b"stream")
    if begin < 0:
        return budget
    _check_filter(file, start, head[:begin])
    body = start + begin + 6
    file.seek(body)
    lead = file.read(2)
    file.seek(body + (2 if lead == b"\r\n" else 1))
    inflate, tail = zlib.decompressobj(), b""
    try:
        while not inflate.eof and budget > 0 and (piece := file.read(CHUNK)):
            while piece and not inflate.eof and budget > 0:
                out = inflate.decompress(piece, WINDOW)
                piece = inflate.unconsumed_tail
                budget -= len(out)
                _check_pdf_words(tail + out)
                tail = (tail + out)[-OVERLAP:]
    except zlib.error:
        return budget  # another filter than Flate, or a place that only looked like a stream
    if budget <= 0:
        raise FileRefused("文件展开后过大，没有上传；请用“打印为 PDF”重新生成后再传。", code="file_bomb")
    return budget


def _check_filter(file: BinaryIO, start: int, head: bytes) -> None:
    """An object stream packed otherwise than programs pack it hides what is in it from every check."""
    before = max(0, start - 512)
    file.seek(before)
    lead = file.read(start - before)
    named = _FILTER.search(lead[lead.rfind(b"<<") :] + head)
    plain = _ESCAPED.sub(lambda hit: bytes([int(hit[1], 16)]), named[1]) if named else b""
    if set(re.findall(rb"/(\w+)", plain)) - {b"FlateDecode", b"Fl"}:
        raise FileRefused(
            "这份 PDF 的内部结构不寻常，无法检查，没有上传；请用“打印为 PDF”重新生成后再传。",
            code="file_dangerous",
        )


CHUNK = 65_536


def _check_pixels(width: int, height: int) -> None:
    if width <= 0 or height <= 0:
        raise broken()
    if width * height > MOST_PIXELS:
        raise FileRefused("图片尺寸过大，没有上传；请把长边缩小到一万像素以内后再传。", code="file_bomb")


def check_jpeg(file: BinaryIO, size: int) -> None:
    """Walk the segments to the picture data, then look for its end mark."""
    file.seek(2)
    sized = False
    while True:
        mark = file.read(2)
        if len(mark) < 2 or mark[0] != 0xFF:
            raise broken()
        while mark[1] == 0xFF:
            mark = mark[1:] + file.read(1)
            if len(mark) < 2:
                raise broken()
        length = int.from_bytes(file.read(2), "big")
        if length < 2:
            raise broken()
        body = file.tell()
        if 0xC0 <= mark[1] <= 0xCF and mark[1] not in {0xC4, 0xC8, 0xCC}:
            frame = file.read(5)
            _check_pixels(int.from_bytes(frame[3:5], "big"), int.from_bytes(frame[1:3], "big"))
            sized = True
        if mark[1] == 0xDA:
            break
        file.seek(body + length - 2)
    if not sized or not any(b"\xff\xd9" in window for _, window in windows(file, body + length - 2)):
        raise broken()


def check_png(file: BinaryIO, size: int) -> None:
    """Walk the chunks from IHDR to IEND."""
    file.seek(8)
    first = True
    while True:
        head = file.read(8)
        if len(head) < 8:
            raise broken()
        length, name = int.from_bytes(head[:4], "big"), head[4:]
        if first:
            if name != b"IHDR" or length != 13:
                raise broken()
            body = file.read(8)
            _check_pixels(int.from_bytes(body[:4], "big"), int.from_bytes(body[4:], "big"))
            file.seek(-8, 1)
            first = False
        place = file.seek(length + 4, 1)
        if place > size:
            raise broken()
        if name == b"IEND":
            return


def check_bmp(file: BinaryIO, size: int) -> None:
    """The place of the pixels must lie inside the file, and the size said must not be more than there is."""
    file.seek(0)
    head = file.read(26)
    if len(head) < 26 or int.from_bytes(head[10:14], "little") >= size:
        raise broken()
    if int.from_bytes(head[2:6], "little") > size:
        raise broken()


def check_tiff(file: BinaryIO, size: int) -> None:
    """The first directory must lie inside the file, and the strips it names too."""
    file.seek(0)
    head = file.read(8)
    order = "little" if head[:2] == b"II" else "big"
    offset = int.from_bytes(head[4:8], order)  # type: ignore[arg-type]
    if offset < 8 or offset + 2 > size:
        raise broken()
    file.seek(offset)
    count = int.from_bytes(file.read(2), order)  # type: ignore[arg-type]
    if count == 0 or offset + 2 + count * 12 > size:
        raise broken()


def check_webp(file: BinaryIO, size: int) -> None:
    """The length in the head must be there."""
    file.seek(4)
    if int.from_bytes(file.read(4), "little") + 8 > size:
        raise broken()


def check_heic(file: BinaryIO, size: int) -> None:
    """Walk the top boxes: each must end inside the file, and the picture's own must be among them."""
    place, names = 0, set()
    while place < size:
        file.seek(place)
        head = file.read(16)
        if len(head) < 8:
            raise broken()
        length = int.from_bytes(head[:4], "big")
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        elif length == 0:
            length = size - place
        if length < 8 or place + length > size:
            raise broken()
        names.add(head[4:8])
        place += length
    if b"meta" not in names:
        raise broken()


CHECKS: dict[str, Callable[[BinaryIO, int], None]] = {
    "pdf": check_pdf,
    "jpeg": check_jpeg,
    "png": check_png,
    "bmp": check_bmp,
    "tiff": check_tiff,
    "webp": check_webp,
    "heic": check_heic,
}
