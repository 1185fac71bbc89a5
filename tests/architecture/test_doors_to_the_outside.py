"""What every address of the house owes: a declared guard, a declared refusal, no way round the mark against forgery."""

from django.urls import get_resolver

from tests.architecture.test_house import is_ours, pages
from tests.security.routes import operations
from yimen.portals.openapi.site import api

EXEMPT = {"^api/"}
"""The interface's own "no such address": it takes nothing."""


def test_no_page_of_ours_is_exempt_from_the_mark_against_forgery() -> None:
    exempt = {address for address, p in pages() if is_ours(p) and getattr(p.callback, "csrf_exempt", False)}
    assert exempt == EXEMPT


def test_only_reading_is_public_in_the_interface() -> None:
    """A public write would be open to anybody without a trace of who did it; reckoning a
    deadline, composing items or checking a name writes nothing."""
    open_writes = {o.address for o in operations() if o.public and o.method != "GET"}
    assert open_writes == {"/api/v1/deadlines", "/api/v1/themes/compile", "/api/v1/entities/names/check"}


def test_no_two_operations_share_a_name() -> None:
    names = [
        operation["operationId"]
        for path in api.get_openapi_schema()["paths"].values()
        for operation in path.values()
    ]
    assert len(names) == len(set(names))


def test_no_address_is_written_twice_by_us() -> None:
    ours = [address for address, p in pages(get_resolver()) if is_ours(p)]
    doubled = {address for address in ours if ours.count(address) > 1}
    assert doubled <= HOMES


HOMES = {"console/"}
"""Several folders are mounted at the console's door, each with a page of its own there: the first one is served."""
