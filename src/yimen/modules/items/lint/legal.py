"""Rules of law and of consistency: what would make a standard unlawful or impossible to run."""

import re
from collections import Counter
from collections.abc import Iterable

from yimen.kernel.expressions import Kind, check
from yimen.modules.forms.api import ELEMENTS
from yimen.modules.items.content import ItemType, StandardContent
from yimen.modules.items.lint.findings import Context, Found, Rule, Severity

_CATCH_ALL = re.compile(
    r"其[他它]\s*(相关|有关|必要|需要|应当|应|要求)?[^，。；（(]{0,12}(材料|资料|文件|证明)|"
    r"(有关|相关|必要)的?(材料|资料|文件|证明材料)|等\s*(相关|有关)?\s*(材料|资料|文件|证明)?\s*$|"
    r"等(相关|有关)?(材料|资料|文件)|(要求|规定|需要)(提交|提供|补充)的(其他|其它|材料|资料|文件)|视(具体)?情况(提交|提供)"
)
OBTAINABLE = {
    "居民身份证": "居民身份证电子证照",
    "身份证复印件": "居民身份证电子证照",
    "身份证原件": "居民身份证电子证照",
    "户口簿": "户籍信息共享核验",
    "户口本": "户籍信息共享核验",
    "营业执照": "营业执照电子证照",
    "结婚证": "婚姻登记信息共享核验",
    "离婚证": "婚姻登记信息共享核验",
    "婚姻状况证明": "婚姻登记信息共享核验",
    "不动产权证": "不动产权电子证照",
    "房产证": "不动产权电子证照",
    "社会保险参保证明": "社会保险参保信息共享核验",
    "社保缴费证明": "社会保险参保信息共享核验",
    "残疾人证": "残疾人证电子证照",
    "驾驶证": "驾驶证电子证照",
    "行驶证": "行驶证电子证照",
    "出生医学证明": "出生医学证明电子证照",
    "纳税证明": "纳税信息共享核验",
    "学历证书": "学历信息共享核验",
    "死亡证明": "死亡信息共享核验",
}
FACTS: dict[str, Kind] = {
    "applicant_kind": Kind("any"),
    "channel": Kind("choice", ("window", "online", "mobile", "kiosk", "courier")),
    "today": Kind("date"),
    "material": Kind("any"),
}
"""Facts that pages pass beside the form's own elements and the answers to situations."""
_NUMBERS = {"number": "number", "money": "number", "integer": "number"}


def no_catch_all(content: StandardContent, _: Context) -> Found:
    for i, material in enumerate(content.materials):
        if _CATCH_ALL.search(material.name):
            yield (
                f"materials.{i}.name",
                f"“{material.name}”是兜底条款，请写明具体是哪一份材料，写不出的删去。",
            )
    for i, condition in enumerate(content.conditions):
        if re.search(r"(其[他它]|法律法规规定的其[他它])(有关|相关)?条件", condition.text):
            yield f"conditions.{i}.text", "受理条件里有“其他条件”这样的兜底条款，请逐条写明。"


def fee_has_basis(content: StandardContent, _: Context) -> Found:
    for i, fee in enumerate(content.fees):
        if not fee.basis.strip():
            yield (
                f"fees.{i}.basis",
                f"收费“{fee.name}”没有依据，没有法律、行政法规依据的不得收费，请补上依据或者删去。",
            )


def permit_has_clause(content: StandardContent, _: Context) -> Found:
    if content.type is ItemType.PERMIT and not any(
        b.kind == "setting" and b.law.strip() for b in content.basis
    ):
        yield "basis", "行政许可必须有设定依据，请写明法律、行政法规或者国务院决定的名称和条款。"


def basis_names_article(content: StandardContent, _: Context) -> Found:
    if content.type is not ItemType.PERMIT and not content.basis:
        yield "basis", "没有设定依据，请写明依据的法律、法规、规章或者文件。"
    for i, basis in enumerate(content.basis):
        if not basis.article.strip() and re.search(r"法$|条例$|办法$|规定$", basis.law.strip("《》")):
            yield f"basis.{i}.article", f"《{basis.law.strip('《》')}》没有写明第几条，请补充。"


def shared_data_first(content: StandardContent, _: Context) -> Found:
    for i, material in enumerate(content.materials):
        if any(source.kind in ("licence", "shared_data") for source in material.sources):
            continue
        for word, instead in OBTAINABLE.items():
            if word in material.name:
                yield (
                    f"materials.{i}.sources",
                    f"“{material.name}”可以通过{instead}取得，不应再要求提交，请添加免提交途径。",
                )
                break


def official_material_has_issuer(content: StandardContent, _: Context) -> Found:
    for i, material in enumerate(content.materials):
        if material.trust in ("A", "B") and not material.issuer.strip():
            yield f"materials.{i}.issuer", f"“{material.name}”由部门制发，请写明出具单位。"


def says_who_may(content: StandardContent, _: Context) -> Found:
    if not content.conditions:
        yield "conditions", "没有受理条件，请写明什么样的人、什么情况可以办。"


def inspection_needs_two(content: StandardContent, _: Context) -> Found:
    for i, step in enumerate(content.steps):
        if (
            content.type is ItemType.PERMIT
            and step.officers < 2
            and re.search(r"现场|勘验|实地|踏勘", step.name)
        ):
            yield (
                f"steps.{i}.officers",
                f"“{step.name}”对实质内容进行核实，应当指派两名以上工作人员，请把人数改为2。",
            )


def codes_once(content: StandardContent, _: Context) -> Found:
    groups: tuple[tuple[str, Iterable[str]], ...] = (
        ("materials", (m.code for m in content.materials)),
        ("steps", (s.code for s in content.steps)),
        ("situations", (s.code for s in content.situations)),
    )
    for part, codes in groups:
        counted: Counter[str] = Counter()
        for i, code in enumerate(codes):
            counted[code] += 1
            if counted[code] > 1:
                yield f"{part}.{i}.code", f"代码“{code}”重复，同一事项内每个代码只能用一次。"


def steps_connect(content: StandardContent, _: Context) -> Found:
    earlier: set[str] = {"start"}
    for i, step in enumerate(content.steps):
        for before in step.after:
            if before not in earlier:
                yield (
                    f"steps.{i}.after",
                    f"“{step.name}”的前置环节“{before}”不存在或者排在它后面，请改为前面的环节代码。",
                )
        earlier.add(step.code)


def posts_known(content: StandardContent, context: Context) -> Found:
    for i, step in enumerate(content.steps):
        if step.post not in context.posts:
            known = "、".join(sorted(context.posts))
            yield f"steps.{i}.post", f"“{step.name}”的岗位“{step.post}”不存在，请从这些岗位中选择：{known}。"


def promise_names_materials(content: StandardContent, _: Context) -> Found:
    if content.promise is None:
        return
    codes = {m.code for m in content.materials}
    for i, code in enumerate(content.promise.materials):
        if code not in codes:
            yield f"promise.materials.{i}", f"告知承诺要替代的材料“{code}”不在申请材料中，请核对材料代码。"


def tolerance_has_minor(content: StandardContent, _: Context) -> Found:
    if content.tolerance is not None and content.materials and all(m.main for m in content.materials):
        yield (
            "tolerance",
            "开通了容缺受理，但全部是主要材料，没有可以后补的，请标明次要材料，或者取消容缺受理。",
        )


def known_names(content: StandardContent) -> dict[str, Kind]:
    """The names a rule of this standard may use: what the form asks, the answers to situations, and facts."""
    names = dict(FACTS)
    for field in content.form.fields():
        element = content.form.element(field.element)
        if element is None:
            continue
        names[field.element] = _kind(element.type, tuple(c.code for c in element.choices))
    names |= {s.code: Kind("choice", tuple(s.options)) for s in content.situations}
    return names


def _kind(element_type: str, choices: tuple[str, ...]) -> Kind:
    if element_type in _NUMBERS:
        return Kind("number")
    if element_type == "choice":
        return Kind("choice", choices)
    if element_type == "multi_choice":
        return Kind("many", choices)
    if element_type in ("date", "boolean"):
        return Kind("date" if element_type == "date" else "boolean")
    return Kind("any") if element_type == "table" else Kind("text")


def _rules_of(content: StandardContent) -> Iterable[tuple[str, str]]:
    for i, condition in enumerate(content.conditions):
        yield f"conditions.{i}.rule", condition.rule
    for i, material in enumerate(content.materials):
        yield f"materials.{i}.required_when", material.required_when
    for i, step in enumerate(content.steps):
        yield f"steps.{i}.when", step.when
    for i, section in enumerate(content.form.sections):
        yield f"form.sections.{i}.when", section.when
        for j, field in enumerate(section.fields):
            yield f"form.sections.{i}.fields.{j}.when", field.when
            yield f"form.sections.{i}.fields.{j}.required_when", field.required_when


def rules_hold_water(content: StandardContent, _: Context) -> Found:
    names = known_names(content)
    for where, text in _rules_of(content):
        for problem in check(text, names) if text.strip() else ():
            element = ELEMENTS.get(_quoted(problem.sentence)) if problem.code == "unknown_name" else None
            if element is not None:
                yield (
                    where,
                    f"规则用到“{element.name}”（{element.code}），但申请表没有问这一项，请加入申请表或者改写规则。",
                )
            else:
                yield where, f"规则“{text}”有误：{problem.sentence}"


def _quoted(sentence: str) -> str:
    found = re.search(r"“([^”]+)”", sentence)
    return found.group(1) if found else ""


def failing_rule_is_told(content: StandardContent, _: Context) -> Found:
    for i, condition in enumerate(content.conditions):
        if condition.rule.strip() and not condition.failing.strip():
            yield f"conditions.{i}.failing", "这一条由系统自动判断，请写明不满足时告诉办事人什么、怎样才行。"


def situation_used(content: StandardContent, _: Context) -> Found:
    text = " ".join(rule for _, rule in _rules_of(content))
    for i, situation in enumerate(content.situations):
        if not re.search(rf"\b{re.escape(situation.code)}\b", text):
            yield (
                f"situations.{i}.code",
                f"情形“{situation.question}”没有任何材料或者规则用到，问了没有用处，请用上或者删去。",
            )


E, W = Severity.ERROR, Severity.WARNING
BUSINESS = "广东省优化营商环境条例第二十九条"
INNER = "标准内部一致性"
LEGAL: tuple[Rule, ...] = (
    Rule(code="catch_all", title="没有兜底材料", clause=BUSINESS, severity=E, check=no_catch_all),
    Rule(
        code="fee_basis", title="收费有依据", clause="行政许可法第五十八条", severity=E, check=fee_has_basis
    ),
    Rule(
        code="permit_basis",
        title="许可有设定依据",
        clause="行政许可法第十四条至第十七条",
        severity=E,
        check=permit_has_clause,
    ),
    Rule(
        code="basis_article",
        title="依据写明条款",
        clause="GB/T 39046-2020",
        severity=W,
        check=basis_names_article,
    ),
    Rule(
        code="shared_data",
        title="能共享的不要求提交",
        clause=f"国务院令第716号第七条；{BUSINESS}",
        severity=W,
        check=shared_data_first,
    ),
    Rule(
        code="issuer",
        title="部门制发的写明出具单位",
        clause="GB/T 39046-2020",
        severity=W,
        check=official_material_has_issuer,
    ),
    Rule(
        code="conditions", title="写明受理条件", clause="行政许可法第三十条", severity=W, check=says_who_may
    ),
    Rule(
        code="two_officers",
        title="实质核查两人以上",
        clause="行政许可法第三十四条",
        severity=E,
        check=inspection_needs_two,
    ),
    Rule(code="codes_once", title="代码不重复", clause=INNER, severity=E, check=codes_once),
    Rule(code="steps_connect", title="环节前后相接", clause=INNER, severity=E, check=steps_connect),
    Rule(code="posts", title="岗位存在", clause=INNER, severity=E, check=posts_known),
    Rule(
        code="promise_materials",
        title="承诺替代的材料存在",
        clause="国办发〔2020〕42号",
        severity=E,
        check=promise_names_materials,
    ),
    Rule(
        code="tolerance_minor",
        title="容缺有次要材料",
        clause="广东省优化营商环境条例第三十二条",
        severity=W,
        check=tolerance_has_minor,
    ),
    Rule(code="expressions", title="规则能够运行", clause=INNER, severity=E, check=rules_hold_water),
    Rule(
        code="failing",
        title="不满足时有说明",
        clause="行政许可法第三十二条",
        severity=W,
        check=failing_rule_is_told,
    ),
    Rule(
        code="situation_used",
        title="情形都有用处",
        clause="行政许可法第二十九条",
        severity=W,
        check=situation_used,
    ),
)
