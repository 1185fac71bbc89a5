"""The Chinese words of a standard's parts, fields and codes."""

from yimen.modules.items.presenting import POST_WORDS
from yimen.modules.items.wording import (
    AUDIENCE_WORDS,
    BASIS_WORDS,
    CHANNEL_WORDS,
    DELIVERY_WORDS,
    DEPTH_WORDS,
    LEVEL_WORDS,
    MATERIAL_KIND_WORDS,
    MEDIUM_WORDS,
    PROCEDURE_WORDS,
    RESULT_WORDS,
    SOURCE_WORDS,
    TRUST_WORDS,
    limit_words,
    place_words,
    sentences,
)

__all__ = [
    "AUDIENCE_WORDS", "BASIS_WORDS", "CHANNEL_WORDS", "DELIVERY_WORDS", "DEPTH_WORDS", "LEVEL_WORDS", "MATERIAL_KIND_WORDS",
    "MEDIUM_WORDS", "POST_WORDS", "PROCEDURE_WORDS", "RESULT_WORDS", "SOURCE_WORDS", "TRUST_WORDS", "limit_words", "place_words",
    "sentences",
]  # fmt: skip
