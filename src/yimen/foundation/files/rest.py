"""``POST /files``: hand a file in before an application refers to it; and the answer that carries a file.

Nothing is read here by address: whoever refers to a file (a case, a licence) serves it, after its own check, with
``file_response``.
"""

from datetime import datetime

from django.core.cache import cache
from django.http import FileResponse, HttpRequest
from ninja import Router, Schema, Status

from yimen.foundation.files.headers import response_headers
from yimen.foundation.files.models import StoredFile
from yimen.foundation.files.names import clean_name
from yimen.foundation.files.queries import name_given, open_file
from yimen.foundation.files.services import store
from yimen.foundation.files.uploads import plain_stream, refused_upload, uploaded_file
from yimen.kernel.access import actor_of_request
from yimen.kernel.actor import Actor
from yimen.kernel.clock import now
from yimen.kernel.errors import NotAllowed, TooMany

__all__ = ["file_response", "refused_upload", "router", "uploaded_file"]

router = Router(tags=["文件"])
A_MINUTE = 60
AN_HOUR = 600


class FileTaken(Schema):
    """What the platform keeps of an upload; ``digest`` names it in an application."""

    digest: str
    name: str
    size: int
    media_type: str


_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}


@router.post("", response={201: FileTaken}, summary="上传文件", url_name="upload_file", openapi_extra=_BODY)
def upload_file(request: HttpRequest) -> Status[FileTaken]:
    """Take in one file (multipart field ``file``); checked by content, at most 50 MB; only its uploader may use it."""
    actor, at = actor_of_request(request), now()
    if not actor.signed_in:
        raise NotAllowed("上传文件需要先登录，或在请求头带上访问令牌。", code="sign_in_required")
    check_rate(actor, at)
    upload = uploaded_file(request)
    with upload:
        stored = store(upload.name or "", plain_stream(upload), actor, at)
    taken = FileTaken(
        digest=stored.digest,
        name=name_given(stored, actor) or clean_name(upload.name or ""),
        size=stored.size,
        media_type=stored.media_type,
    )
    return Status(201, taken)


def check_rate(actor: Actor, at: datetime) -> None:
    """At most 60 uploads a minute and 600 an hour for one account.

    Raises:
        TooMany: over the rate.
    """
    for seconds, most in ((60, A_MINUTE), (3600, AN_HOUR)):
        name = f"files.rate.{actor.account_id}.{seconds}.{int(at.timestamp()) // seconds}"
        if cache.add(name, 1, seconds * 2):
            continue
        if cache.incr(name) > most:
            raise TooMany(
                f"上传太频繁：{'每分钟' if seconds == 60 else '每小时'}最多 {most} 份，请稍后再传。"
            )


def file_response(stored: StoredFile, *, inline: bool = False, name: str = "") -> FileResponse:
    """The answer that carries a file to somebody whom the caller has found allowed to read it.

    Args:
        stored: the file.
        inline: show it in the browser (pictures and PDF only; all else is always saved).
        name: the name to send, default the stored one.

    Raises:
        FileMissing, FileDamaged: nothing is sent.
    """
    response = FileResponse(open_file(stored.digest), content_type=stored.media_type)
    response["Content-Length"] = str(stored.size)
    for header, value in response_headers(name or stored.name, stored.media_type, inline=inline).items():
        response[header] = value
    return response
