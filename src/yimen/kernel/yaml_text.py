"""YAML that somebody typed or sent: plain values only, nothing that unfolds into more than was written."""

from typing import Any

import yaml
from yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent

DEEPEST = 60


def load(text: str) -> Any:
    """Read one document of YAML (or JSON, which is YAML).

    References (``*name``) are not taken: ten lines of references to references unfold into billions of values.

    Raises:
        yaml.YAMLError: not YAML, a reference, or nested deeper than any content is; its ``problem_mark`` tells the line.
    """
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, AliasEvent):
            raise yaml.MarkedYAMLError(problem="references are not taken", problem_mark=event.start_mark)
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > DEEPEST:
            raise yaml.MarkedYAMLError(problem="nested too deeply", problem_mark=event.start_mark)
    return yaml.load(text, Loader=yaml.CSafeLoader)
