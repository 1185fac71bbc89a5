"""One content, one spelling, one digest; and what somebody wrote, checked (pure)."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from pydantic import ValidationError

from yimen.kernel.errors import Invalid
from yimen.modules.items.api.words import sentences
from yimen.modules.themes.content import ThemeContent


def plain(content: ThemeContent) -> dict[str, Any]:
    """The content as plain JSON values, every field present."""
    return content.model_dump(mode="json")


def digest_of(content: ThemeContent) -> str:
    """sha256 over the content with sorted keys and no spaces."""
    text = json.dumps(plain(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def parse_content(data: ThemeContent | Mapping[str, Any]) -> ThemeContent:
    """Check a content that somebody wrote.

    Raises:
        Invalid: ``fields`` holds path (``members.0.item``) to a Chinese sentence.
    """
    if isinstance(data, ThemeContent):
        return data
    try:
        return ThemeContent.model_validate(data)
    except ValidationError as error:
        fields = sentences(error)
        raise Invalid(f"有 {len(fields)} 处内容需要修改，请按各处的提示更正。", fields=fields) from error
