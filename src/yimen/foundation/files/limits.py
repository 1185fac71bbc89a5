"""Where files lie, under which key, and how large one may be."""

from datetime import datetime
from pathlib import Path

from django.conf import settings

from yimen.foundation.params import api as params
from yimen.kernel import secrets
from yimen.kernel.clock import CHINA

MEGABYTE = 1_048_576
MAX_MEGABYTES = params.declare("files.max_megabytes", 50, "单个上传文件的大小上限（MB）")


def max_bytes(at: datetime) -> int:
    """The most bytes one file may have on that day."""
    return int(params.value(MAX_MEGABYTES.code, on=at.astimezone(CHINA).date())) * MEGABYTE


def root() -> Path:
    """The folder of the sealed files."""
    return Path(settings.FILES_ROOT)


def key() -> bytes:
    """The key of the sealed files of this installation."""
    return secrets.derive(settings.DATA, "files")
