"""What a backup says of itself, and the check that its parts are what it says."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any

FORMAT = "yimen-backup"
VERSION = 1
WITHOUT_FILES = 2
"""The version of an archive whose files lie in a shared store: a program that knows of no such thing refuses it."""
MANIFEST, MANIFEST_SUM = "manifest.json", "manifest.sha256"


@dataclass
class Manifest:
    """What an archive says of itself."""

    made_at: str
    database: str
    migrations: list[str]
    key: str
    format: str = FORMAT
    version: int = VERSION
    members: dict[str, str] = field(default_factory=dict)
    files: str = ""

    def text(self) -> bytes:
        told = {name: value for name, value in asdict(self).items() if name != "files" or value}
        return json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1).encode()


def checked(texts: dict[str, bytes], sums: dict[str, str]) -> Manifest:
    if set(texts) != {MANIFEST, MANIFEST_SUM}:
        raise ValueError("it has no manifest (cut off, or made by something else)")
    if hashlib.sha256(texts[MANIFEST]).hexdigest().encode() != texts[MANIFEST_SUM]:
        raise ValueError("its manifest was changed")
    told: dict[str, Any] = json.loads(texts[MANIFEST])
    if told.get("format") != FORMAT:
        raise ValueError("it is not a backup of Yimen")
    if told.get("version") not in (VERSION, WITHOUT_FILES):
        raise ValueError(f"it has format version {told.get('version')}, this program reads {WITHOUT_FILES}")
    manifest = Manifest(**told)
    if wrong := sorted(
        name for name in sums.keys() | manifest.members.keys() if sums.get(name) != manifest.members.get(name)
    ):
        raise ValueError(
            f"{len(wrong)} of {len(manifest.members)} parts are damaged or missing, the first is {wrong[0]}"
        )
    return manifest


# -- putting in place
