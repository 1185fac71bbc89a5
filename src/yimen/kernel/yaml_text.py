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
            raise _refused("references are not taken", event)
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > DEEPEST:
            raise _refused("nested too deeply", event)
    return yaml.load(text, Loader=yaml.CSafeLoader)


def _refused(problem: str, event: yaml.Event) -> yaml.MarkedYAMLError:
    mark: Any = event.start_mark  # the fast reader has a mark of its own, alike in every member
    return yaml.MarkedYAMLError(problem=problem, problem_mark=mark)
