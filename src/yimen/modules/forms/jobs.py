"""The repeated duty of forms: forget old drafts; until then the files of whoever keeps one stay, used or not."""

from datetime import timedelta

from django.db.models import Q

from yimen.foundation.files import api as files
from yimen.foundation.outbox.api import repeat
from yimen.modules.forms.services import purge_drafts

repeat("forms.purge_drafts", timedelta(days=1), purge_drafts)
files.keep_while(Q(uploads__account__form_drafts__isnull=False))
