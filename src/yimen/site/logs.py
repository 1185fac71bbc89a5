"""Logging: one line an event with its facts; a traceback without the values of variables, which may be personal."""

from collections.abc import MutableMapping
from typing import Any

import structlog


def one_line(logger: Any, method: str, facts: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Line ends and other control characters in a fact are written as such: nobody writes a line of the log but we."""
    for name, value in facts.items():
        if isinstance(value, str) and not value.isprintable():
            facts[name] = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in value)
    return facts


def configure() -> None:
    """Set structlog up for the whole process."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            one_line,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ],
        cache_logger_on_first_use=True,
    )
