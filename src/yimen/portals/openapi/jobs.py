"""The portal's repeated duty."""

from datetime import timedelta

from yimen.foundation.outbox.api import repeat
from yimen.portals.openapi.services import sweep

repeat("openapi.forget_answers", timedelta(hours=1), sweep)
