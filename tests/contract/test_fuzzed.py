"""The whole interface with made-up calls: nothing fails (5xx), every answer has a declared shape."""

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

from tests.district import FOOD, STREET, District
from yimen.portals.openapi.site import api
from yimen.site.wsgi import application

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
    headers = {"Authorization": f"Bearer {district.caller('chen').token}"}

    @settings(
        max_examples=12, phases=[Phase.generate], suppress_health_check=list(HealthCheck), derandomize=True,
        database=None,
    )  # fmt: skip
    @given(case=schema[path][method].as_strategy())
    def run(case: schemathesis.Case) -> None:
        for real in (False, True):
            if real and "number" in case.path_parameters:
                case.path_parameters["number"] = number
            with transaction.atomic():
                case.call_and_validate(headers=headers, checks=CHECKS)
                transaction.set_rollback(True)

    run()
