"""The door of files."""

from yimen.foundation.files.errors import FileDamaged, FileMissing, FileRefused, FileTooLarge, ScannerAway
from yimen.foundation.files.headers import response_headers
from yimen.foundation.files.kinds import ACCEPT_ATTRIBUTE, ACCEPTED_WORDS
from yimen.foundation.files.limits import max_bytes
from yimen.foundation.files.models import StoredFile
from yimen.foundation.files.names import clean_name
from yimen.foundation.files.queries import (
    file_with_digest,
    keep_while,
    may_use,
    name_given,
    open_file,
    unreferenced,
    usable_files,
)
from yimen.foundation.files.services import forget_left_over, purge, store, sweep_incoming

__all__ = [
    "ACCEPTED_WORDS",
    "ACCEPT_ATTRIBUTE",
    "FileDamaged",
    "FileMissing",
    "FileRefused",
    "FileTooLarge",
    "ScannerAway",
    "StoredFile",
    "clean_name",
    "file_with_digest",
    "forget_left_over",
    "keep_while",
    "max_bytes",
    "may_use",
    "name_given",
    "open_file",
    "purge",
    "response_headers",
    "store",
    "sweep_incoming",
    "unreferenced",
    "usable_files",
]
