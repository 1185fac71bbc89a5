"""Which column is what: headers as different offices write them, in Chinese and English."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

SYNONYMS: dict[str, tuple[str, ...]] = {
    "code": (
        "item_code",
        "code",
        "实施编码",
        "事项编码",
        "事项代码",
        "实施清单编码",
        "办理项编码",
        "task_code",
        "事项实施编码",
    ),
    "base_code": (
        "base_code",
        "catalog_code",
        "catalogue_code",
        "基本编码",
        "基本目录编码",
        "目录编码",
        "catalog",
    ),
    "slug": ("slug", "简称"),
    "name": (
        "name",
        "事项名称",
        "办理项名称",
        "业务办理项名称",
        "实施清单名称",
        "cataname",
        "item_name",
        "名称",
        "子项名称",
    ),
    "main_item": ("main_item", "主项名称", "目录名称", "主项"),
    "type": ("type", "item_type", "item_type_guess", "事项类型", "权力类型", "类型"),
    "type_code": ("task_type_code", "type_code", "task_type", "事项类型代码", "类型代码"),
    "department": (
        "department",
        "organisation_name",
        "实施主体",
        "实施机关",
        "部门",
        "实施部门",
        "实施主体名称",
        "dept_name",
        "主管部门",
    ),
    "organisation": ("organisation", "organization", "org_code", "部门代码"),
    "uscc": (
        "dept_uscc",
        "uscc",
        "code_uscc",
        "统一社会信用代码",
        "实施主体统一社会信用代码",
        "tongyi_code",
        "实施主体编码",
    ),
    "area": ("area_code", "division", "division_code", "行政区划代码", "区划代码", "所属区划"),
    "level": ("level", "use_level", "行使层级", "层级"),
    "legal_limit": ("legal_limit", "法定办结时限", "法定时限", "anticipate_day", "法定期限"),
    "legal_unit": ("legal_unit", "法定办结时限单位", "法定时限单位"),
    "promised_limit": ("promised_limit", "承诺办结时限", "承诺时限", "promise_day", "承诺期限"),
    "promised_unit": ("promised_unit", "promise_type", "承诺办结时限单位", "承诺时限单位"),
    "visits": ("visits", "到办事现场次数", "到现场次数", "跑动次数"),
    "visit_reason": ("visit_reason", "必须现场办理的原因", "必须到现场的原因"),
    "channels": ("channels", "办理形式", "handle_type", "办理方式"),
    "audience": ("audience", "服务对象", "serve_type", "办理对象"),
    "materials": ("materials", "申请材料", "材料", "材料清单"),
    "basis": ("legal_basis", "basis", "设定依据", "法律依据", "law", "依据"),
    "conditions": ("conditions", "受理条件", "accept_condition", "办理条件"),
    "fee": ("fee", "收费", "is_fee", "是否收费", "收费标准"),
    "consult_phone": ("consult_phone", "咨询电话", "link_tel", "联系电话"),
    "complaint_phone": ("complaint_phone", "投诉电话", "监督电话", "tstel", "监督投诉电话"),
    "summary": ("summary", "事项简介", "简介", "说明"),
    "aliases": ("aliases", "别名", "常用叫法"),
    "scope": ("scope", "通办范围", "scopes"),
    "result": ("result", "审批结果", "结果名称", "办理结果", "result_name"),
    "online_depth": ("online_depth", "网办深度", "wbsd_level"),
    "content": ("content", "内容"),
}


def _folded(header: str) -> str:
    return re.sub(r"[\s_\-（）()*：:·]", "", header).lower()


_FIELD_OF = {_folded(word): field for field, words in SYNONYMS.items() for word in words}
KNOWN = frozenset(SYNONYMS)


def mapping_of(headers: Iterable[str]) -> dict[str, str]:
    """Field to the header that holds it; of several candidates the one that stands first in the synonyms."""
    present = list(headers)
    found: dict[str, str] = {}
    for field, words in SYNONYMS.items():
        folded = {_folded(header): header for header in reversed(present)}
        candidates = [folded[_folded(word)] for word in words if _folded(word) in folded]
        if candidates:
            found[field] = candidates[0]
    return found


def unmapped(headers: Iterable[str]) -> list[str]:
    """Headers that no field takes; told once, never silently dropped."""
    return [header for header in headers if header and _folded(header) not in _FIELD_OF]


def fields_of(row: Mapping[str, Any], mapping: Mapping[str, str]) -> dict[str, Any]:
    """A row by field names."""
    return {field: row.get(header, "") for field, header in mapping.items()}
