"""The typefaces are those that were looked at, and are known character by character."""

import hashlib
import json

from yimen.foundation.documents import fonts


def test_the_kept_files_are_the_listed_ones() -> None:
    listed = json.loads((fonts.OWN / "vendored.json").read_text())["files"]
    kept = {path.name for path in fonts.OWN.iterdir()} - {"README.md", "vendored.json"}
    assert kept == set(listed)
    for name, digest in listed.items():
        assert hashlib.sha256((fonts.OWN / name).read_bytes()).hexdigest() == digest


def test_the_bold_face_has_every_character_of_gb2312() -> None:
    bold = fonts.characters_of((fonts.OWN / "NotoSansSC-Bold-GB2312.ttf").read_bytes())
    signs = [bytes([hi, lo]) for hi in range(0xB0, 0xF7) for lo in range(0xA1, 0xFF)]
    wanted = {ord(c) for c in b"".join(signs).decode("gb2312", "ignore")}
    assert len(wanted) > 6_600
    assert wanted <= bold <= fonts.known_characters()


def test_an_operator_may_add_a_face(tmp_path, settings) -> None:
    settings.DATA = tmp_path
    assert fonts.folders() == [fonts.OWN]
    (tmp_path / "fonts").mkdir()
    assert fonts.folders() == [fonts.OWN, tmp_path / "fonts"]
