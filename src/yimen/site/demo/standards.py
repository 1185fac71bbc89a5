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
from yimen.modules.items.services.items import NewItem
from yimen.modules.items.services.publishing import adopt

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
    codes = {organisation.code: organisation.uscc for organisation in Organisation.objects.all()}
    count = 0
    for organisation, entry in read_all():
        content = StandardContent.model_validate(entry["content"])
        code = compose_item_code(
            codes[organisation], content.level, entry["source"], content.type, entry["serial"], entry["sub"]
        )
        new = NewItem(code=code, organisation=organisation, content=content, slug=entry["slug"])
        adopt(new, valid_from, author, reviewer, at)
        count += 1
    return count
