"""The district's one-thing themes, as their authors would publish them: read from the YAML files beside this one."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from yimen.kernel.actor import Actor
from yimen.modules.themes.content import ThemeContent
from yimen.modules.themes.services.authoring import NewTheme, create_theme, publish

FOLDER = Path(__file__).parent


def read_all() -> Iterator[tuple[str, ThemeContent]]:
    """(code, content) of every theme, checked."""
    for path in sorted(FOLDER.glob("*.yaml")):
        with path.open(encoding="utf-8") as file:
            document: dict[str, Any] = yaml.load(file, Loader=yaml.CSafeLoader)
        for entry in document["themes"]:
            yield entry["code"], ThemeContent.model_validate({k: v for k, v in entry.items() if k != "code"})


def publish_all(author: Actor, publisher: Actor, at: datetime) -> int:
    """Publish every theme of the district; its items must be published before. Returns how many."""
    codes = []
    for code, content in read_all():
        version = create_theme(NewTheme(code=code, content=content), author, at)
        codes.append(publish(version.pk, publisher, at).theme.code)
    return len(codes)
