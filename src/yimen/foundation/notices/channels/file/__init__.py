"""The channel that needs no vendor: appends each message to ``mailbox/`` in the data folder.

For installations without a gateway, for trials and tests. On unless YIMEN_MAILBOX=0 or a text-message gateway is set up.
The number is masked: a file is not sealed.
"""

import json
import os
from pathlib import Path

from django.conf import settings

from yimen.foundation.notices.channels import FailedForNow, Message, Recipient
from yimen.kernel.masking import mask_phone


class FileChannel:
    label = "信箱文件"

    def is_set_up(self) -> bool:
        return os.environ.get("YIMEN_MAILBOX", "1") == "1" and not os.environ.get("YIMEN_SMS_URL")

    def address_of(self, recipient: Recipient, mail: str) -> str:
        return recipient.phone

    def send(self, message: Message) -> None:
        line = {"reference": message.reference, "to": mask_phone(message.address), "text": message.text}
        try:
            folder = Path(settings.DATA) / "mailbox"
            folder.mkdir(mode=0o700, exist_ok=True)
            target = os.open(folder / "messages.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(target, "a", encoding="utf-8") as file:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        except OSError as error:
            raise FailedForNow(f"信箱文件写不进去：{error.strerror}") from error
