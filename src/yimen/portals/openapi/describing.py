"""The document of the interface: the routers' own shapes, and the one shape of every refusal (RFC 9457)."""

from typing import Any

from ninja import NinjaAPI, Schema
from ninja.openapi.schema import OpenAPISchema
from pydantic.json_schema import models_json_schema

PROBLEM = "application/problem+json"
SUCCESS = ("2", "3")
SAID = {
    "400": "请求的内容无法读取",
    "401": "没有登录，或者令牌无效",
    "403": "没有权限",
    "404": "没有找到，或者无权查看",
    "409": "当前状态不能办理，或者别人刚刚办理过",
    "413": "内容过大",
    "422": "内容有误，fields 逐项说明",
    "429": "操作过于频繁",
}
READS = ("401", "403", "404", "422")
WRITES = ("400", "409", "413", "429")


class Problem(Schema):
    """Why a call was refused, and what would pass.

    Args:
        code: stable machine name.
        clause: the legal basis, where there is one.
        fields: a sentence for each field that is wrong.
        would_pass: what to do so that the same call passes.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    clause: str = ""
    fields: dict[str, str] = {}
    would_pass: str = ""


class DocumentedAPI(NinjaAPI):
    """Declares the refusals of every operation, so that no router has to."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        document = super().get_openapi_schema(**options)
        _, shapes = models_json_schema(
            [(Problem, "serialization")], ref_template="#/components/schemas/{model}"
        )
        known = document["components"]["schemas"]
        known["Problem"] = shapes["$defs"]["Problem"]
        known.pop("ProblemOut", None)  # what routers declare on their own is the same shape
        for path in document["paths"].values():
            for method, operation in path.items():
                _declare(operation, method)
        return document


def _declare(operation: dict[str, Any], method: str) -> None:
    public = not operation.get("security")
    codes = [code for code in READS if not (public and code in ("401", "403"))]
    codes += WRITES if method != "get" else ()
    kept = {str(code): found for code, found in operation["responses"].items() if str(code)[0] in SUCCESS}
    operation["responses"] = kept | {code: _refusal(code) for code in sorted(codes)}
    if method != "get":
        operation.setdefault("parameters", []).append(IDEMPOTENCY)


def _refusal(code: str) -> dict[str, Any]:
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": SAID[code], "content": content}


IDEMPOTENCY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "同一个键和同样的内容，24小时内得到同样的答复；内容不同则拒绝（409）",
    "schema": {"type": "string", "maxLength": 100, "pattern": "^[ -~]*$"},
}
