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


def example_data() -> dict[str, Any]:
    """Everything the style guide shows."""
    start = datetime(2026, 11, 20, 14, 30, tzinfo=CHINA)
    return {
        "start": start,
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
            "start_on": "开始日期不能晚于结束日期，请选 2026年11月30日 以前的日期",
        },
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
