"""The whole interface with made-up calls: nothing fails (5xx), every answer has a declared shape."""

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.district import FOOD, STREET, District
from yimen.site.wsgi import application

schema = schemathesis.pytest.from_fixture("interface")
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture
def interface(district: District) -> object:
    district.case("lin", STREET, centre="lanjiang")
    district.case("chen", FOOD)
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.fixture
def token(district: District) -> str:
    return district.caller("chen").token


@schema.parametrize()
@settings(max_examples=12, suppress_health_check=list(HealthCheck), derandomize=True)
def test_no_call_fails(case: schemathesis.Case, token: str) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)
