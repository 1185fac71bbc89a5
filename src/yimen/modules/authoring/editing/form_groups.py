"""The application form: its title, its sections, its fields, and elements that only this form knows."""

from yimen.modules.authoring.editing.fields import Group, Options
from yimen.modules.authoring.editing.fields import Spec as S

ELEMENT_TYPES: Options = (
    ("text", "一行文字"),
    ("long_text", "多行文字"),
    ("number", "数（可以有小数）"),
    ("integer", "整数"),
    ("money", "金额（元）"),
    ("date", "日期"),
    ("boolean", "是或否"),
    ("choice", "选一个"),
    ("multi_choice", "选几个"),
    ("phone", "电话号码"),
    ("email", "电子邮箱"),
    ("id_number", "身份证号码"),
    ("uscc", "统一社会信用代码"),
    ("address", "地址"),
    ("division", "行政区划"),
)
SENSITIVITY: Options = (("none", "不是个人信息"), ("personal", "个人信息"), ("sensitive", "敏感个人信息"))
FORM_GROUPS: tuple[Group, ...] = (
    Group("form_head", "申请表的名称", (S("form.title", "名称", hint="例如：食品经营许可申请表"),)),
    Group(
        "form_sections",
        "申请表的分组",
        (
            S("title", "分组", required=True, hint="与下面填写项里写的分组相同。"),
            S("hint", "分组的说明"),
            S("when", "何时显示", hint="空着表示都显示；否则写规则。"),
        ),
        True,
        "个分组",
    ),
    Group(
        "form_fields",
        "申请表",
        (
            S("section", "分组", required=True),
            S(
                "element",
                "填写项",
                "element",
                required=True,
            ),
            S("label", "换个说法"),
            S("required", "必填", "flag"),
            S("required_when", "何时必填", hint="不是一直必填的，写规则。"),
            S("when", "何时显示", hint="空着表示都显示；否则写规则。"),
            S("hint", "填写提示"),
            S("default_from", "从哪里预填", hint="空着按数据元自己的来源。例如：person.name"),
        ),
        True,
        "个填写项",
    ),
    Group(
        "form_elements",
        "只有这张表才有的填写项",
        (
            S("code", "代码", hint="以 x_ 开头，例如 x_seat_count", required=True),
            S("name", "名称", required=True),
            S("type", "怎么填", "choice", ELEMENT_TYPES, required=True),
            S("choices", "选项", "choices", hint="选一个、选几个才要；每行一个：代码 名称。"),
            S("length", "最多几个字", "int"),
            S("unit", "单位"),
            S("sensitive", "个人信息", "choice", SENSITIVITY),
            S("hint", "填写提示"),
            S("example", "举例"),
        ),
        True,
        "个填写项",
    ),
)
