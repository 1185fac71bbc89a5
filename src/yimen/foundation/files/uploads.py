"""Uploads are sealed while they arrive: no plaintext on the disk, no more than the limit read into anything.

Settings: ``FILE_UPLOAD_HANDLERS = ["yimen.foundation.files.uploads.SealingUploadHandler"]``. An upload that is too
large is told to the page by ``refused_upload(request)`` (an upload handler cannot answer by itself).
"""

import io
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from yimen.foundation.files import vault
from yimen.foundation.files.errors import FileRefused, FileTooLarge
from yimen.foundation.files.limits import key, max_bytes, root
from yimen.kernel.clock import now

FORM_ROOM = 1_048_576
MOST_FILES = 20
# a form may carry several files, but together no more than three of the largest
TOGETHER = 3


class SealedUpload(UploadedFile):  # type: ignore[type-arg]
    """An uploaded file that lies sealed in the waiting folder until the request ends."""

    def __init__(self, writer: vault.Writer, name: str, content_type: str, charset: str | None) -> None:
        super().__init__(writer.reader(), name, content_type, writer.size, charset)
        self._writer = writer

    def close(self) -> None:
        super().close()
        self._writer.drop()


class SealingUploadHandler(FileUploadHandler):
    """Seals each file of a form as it comes and stops at the limit."""

    chunk_size = vault.CHUNK

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._writer: vault.Writer | None = None
        self._limit = 0
        self._files = 0

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> tuple[QueryDict, MultiValueDict[str, UploadedFile]] | None:  # type: ignore[type-arg]
        """An upload that says itself that it is too large gives an empty form at once; nothing of it is read."""
        self._limit = max_bytes(now())
        together = self._limit * TOGETHER
        if content_length <= together + FORM_ROOM:
            return None
        self._note(FileTooLarge(self._limit, total=together))
        return QueryDict(encoding=encoding), MultiValueDict()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._files += 1
        if self._files > MOST_FILES:
            self._refuse(FileRefused(f"一次最多上传 {MOST_FILES} 个文件，请分几次传。"))
        self._drop()
        self._writer = vault.Writer(root(), key())

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self._writer is None:
            return
        if self._writer.size + len(raw_data) > self._limit:
            self._drop()
            self._refuse(FileTooLarge(self._limit))
            return
        try:
            self._writer.write(raw_data)
        except OSError:  # no room on the disk: what has come so far is of no use and would take what is left
            self._drop()
            raise

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        writer, self._writer = self._writer, None
        if writer is None:
            return None
        try:
            writer.finish()
        except OSError:
            writer.drop()
            raise
        return SealedUpload(writer, self.file_name or "", self.content_type or "", self.charset)

    def upload_interrupted(self) -> None:
        self._drop()

    def _drop(self) -> None:
        if self._writer is not None:
            self._writer.drop()
            self._writer = None

    def _refuse(self, refusal: FileRefused) -> None:
        self._note(refusal)
        raise StopUpload(connection_reset=True)

    def _note(self, refusal: FileRefused) -> None:
        if self.request is not None:
            self.request.refused_upload = refusal  # type: ignore[attr-defined]


def refused_upload(request: HttpRequest) -> FileRefused | None:
    """Why the files of this form did not arrive, when they did not; touch ``request.FILES`` first."""
    return getattr(request, "refused_upload", None)


def uploaded_file(request: HttpRequest, field: str = "file") -> "UploadedFile[bytes]":
    """The one file of a form field.

    Raises:
        FileRefused: none was chosen, or it was too large to be read.
    """
    found = request.FILES.get(field)
    if refusal := refused_upload(request):
        raise refusal
    if found is None:
        raise FileRefused("没有收到文件，请选择文件后再上传。", code="file_absent")
    return found


def plain_stream(upload: "UploadedFile[bytes]") -> io.BufferedIOBase:
    """The content of an upload as a stream for ``store``, whatever handler took it."""
    upload.seek(0)
    stream: io.BufferedIOBase = upload.file  # type: ignore[assignment]
    return stream
