"""The repeated duty of notices: send what is due."""

from datetime import timedelta

from yimen.foundation.notices.services import bring_forward, send_due
from yimen.foundation.outbox.api import repeat

repeat("notices.send", timedelta(seconds=5), send_due)
repeat("notices.bring_forward", timedelta(minutes=1), bring_forward)
