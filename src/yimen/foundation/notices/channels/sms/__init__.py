"""Text messages through any gateway that takes JSON over HTTP.

YIMEN_SMS_URL    where to POST ``{"id", "phone", "text"}``
YIMEN_SMS_TOKEN  bearer token, if the gateway wants one

2xx is delivered to the gateway; 408, 425, 429 and 5xx and a dead line are for now; any other answer is for good.
"""

import json
import os
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from yimen.foundation.notices.channels import FailedForGood, FailedForNow, Message, Recipient

TIMEOUT_SECONDS = 10
TRY_LATER = {408, 425, 429}


class SmsChannel:
    label = "短信"

    def is_set_up(self) -> bool:
        return _gateway().startswith(("http://", "https://"))

    def address_of(self, recipient: Recipient, mail: str) -> str:
        return recipient.phone

    def send(self, message: Message) -> None:
        body = {"id": message.reference, "phone": message.address, "text": message.text}
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if token := os.environ.get("YIMEN_SMS_TOKEN"):
            headers["Authorization"] = f"Bearer {token}"
        request = Request(
            _gateway(), json.dumps(body, ensure_ascii=False).encode(), headers=headers, method="POST"
        )
        try:
            with urlopen(request, timeout=TIMEOUT_SECONDS):
                return
        except HTTPError as answer:
            answer.close()
            if answer.code in TRY_LATER or answer.code >= 500:
                raise FailedForNow(f"短信网关暂时不收（{answer.code}）") from answer
            raise FailedForGood(f"短信网关拒收（{answer.code}）") from answer
        except (URLError, OSError) as error:
            raise FailedForNow("短信网关连接不上") from error


def _gateway() -> str:
    return os.environ.get("YIMEN_SMS_URL", "")
