"""What no call may carry, and what the document says of refusals."""

import json

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from yimen.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, NotPossible, Refusal, TooMany
from yimen.portals.openapi.problems import problem_of, status_of
from yimen.portals.openapi.site import api
from yimen.portals.openapi.walls import (
    LARGEST,
    BodyTooLarge,
    Malformed,
    StrictParser,
    clean,
    fault_of,
    is_clean,
)

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(VALUES)
def test_what_passes_the_wall_can_be_kept(value: object) -> None:
    fault = fault_of(value)
    if fault is None:
        text = json.dumps(value, ensure_ascii=False)
        assert "\\u0000" not in text
        text.encode()
    else:
        assert fault.fields and all(
            is_clean(sentence) for sentence in (*fault.fields, *fault.fields.values())
        )


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"form": {"name": "王\x00"}}, "form.name"),
        ({"items": ["a", "\ud800"]}, "items.1"),
        ({"a": {"\x00": 1}}, "a"),
        ({"days": 2**63}, "days"),
        ({"days": -(2**64)}, "days"),
        ("\x00", "body"),
    ],
)
def test_the_place_is_told(value: object, place: str) -> None:
    fault = fault_of(value)
    assert fault is not None and list(fault.fields) == [place]


def test_the_edges_pass() -> None:
    assert (
        fault_of({"largest": LARGEST, "smallest": -LARGEST, "rare": "𪧘", "empty": "", "true": True}) is None
    )
    assert clean("a\x00b\ud800c") == "abc"


def test_depth_is_bounded() -> None:
    value: object = 1
    for _ in range(41):
        value = [value]
    fault = fault_of(value)
    assert fault is not None and "嵌套" in fault.message


@pytest.mark.parametrize("body", [b"{", b'{"a": NaN}', b"\xff", b"[" * 100_000])
def test_what_is_not_json_is_refused(body: bytes) -> None:
    request = RequestFactory().post("/api/v1/applications", body, content_type="application/json")
    with pytest.raises((ValueError, RecursionError)):
        StrictParser().parse_body(request)
    assert isinstance(request.wall, Malformed)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (Invalid("x"), 422), (NotFound(), 404), (NotAllowed(), 403), (NotPossible(), 409), (Conflict(), 409), (TooMany(), 429),
        (BodyTooLarge(), 413), (Malformed(), 400), (Refusal("x"), 409),
    ],
)  # fmt: skip
def test_each_refusal_has_its_status(refusal: Refusal, status: int) -> None:
    body = problem_of(refusal)
    assert status_of(refusal) == body["status"] == status
    assert body["title"] and body["type"] == f"urn:yimen:problem:{refusal.code}"


def test_the_shape_of_a_refusal_is_declared_once_and_everywhere() -> None:
    document = api.get_openapi_schema()
    assert set(document["components"]["schemas"]["Problem"]["properties"]) == {
        "type", "title", "status", "detail", "code", "clause", "fields", "would_pass"
    }  # fmt: skip
    assert json.dumps(document).count('"ProblemOut"') == 0
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            codes = {int(code) for code in operation["responses"]}
            assert 422 in codes, (method, path)
            assert (401 in codes) == bool(operation.get("security")), (method, path)
            assert (409 in codes) == (method != "get"), (method, path)
            if "{" in path:
                assert 404 in codes
