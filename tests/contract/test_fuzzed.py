"""The whole interface with made-up calls of every kind of caller: nothing fails (5xx), every answer has a declared shape.

``YIMEN_FUZZ=200 ./yimen test tests/contract/test_fuzzed.py`` makes so many examples an operation (default 12), each time others.
"""

import os
from itertools import cycle
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.district import FOOD, STREET, District, shop
from yimen.portals.openapi.site import api
from yimen.site.pacing import BUCKETS
from yimen.site.wsgi import application

EXAMPLES = int(os.environ.get("YIMEN_FUZZ") or 12)
CALLERS = ("lin", "chen", "cgj-zhang", "", "wu", "qian", "sun", "root", "wen")
"""A resident, a clerk, heads of two departments, a stranger, an agent, a supervisor, an administrator, an author."""
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
OPERATIONS = sorted(
    f"{method.upper()} {path}"
    for path, found in api.get_openapi_schema()["paths"].items()
    for method in found
)


def quiet(environ: Any, start_response: Any) -> list[bytes]:
    """The application without the server's habit of closing connections between calls, which would end the transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        answer = application(environ, start_response)
        body = b"".join(answer)
        answer.close()
    finally:
        for signal in signals:
            signal.connect(close_old_connections)
    return [body]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_no_call_fails(district: District, operation: str) -> None:
    number = district.case("lin", STREET, centre="lanjiang")
    district.case("chen", FOOD)
    method, path = operation.split(" ")
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", quiet)
    tokens = cycle([district.caller(username).token for username in CALLERS])
    real = {"number": number, "code": district.codes[STREET], "uscc": shop().uscc}
    if path.startswith("/applications"):
        real["number"] = number.rsplit("-", 1)[0]

    @settings(
        max_examples=EXAMPLES, phases=[Phase.generate], suppress_health_check=list(HealthCheck),
        derandomize="YIMEN_FUZZ" not in os.environ,
        database=None,
    )  # fmt: skip
    @given(case=schema[path][method].as_strategy())
    def run(case: schemathesis.Case) -> None:
        for exists in (False, True):
            if exists:
                case.path_parameters.update({k: v for k, v in real.items() if k in case.path_parameters})
            token = next(tokens)
            BUCKETS.forget()
            with transaction.atomic():
                case.call_and_validate(
                    headers={"Authorization": f"Bearer {token}"} if token else {}, checks=CHECKS
                )
                transaction.set_rollback(True)

    run()
