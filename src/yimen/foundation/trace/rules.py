"""How an event becomes a hash, and a range of events a seal (pure)."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

HASHED_FIELDS = (
    "subject_kind", "subject_key", "sequence", "actor_id", "actor_name", "on_behalf", "channel",
    "act", "from_state", "to_state", "clause", "note", "data", "previous",
)  # fmt: skip


@dataclass(frozen=True)
class Head:
    """The end of a chain: how many events it has and the hash of the last one."""

    length: int = 0
    hash: str = ""


def canonical(value: Mapping[str, Any] | None) -> str:
    """JSON with sorted keys and no spare characters; empty text for nothing."""
    if not value:
        return ""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def moment_text(at: datetime) -> str:
    """A moment as the hash sees it: UTC with microseconds, whatever zone it came in."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def event_hash(values: Mapping[str, Any], at: datetime) -> str:
    """SHA-256 (hex) over the event's fields in their fixed order."""
    body = [moment_text(at), *(values[name] for name in HASHED_FIELDS)]
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def seal_root(rows: Iterable[tuple[int, str]]) -> tuple[str, int]:
    """Root hash and number of (event id, event hash) rows in order of id."""
    digest, count = hashlib.sha256(), 0
    for number, value in rows:
        digest.update(f"{number}:{value}\n".encode())
        count += 1
    return digest.hexdigest(), count


def seal_signature(key: bytes, values: Mapping[str, Any], at: datetime) -> str:
    """HMAC-SHA-256 (hex) with the installation's sealing key, so that a rewritten chain cannot be sealed again."""
    names = ("number", "first_event", "last_event", "count", "root", "previous")
    body = json.dumps([moment_text(at), *(values[n] for n in names)], separators=(",", ":"))
    return hmac.new(key, body.encode(), hashlib.sha256).hexdigest()
