"""The repeated duty of forms: forget old drafts."""

from datetime import timedelta

from yimen.foundation.outbox.api import repeat
from yimen.modules.forms.services import purge_drafts

repeat("forms.purge_drafts", timedelta(days=1), purge_drafts)
