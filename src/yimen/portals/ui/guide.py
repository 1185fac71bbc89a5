"""Example data of the style guide: invented people and cases in the shapes that real pages have."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from yimen.kernel.clock import CHINA
from yimen.kernel.paging import Page
from yimen.portals.ui.wording import STATES

ICONS = Path(__file__).resolve().parent / "static" / "ui" / "icons"
COLOURS = (
    ("page", "页面"),
    ("surface", "纸面"),
    ("surface-sunk", "下沉"),
    ("ink", "正文"),
    ("ink-2", "次要"),
    ("ink-3", "说明"),
    ("line", "分隔线"),
    ("line-strong", "控件边"),
    ("action", "深蓝，行动"),
    ("action-soft", "深蓝底"),
    ("seal", "朱红，逾期"),
    ("seal-soft", "朱红底"),
    ("soon", "琥珀，将到期"),
    ("soon-soft", "琥珀底"),
    ("done", "绿，办结"),
    ("done-soft", "绿底"),
)


USES = {
    "text": """{{ case.decided_on|day }}  {{ event.at|moment }}  {{ due_on|short_day }}  {{ standard.promised|limit }}
{{ fee|money }}  {{ name|masked_name }}  {{ number|masked_id }}  {{ phone|masked_phone }}  {{ count|number }}""",
    "button": """<c-button variant="primary" shortcut="Ctrl+Enter">提交申请</c-button>          variant: primary secondary danger quiet
<c-button href="/cases/" icon="printer" size="small">打印</c-button>          size: small large; command="…" 进命令面板""",
    "form": """<c-error-summary :errors="errors" />                              errors: {字段: 一句话}，链接到 #f-字段
<form method="post" data-autosave="{% url '…' %}" data-guard>          自动保存；离开前提醒
<c-input name="phone" label="手机号" hint="…" error="{{ errors.phone }}" value="{{ form.phone }}" required="true" unit="元" width="short|medium|id" />
<c-textarea …/> <c-date …/> <c-select :options="towns" empty="请选择" …/> <c-radios :options="options" …/> <c-checkboxes :value="held" …/>
<c-check name="consent" label="…" checked="true" />
<c-file-upload name="plan" label="…" url="{% url '…' %}" accept=".pdf,.jpg" multiple="true" />    url 返回 {digest, name, size}
<div data-when='{"field": "who", "equals": "agent"}'> … </div>          也可用 in、any、all、not
<p class="saved-line" data-saved-line></p>                              “已保存 14:30” 出现的地方
<c-field name="x" label="…"> 自己的控件，id 为 f-x </c-field>""",
    "notice": """<c-notice kind="info|success|warn|error" title="…" live="true"><p>…</p></c-notice>""",
    "state": """{% state_badge case.state %}  {% state_badge case.state "自己的话" %}  <c-badge tone="calm|info|soon|done|late" icon="lock">…</c-badge>
<c-clock :days="left" :total="20" due="{{ due_on|iso }}" state="running" compact="true" />   days 为负即逾期""",
    "list": """<c-tabs label="…"><c-tab href="{% query state='accepted' %}" current="{{ here }}" :count="n" shortcut="1">待办</c-tab></c-tabs>
<c-table caption="…" dense="true" sticky="true" stack="true" data-rows>thead 与 tbody；stack 时 td 写 data-label</c-table>
<c-pager :page="page" />  <c-empty title="…" icon="inbox">怎样开始</c-empty>""",
    "filter": """<c-filter-bar>控件</c-filter-bar>   <div class="stats"><c-stat label="已逾期" :value="2" unit="件" tone="late" href="…" /></div>""",
    "progress": """<c-steps :steps="steps" />   <c-plan :picture="…" />  [{label, state: done|current|todo, note}]
<c-timeline :events="events" />  [{at, title, who, clause, tone, note}]，或在里面写 <c-event at="…" title="…">…</c-event>""",
    "card": """<c-card title="…" term="正式名称" href="…" level="3" quiet="true"> … <c-slot name="actions">…</c-slot><c-slot name="footer">…</c-slot></c-card>
<c-fact-list columns="2" dense="true"><c-fact label="…" wide="true">…</c-fact></c-fact-list>
<c-person-line name="…" id_number="…" phone="…" kind="person|entity" masked="true" />  <c-file-line name="…" href="…" size="…" state="provided">动作</c-file-line>""",
    "open": """<c-details summary="…" hint="3 种">…</c-details>
<c-button type="button" data-dialog-open="d1">…</c-button> <c-dialog id="d1" title="…">…<c-slot name="actions">…</c-slot></c-dialog>
<c-search-box action="…" suggest="{% url '…' %}" large="true" heading="true" label="您要办什么事？" placeholder="…" />   heading 让问题成为本页的 h1
<c-toolbar label="…">…<c-slot name="end">…</c-slot></c-toolbar>
<c-page-head title="…" term="…" lead="…"><c-slot name="actions">…</c-slot></c-page-head>  <c-breadcrumbs><c-crumb href="/">首页</c-crumb></c-breadcrumbs>""",
    "wait": """<c-progress :value="62" :max="100" label="…" note="…" />  不给 value 即不定长   <c-skeleton rows="3" kind="lines|table|cards" />""",
}


def _rows(start: datetime) -> list[dict[str, Any]]:
    said = (
        ("食品经营许可（新办）", "顺和餐饮管理有限公司", 12, 20, "in_review"),
        ("个体工商户设立登记", "林晓燕", 1, 3, "accepted"),
        (
            "建筑工程施工许可证核发（含危险性较大的分部分项工程安全施工措施备案）",
            "广州市南粤城乡建设发展集团股份有限公司第三分公司",
            -2,
            7,
            "in_review",
        ),
        ("居住证签注", "欧阳志强", 0, 1, "submitted"),
        ("高龄老人生活津贴申领", "陈桂芳", 9, 15, "correction_requested"),
        ("户外广告设施设置许可", "云帆广告有限公司", 6, 10, "granted"),
    )
    return [
        {
            "number": f"440199-20261121-{n:05d}",
            "item": item,
            "applicant": applicant,
            "left": left,
            "total": total,
            "state": state,
            "due_on": (start + timedelta(days=left)).date(),
            "at": start - timedelta(hours=n * 7),
            "late": left < 0,
        }
        for n, (item, applicant, left, total, state) in enumerate(said, 1)
    ]


def _picture() -> dict[str, Any]:
    """A plan of three items: one beside another, the third after the first."""
    rows = (
        ("营业执照信息核验", "市场监管局", 0, 1, (), True, False),
        ("户外招牌设施设置规范管理", "城管局", 0, 3, (), False, True),
        ("食品经营许可新办", "市场监管局", 1, 8, ("营业执照信息核验",), True, False),
    )
    return {
        "days": 8,
        "ticks": [(0, 0.0), (2, 25.0), (4, 50.0), (6, 75.0), (8, 100.0)],
        "rows": [
            {
                "name": name, "organisation": who, "starts": starts, "ends": ends, "left": 100 * starts / 8,
                "width": 100 * (ends - starts) / 8, "waits_for": waits, "critical": critical, "undecided": undecided,
                "on_the_spot": starts == ends,
            }
            for name, who, starts, ends, waits, critical, undecided in rows
        ],
    }  # fmt: skip


def example_data() -> dict[str, Any]:
    """Everything the style guide shows."""
    start = datetime(2026, 11, 20, 14, 30, tzinfo=CHINA)
    return {
        "start": start,
        "uses": USES,
        "rows": _rows(start),
        "states": list(STATES),
        "page": Page(count=9866, results=(), number=7, size=20),
        "one_page": Page(count=6, results=(), number=1, size=20),
        "colours": COLOURS,
        "icons": sorted(file.stem for file in ICONS.glob("*.svg")),
        "options": [
            {"value": "self", "label": "本人办理", "hint": "用本人的居民身份证办理"},
            {"value": "agent", "label": "委托他人办理", "hint": "受托人带委托书和双方身份证"},
            {"value": "guardian", "label": "监护人代办"},
        ],
        "towns": ["请选择", "桥南街道", "沙头街道", "石碁镇", "化龙镇"],
        "errors": {
            "phone": "手机号少了一位：应为 11 位数字，例如 13800138000",
            "start_on": "开始日期不能晚于结束日期，请选 2026年11月30日以前的日期",
        },
        "picture": _picture(),
        "steps": [
            {"label": "提交申请", "state": "done", "note": "11月18日"},
            {"label": "受理", "state": "done", "note": "11月19日"},
            {"label": "审查", "state": "current", "note": "市场监管局"},
            {"label": "决定", "state": "todo", "note": ""},
            {"label": "领取结果", "state": "todo", "note": ""},
        ],
        "events": [
            {
                "at": start,
                "title": "审查中",
                "who": "市场监管局审批科，赵敏",
                "tone": "current",
                "clause": "",
                "note": "",
            },
            {
                "at": start - timedelta(days=1),
                "title": "已受理",
                "who": "区政务服务中心 12 号窗口，陈立",
                "tone": "done",
                "clause": "行政许可法第三十二条",
                "note": "材料齐全，符合法定形式。承诺 20 个工作日内办结。",
            },
            {
                "at": start - timedelta(days=2),
                "title": "补正材料",
                "who": "区政务服务中心",
                "tone": "soon",
                "clause": "行政许可法第三十二条第一款第四项",
                "note": "经营场所平面图缺少比例尺，请补充后重新上传。",
            },
            {
                "at": start - timedelta(days=3),
                "title": "提交申请",
                "who": "林晓燕（网上）",
                "tone": "done",
                "clause": "",
                "note": "",
            },
        ],
    }
