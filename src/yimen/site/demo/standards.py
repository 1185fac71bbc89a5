"""Loading the district's item standards from their YAML files."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from yimen.foundation.orgs.models import Organisation
from yimen.kernel.actor import Actor
from yimen.modules.items.content import StandardContent
from yimen.modules.items.rules import compose_item_code
from yimen.modules.items.services.adopting import adopt_many
from yimen.modules.items.services.items import NewItem

FOLDER = Path(__file__).parent / "standards"


def read_all() -> Iterator[tuple[str, dict[str, Any]]]:
    """(organisation code, entry) of every standard; an entry's content includes the file's defaults."""
    for path in sorted(FOLDER.glob("*.yaml")):
        with path.open(encoding="utf-8") as file:
            document = yaml.load(file, Loader=yaml.CSafeLoader)
        for entry in document["standards"]:
            yield (
                document["organisation"],
                entry | {"content": document.get("defaults", {}) | entry["content"]},
            )


def adopt_all(author: Actor, reviewer: Actor, valid_from: date, at: datetime) -> int:
    """Publish every standard of the district; returns how many."""
    codes = dict(Organisation.objects.values_list("code", "uscc"))
    news = [_new_item(organisation, codes[organisation], entry) for organisation, entry in read_all()]
    return len(adopt_many(news, valid_from, author, reviewer, at))


def _new_item(organisation: str, uscc: str, entry: dict[str, Any]) -> NewItem:
    content = StandardContent.model_validate(entry["content"])
    code = compose_item_code(
        uscc, content.level, entry["source"], content.type, entry["serial"], entry["sub"]
    )
    return NewItem(code=code, organisation=organisation, content=content, slug=entry["slug"])
