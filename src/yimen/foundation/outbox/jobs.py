"""The duties of the outbox itself."""

from datetime import timedelta

from yimen.foundation.outbox.services import bring_forward, recover_tasks, repeat, sweep_done

repeat("outbox.recover_tasks", timedelta(minutes=1), recover_tasks)
repeat("outbox.bring_forward", timedelta(minutes=1), bring_forward)
repeat("outbox.sweep_done", timedelta(hours=6), sweep_done)
