"""What every test stands on: no network but loopback, memory of published standards emptied between tests."""

from collections.abc import Iterator

import pytest
from hypothesis import settings
from pytest_socket import socket_allow_hosts

settings.register_profile("yimen", deadline=None)
settings.load_profile("yimen")
"""No test is timed: speed is measured by ``yimen bench``."""


@pytest.fixture(autouse=True)
def _only_loopback() -> None:
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@pytest.fixture(autouse=True)
def _forget_process_memory() -> Iterator[None]:
    """Tests roll back: row numbers are used again, so values kept by row number must go."""
    from yimen.modules.cases.api import merged_form  # noqa: PLC0415 (needs Django loaded)
    from yimen.modules.items.published import MEMORY  # noqa: PLC0415

    MEMORY.forget()
    merged_form.cache_clear()
    yield
