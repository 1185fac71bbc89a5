"""One content, one spelling, one digest (pure)."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from pydantic import ValidationError

from yimen.kernel.errors import Invalid
from yimen.modules.items.content import StandardContent
from yimen.modules.items.wording import sentences

ENTITY_KINDS = frozenset({"enterprise", "institution", "social_organisation", "government", "other"})


def plain(content: StandardContent) -> dict[str, Any]:
    """The content as plain JSON values, every field present."""
    return content.model_dump(mode="json")


def digest_of(content: StandardContent) -> str:
    """sha256 over the content with sorted keys and no spaces, so that equal contents have equal digests."""
    text = json.dumps(plain(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def parse_content(data: StandardContent | Mapping[str, Any]) -> StandardContent:
    """Check a content that somebody wrote.

    Raises:
        Invalid: ``fields`` holds path (``materials.0.name``) to a Chinese sentence.
    """
    if isinstance(data, StandardContent):
        return data
    try:
        return StandardContent.model_validate(data)
    except ValidationError as error:
        fields = sentences(error)
        raise Invalid(f"有 {len(fields)} 处内容需要修改，请按各处的提示更正。", fields=fields) from error


def columns_of(content: StandardContent) -> dict[str, Any]:
    """The copies that ``Standard`` keeps in columns for lists and statistics."""
    return {
        "content": plain(content),
        "digest": digest_of(content),
        "name": content.name,
        "type": content.type.value,
        "legal_amount": content.legal_limit.amount,
        "legal_unit": content.legal_limit.unit,
        "promised_amount": content.promised_limit.amount,
        "promised_unit": content.promised_limit.unit,
        "visits": content.visits,
        "instant": content.instant,
        "online_depth": content.online_depth,
        "for_person": "person" in content.audience,
        "for_entity": bool(ENTITY_KINDS & set(content.audience)),
    }
