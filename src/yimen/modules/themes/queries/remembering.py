"""Compiled things that this process remembers: standards and themes never change once published, so neither do these."""

import json
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from threading import Lock

from yimen.modules.items.api import PublishedStandard
from yimen.modules.themes.canonical import digest_of
from yimen.modules.themes.compiling.compiler import compile_standards
from yimen.modules.themes.compiling.values import Answers, Compiled, Known
from yimen.modules.themes.content import ThemeContent

REMEMBERED = 512


class _Memory:
    """Least-recently-used compiled things; safe between threads."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[str, Compiled] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str) -> Compiled | None:
        with self._lock:
            value = self._values.get(key)
            if value is not None:
                self._values.move_to_end(key)
            return value

    def put(self, key: str, value: Compiled) -> None:
        with self._lock:
            self._values[key] = value
            while len(self._values) > self._size:
                self._values.popitem(last=False)

    def forget(self) -> None:
        """Forget everything (tests that roll back reuse row numbers)."""
        with self._lock:
            self._values.clear()


MEMORY = _Memory(REMEMBERED)


def compiled(
    content: ThemeContent, standards: Sequence[PublishedStandard], answers: Answers, known: Known
) -> Compiled:
    """Compile under a theme's decisions; remembered unless something of a particular person takes part.

    Args:
        answers: to questions; form values beside them.

    Raises:
        Circle, Invalid: as ``compile_standards``.
    """
    key = ""
    if not known.licences and set(known.values) <= IMPERSONAL and set(answers) <= _asked(content, standards):
        said = [
            digest_of(content),
            [(s.standard_id, s.digest) for s in standards],
            sorted((code, str(answer)) for code, answer in answers.items()),
        ]
        key = json.dumps([said, sorted((k, str(v)) for k, v in known.values.items())], ensure_ascii=False)
        if (remembered := MEMORY.get(key)) is not None:
            return remembered
    result = compile_standards(
        standards,
        answers,
        same=content.same,
        different=content.different,
        edges=content.edges,
        brings=content.brings,
        joint_limit=content.joint_limit,
        known=known,
    )
    if key:
        MEMORY.put(key, result)
    return result


IMPERSONAL = frozenset({"today", "applicant_kind"})
"""Facts that say nothing of a particular person."""


def _asked(content: ThemeContent, standards: Iterable[PublishedStandard]) -> set[str]:
    """Codes of all questions: answers to them are choices from a list, not personal data."""
    asked = {question.code for question in content.questions}
    return asked | {situation.code for standard in standards for situation in standard.content.situations}
