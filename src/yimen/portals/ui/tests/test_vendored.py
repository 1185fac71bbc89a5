"""What came from elsewhere is what was recorded, with its licence beside it."""

import hashlib
import json
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
RECORD = json.loads((ROOT / "vendored.json").read_text("utf-8"))


def test_every_vendored_file_is_unchanged() -> None:
    for source in RECORD:
        for name, digest in source["files"].items():
            assert hashlib.sha256((ROOT / name).read_bytes()).hexdigest() == digest, name


def test_every_icon_is_recorded_with_its_licence() -> None:
    recorded = {name for source in RECORD for name in source["files"]}
    assert {str(f.relative_to(ROOT)) for f in (ROOT / "static/ui/icons").iterdir()} == recorded
    for source in RECORD:
        assert source["package"] and source["version"] and source["licence"]
        assert (ROOT / source["licence_file"]).read_text("utf-8").startswith("ISC License")


def test_icons_named_in_templates_exist() -> None:
    known = {f.stem for f in (ROOT / "static/ui/icons").glob("*.svg")}
    named = set()
    for file in (ROOT / "templates").rglob("*.html"):
        named |= set(re.findall(r'{% icon "([a-z0-9-]+)"', file.read_text("utf-8")))
    assert named <= known, named - known


def test_templates_carry_no_inline_script_style_or_handler() -> None:
    """The content policy would refuse them (default-src 'self')."""
    for file in (ROOT / "templates").rglob("*.html"):
        text = file.read_text("utf-8")
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|javascript:", text), file
        for script in re.findall(r"<script[^>]*>", text):
            assert "src=" in script or "application/json" in script, file
