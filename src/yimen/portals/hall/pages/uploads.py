"""Files that come with a form: kept, counted, told in sentences; and the words for the kinds that are taken."""

import re
from collections.abc import Iterable, Mapping

from django.http import HttpRequest

from yimen.foundation.files import api as files
from yimen.foundation.files.rest import check_rate
from yimen.kernel.actor import Actor
from yimen.kernel.clock import now
from yimen.kernel.errors import Refusal

DIGEST = re.compile(r"[0-9a-f]{64}")
MOST_FILES = 9
ACCEPT = {
    "pdf": (".pdf",),
    "image": (".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp"),
    "office": (".doc", ".docx", ".xls", ".xlsx", ".wps", ".et"),
    "ofd": (".ofd",),
}
KIND_WORDS = {"pdf": "PDF", "image": "照片", "office": "Word 或 Excel 文件", "ofd": "OFD"}


def taken_in(request: HttpRequest, name: str, actor: Actor) -> tuple[list[str], str]:
    """Digests named by a form field: those sent before by script, and files that come with this post.

    Returns:
        The digests, each once, and a sentence when a file could not be taken ("" when all could).
    """
    digests = [digest for digest in request.POST.getlist(name) if DIGEST.fullmatch(digest)]
    sentence = ""
    at = now()
    for upload in request.FILES.getlist(name):
        try:
            check_rate(actor, at)
            upload.seek(0)
            digests.append(files.store(upload.name or "", upload, actor, at).digest)
        except Refusal as refusal:
            sentence = refusal.message
        finally:
            upload.close()
    return list(dict.fromkeys(digests))[:MOST_FILES], sentence


def wrong_kind(stored: Mapping[str, files.StoredFile], kept: Iterable[str], accept: Iterable[str]) -> str:
    """The name of the first file whose kind is not taken, "" when all are."""
    kinds = set(accept)
    return next((stored[d].name for d in kept if kind_of(stored[d].media_type) not in kinds), "")


def kind_of(media_type: str) -> str:
    """The kind of a stored file, in the words of a standard's ``accept``."""
    if media_type.startswith("image/"):
        return "image"
    return {"application/pdf": "pdf", "application/ofd": "ofd"}.get(media_type, "office")


def accept_words(kinds: Iterable[str]) -> str:
    taken = set(kinds)
    return "、".join(words for kind, words in KIND_WORDS.items() if kind in taken)


def accept_attribute(kinds: Iterable[str]) -> str:
    taken = set(kinds)
    return ",".join(end for kind, ends in ACCEPT.items() if kind in taken for end in ends)
