"""The door of files."""

from yimen.foundation.files.errors import (
    FileDamaged,
    FileMissing,
    FileRefused,
    FilesAway,
    FileTooLarge,
    ScannerAway,
)
from yimen.foundation.files.headers import response_headers
from yimen.foundation.files.kinds import ACCEPT_ATTRIBUTE, ACCEPTED_WORDS
from yimen.foundation.files.limits import max_bytes
from yimen.foundation.files.models import StoredFile
from yimen.foundation.files.moving import check_files, copy_from_folder
from yimen.foundation.files.names import clean_name
from yimen.foundation.files.places import files_answer
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
    "FilesAway",
    "ScannerAway",
    "StoredFile",
    "check_files",
    "clean_name",
    "copy_from_folder",
    "file_with_digest",
    "files_answer",
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
