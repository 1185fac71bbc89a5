"""The Chinese words of parts and fields of a standard, and of what pydantic finds wrong with them (pure)."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol

UNIT_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "working_day": "个工作日",
        "calendar_day": "个自然日",
        "month": "个月",
        "year": "年",
        "working_hour": "个工作小时",
        "hour": "小时",
    }
)
AUDIENCE_WORDS = {
    "person": "自然人",
    "enterprise": "企业",
    "institution": "事业单位",
    "social_organisation": "社会组织",
    "government": "行政机关",
    "other": "其他组织",
}
CHANNEL_WORDS = {
    "window": "窗口办理",
    "online": "网上办理",
    "mobile": "手机办理",
    "kiosk": "自助终端",
    "courier": "快递申请",
}
LEVEL_WORDS = {
    "state": "国家级",
    "province": "省级",
    "city": "市级",
    "county": "县级",
    "town": "镇（街道）级",
    "village": "村（社区）级",
}
DELIVERY_WORDS = {"window": "窗口领取", "courier": "快递送达", "electronic": "电子送达"}
DEPTH_WORDS = {"I": "网上查询", "II": "网上预审", "III": "网上受理", "IV": "全程网办"}
BASIS_WORDS = {
    "setting": "设定依据",
    "procedure": "程序依据",
    "limit": "时限依据",
    "fee": "收费依据",
    "material": "材料依据",
}
MATERIAL_KIND_WORDS = {"certificate": "证照批文", "form": "申请表格文书", "other": "其他"}
TRUST_WORDS = {
    "A": "A 部门制发，直接使用",
    "B": "B 窗口核验过，可复用",
    "C": "C 自行上传，核对原件",
    "D": "D 自行制作并承诺",
}
MEDIUM_WORDS = {"paper": "纸质", "electronic": "电子", "either": "纸质或电子"}
SOURCE_WORDS = {
    "licence": "电子证照",
    "shared_data": "数据共享核验",
    "promise": "告知承诺",
    "output_of": "其他事项的办理结果",
}
RESULT_WORDS = {"licence": "证照", "approval": "批文", "proof": "证明", "report": "报告", "service": "服务"}
PROCEDURE_WORDS = {
    "hearing": "听证",
    "tender": "招标",
    "auction": "拍卖",
    "inspection": "检验",
    "testing": "检测",
    "quarantine": "检疫",
    "appraisal": "鉴定",
    "expert_review": "专家评审",
    "public_notice": "公示",
    "site_visit": "现场勘验",
    "other": "其他",
}

FIELD_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "name": "名称",
        "summary": "一句话说明",
        "aliases": "常用叫法",
        "type": "事项类型",
        "audience": "服务对象",
        "themes": "主题",
        "level": "行使层级",
        "authority": "权限划分与行使内容",
        "undertaking_office": "承办机构",
        "joint_organisations": "共同实施部门",
        "basis": "依据",
        "law": "法律法规名称",
        "article": "条款",
        "text": "内容",
        "kind": "种类",
        "conditions": "受理条件",
        "rule": "规则",
        "failing": "不满足时的说明",
        "situations": "情形",
        "question": "问题",
        "options": "选项",
        "answer": "回答",
        "materials": "申请材料",
        "code": "代码",
        "trust": "可信等级",
        "originals": "原件份数",
        "copies": "复印件份数",
        "medium": "介质",
        "main": "主要材料",
        "issuer": "出具单位",
        "required_when": "何时需要",
        "sources": "免提交途径",
        "notes": "填报须知",
        "blank_form": "空白表格",
        "sample": "样本",
        "accept": "接收的文件格式",
        "form": "申请表",
        "instant": "即办件",
        "legal_limit": "法定办结时限",
        "promised_limit": "承诺办结时限",
        "amount": "数量",
        "unit": "单位",
        "note": "说明",
        "clause": "条款依据",
        "special_procedures": "特别程序",
        "limit": "时限",
        "excluded": "不计入时限",
        "steps": "审查环节",
        "post": "岗位",
        "after": "前置环节",
        "when": "适用条件",
        "officers": "办理人数",
        "joint": "征求意见",
        "points": "审查要点",
        "organisations": "部门",
        "silence_days": "答复期限",
        "silence_means": "逾期未答复视为",
        "fees": "收费",
        "waiver": "减免",
        "online_payment": "网上支付",
        "results": "办理结果",
        "licence_type": "证照类型",
        "validity": "有效期",
        "channels": "办理形式",
        "online_depth": "网办深度",
        "visits": "到现场次数",
        "visit_reason": "必须到现场的原因",
        "scope": "通办范围",
        "quantity_limit": "数量限制",
        "intermediary": "中介服务",
        "delivery": "送达方式",
        "tolerance": "容缺受理",
        "days": "补交期限",
        "when_late": "逾期后果",
        "promise": "告知承诺",
        "check_days": "核查期限",
        "places": "办理地点",
        "address": "地址",
        "window": "窗口",
        "hours": "办公时间",
        "phone": "电话",
        "consult_phone": "咨询电话",
        "complaint_phone": "投诉电话",
        "consult_address": "咨询地址",
        "complaint_address": "投诉地址",
        "remedies": "救济途径",
        "faq": "常见问题",
        "valid_until": "有效期至",
        "title": "标题",
        "sections": "分组",
        "fields": "填写项",
        "elements": "自定义数据元",
    }
)

MESSAGES = {
    "missing": "必须填写。",
    "string_too_short": "至少填写 {min_length} 个字。",
    "string_too_long": "最多填写 {max_length} 个字，请精简。",
    "string_type": "应当是文字。",
    "string_pattern_mismatch": "只能用规定的字符，请参照旁边的示例填写。",
    "int_parsing": "应当是整数，例如 20。",
    "int_type": "应当是整数，例如 20。",
    "int_from_float": "应当是整数，例如 20。",
    "decimal_parsing": "应当是金额，例如 100.00。",
    "decimal_max_places": "金额最多两位小数。",
    "decimal_max_digits": "金额过大，请核对。",
    "greater_than_equal": "不能小于 {ge}。",
    "less_than_equal": "不能大于 {le}。",
    "too_short": "至少填写 {min_length} 项。",
    "too_long": "最多填写 {max_length} 项。",
    "enum": "应当是这些之一：{expected}。",
    "literal_error": "应当是这些之一：{expected}。",
    "bool_parsing": "应当是“是”或“否”。",
    "bool_type": "应当是“是”或“否”。",
    "date_from_datetime_parsing": "应当是日期，例如 2026-12-31。",
    "date_parsing": "应当是日期，例如 2026-12-31。",
    "extra_forbidden": "没有这个字段，请删除，或核对字段名。",
    "tuple_type": "应当是一个列表。",
    "model_type": "应当是一组字段。",
    "model_attributes_type": "应当是一组字段。",
    "dict_type": "应当是一组字段。",
}


class ValidationReport(Protocol):
    """What pydantic's ValidationError offers here."""

    def errors(self) -> Sequence[Any]: ...


def sentences(error: ValidationReport) -> dict[str, str]:
    """Path (``materials.0.name``) to one Chinese sentence, in the order found."""
    found: dict[str, str] = {}
    for row in error.errors():
        path = ".".join(str(part) for part in row["loc"])
        found.setdefault(path, sentence(row))
    return found


def sentence(row: Mapping[str, Any]) -> str:
    """One of pydantic's findings in Chinese."""
    if row["type"] == "value_error":
        return str(row.get("ctx", {}).get("error", row["msg"]))
    pattern = MESSAGES.get(row["type"])
    if pattern is None:
        return "填写的内容不符合要求，请核对。"
    return pattern.format_map(_Kept(row.get("ctx") or {}))


class _Kept(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def place_words(path: str) -> str:
    """``materials.0.name`` → 申请材料第1项的名称."""
    words = ""
    for part in path.split("."):
        if part.isdigit():
            words += f"第{int(part) + 1}项"
        elif part:
            words += ("的" if words.endswith("项") else "") + FIELD_WORDS.get(part, part)
    return words


def limit_words(amount: int, unit: str) -> str:
    """20, working_day → 20个工作日; nought → 即办（当场办结）."""
    return f"{amount}{UNIT_WORDS.get(unit, unit)}" if amount else "当场办结"
