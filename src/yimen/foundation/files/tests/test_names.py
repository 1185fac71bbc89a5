"""File names as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yimen.foundation.files.names import LONGEST, clean_name, disposition, extension_of

ODD = {
    "../../etc/passwd.pdf": "passwd.pdf",
    "C:\\用户\\林晓燕\\身份证.jpg": "身份证.jpg",
    "合同\u202egpj.exe": "合同gpj.exe",
    "a\x00b\r\nc.pdf": "ab c.pdf",
    "": "文件",
    "...": "文件",
    ".pdf": "文件.pdf",
    "  名 单 .xlsx ": "名 单.xlsx",
    'a"b<c>.pdf': "a_b_c_.pdf",
    "䶮㛃𬱖.png": "䶮㛃𬱖.png",
    "\u200bа.pdf": "а.pdf",
}


@pytest.mark.parametrize("name", ODD)
def test_odd_names_become_plain(name: str) -> None:
    assert clean_name(name) == ODD[name]


def test_a_very_long_name_keeps_its_extension() -> None:
    name = clean_name("很" * 500 + ".pdf")
    assert len(name) == LONGEST
    assert extension_of(name) == "pdf"


@given(st.text(max_size=300))
def test_no_name_leaves_its_folder(name: str) -> None:
    cleaned = clean_name(name)
    assert cleaned and len(cleaned) <= LONGEST
    assert not set('/\\\0\r\n"') & set(cleaned)
    assert clean_name(cleaned) == cleaned
    header = disposition(cleaned, inline=False)
    assert header.isascii() and header.count('"') == 2
