"""The repeated duties of files: remove uploads that broke off, and forget what nobody used."""

from datetime import timedelta

from yimen.foundation.files.services import forget_left_over, sweep_incoming
from yimen.foundation.outbox.api import repeat

repeat("files.sweep_incoming", timedelta(hours=6), sweep_incoming)
repeat("files.forget_left_over", timedelta(days=1), forget_left_over)
