"""The seam for virus scanners: the built-in check always runs; others are named by settings.

``FILES_SCANNERS`` lists dotted names of functions ``(chunks) -> str``: the name of what was found, or ``""``.
A scanner that cannot answer raises ``ScannerAway``; the file is then not taken in.
"""

from collections.abc import Callable, Iterable, Iterator

from django.conf import settings
from django.utils.module_loading import import_string

from yimen.foundation.files.scanners import builtin

Scanner = Callable[[Iterable[bytes]], str]


def scanners() -> Iterator[Scanner]:
    """The scanners of this installation, the built-in one first."""
    yield builtin.scan
    for name in getattr(settings, "FILES_SCANNERS", ()):
        yield import_string(name)
