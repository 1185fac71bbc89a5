"""Documents that follow from the form: application, articles of association or partnership agreement, appointments, premises.

Each is a plain value that Word and PDF are made from; the same form gives the same document. Clauses are those every company
must have (公司法第四十六条) and every partnership (合伙企业法第十八条); founders may go on writing in the Word file.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from yimen.modules.registration.rules.facts import SetUp
from yimen.modules.registration.states import REPRESENTATIVE
from yimen.modules.registration.states import EntityKind as K


@dataclass(frozen=True, kw_only=True)
class Deed:
    """One document: title, facts on top, one table, headed articles, who signs."""

    code: str
    title: str
    paragraphs: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    articles: tuple[tuple[str, tuple[str, ...]], ...] = field(default=())
    signatures: tuple[str, ...] = ()


def yuan(amount: Decimal | None) -> str:
    """1000000.00 → 100万元; other amounts in yuan."""
    if amount is None:
        return ""
    if amount and amount % 10_000 == 0:
        return f"{amount / 10_000:,.0f}万元"
    return f"{amount:,.2f}元".replace(".00元", "元")


def _investors(wanted: SetUp) -> tuple[tuple[str, ...], ...]:
    return tuple((i.name, yuan(Decimal(i.amount or 0)), i.form, i.until or "—") for i in wanted.investors)


_HEAD = ("股东（出资人）", "认缴出资额", "出资方式", "出资期限")


def application(wanted: SetUp, place: str) -> Deed:
    """登记申请书 (市场主体登记管理条例第十六条)."""
    kind = K(wanted.kind)
    facts = (
        ("名称", wanted.name), ("类型", kind.label), ("住所（经营场所）", f"{place}{wanted.address}"),
        (REPRESENTATIVE[kind], wanted.representative.name), ("注册资本（出资额）", yuan(wanted.capital)),
        ("经营范围", wanted.scope), ("行业代码", wanted.industry),
        ("营业期限", f"至{wanted.term_until}" if wanted.term_until else "长期"),
    )  # fmt: skip
    promise = "申请人对提交材料的真实性、合法性和有效性负责（市场主体登记管理条例第十七条）。"
    return Deed(
        code="application", title=f"{kind.label}登记申请书", facts=tuple(f for f in facts if f[1]), head=_HEAD,
        rows=_investors(wanted), articles=(("申请人声明", (promise,)),), signatures=(f"{REPRESENTATIVE[kind]}签名",),
    )  # fmt: skip


def articles(wanted: SetUp, place: str) -> Deed:
    """公司章程: the matters of 公司法第四十六条 for a company with directors instead of a board, as small ones have."""
    term = f"至{wanted.term_until}" if wanted.term_until else "长期"
    one = len(wanted.investors) == 1
    meeting = "股东" if one else "股东会"
    return Deed(
        code="articles", title=f"{wanted.name}章程", head=_HEAD, rows=_investors(wanted), signatures=("全体股东签名（盖章）",),
        articles=(
            ("第一章　总则", (
                "第一条　根据《中华人民共和国公司法》和有关法律、法规，制定本章程。",
                f"第二条　公司名称：{wanted.name}。", f"第三条　公司住所：{place}{wanted.address}。",
                f"第四条　公司经营范围：{wanted.scope}。", f"第五条　公司营业期限：{term}，自营业执照签发之日起计算。",
            )),
            ("第二章　注册资本和股东", (
                f"第六条　公司注册资本为{yuan(wanted.capital)}。",
                "第七条　股东的姓名或者名称、认缴出资额、出资方式和出资期限见上表。全体股东认缴的出资额自公司成立之日起五年内缴足。",
            )),
            ("第三章　公司的机构", (
                f"第八条　{meeting}是公司的权力机构，依照公司法行使职权。",
                "第九条　公司不设董事会，设一名董事，行使公司法规定的董事会的职权，任期三年，可以连任。",
                "第十条　公司不设监事会，设一名监事；经全体股东一致同意，也可以不设监事。",
                f"第十一条　代表公司执行公司事务的董事为公司的法定代表人，由{wanted.representative.name}担任。"
                f"法定代表人的产生和变更由{meeting}决定。",
            )),
            ("第四章　附则", (
                "第十二条　修改章程、增加或者减少注册资本，以及公司合并、分立、解散或者变更公司形式，由股东书面决定。" if one else
                "第十二条　股东会作出修改章程、增加或者减少注册资本的决议，以及公司合并、分立、解散或者变更公司形式的决议，"
                "应当经代表三分之二以上表决权的股东通过。",
                "第十三条　股东认为需要规定的其他事项，由全体股东另行约定并写入本章程。",
            )),
        ),
    )  # fmt: skip


def agreement(wanted: SetUp, place: str) -> Deed:
    """合伙协议: the matters of 合伙企业法第十八条."""
    return Deed(
        code="articles", title=f"{wanted.name}合伙协议", head=("合伙人", *_HEAD[1:]), rows=_investors(wanted),
        signatures=("全体合伙人签名（盖章）",),
        articles=(
            ("第一章　合伙企业", (
                f"第一条　名称：{wanted.name}。", f"第二条　主要经营场所：{place}{wanted.address}。",
                f"第三条　合伙目的和经营范围：{wanted.scope}。",
                "第四条　合伙人的姓名或者名称、出资方式、数额和缴付期限见上表。",
            )),
            ("第二章　利润、亏损和事务", (
                "第五条　利润和亏损由合伙人按照实缴出资比例分配、分担；另有约定的从其约定。",
                f"第六条　委托{wanted.representative.name}为执行事务合伙人（委派代表），对外代表合伙企业。",
                "第七条　入伙、退伙依照合伙企业法办理，经全体合伙人一致同意。",
            )),
            ("第三章　争议、解散和违约", (
                "第八条　争议由合伙人协商解决；协商不成的，向有管辖权的人民法院起诉。",
                "第九条　合伙企业的解散和清算依照合伙企业法办理。", "第十条　合伙人违反本协议的，依法承担违约责任。",
            )),
        ),
    )  # fmt: skip


def appointment(wanted: SetUp, place: str) -> Deed:
    """任职文件: the decision of the shareholders."""
    title = "股东决定" if len(wanted.investors) == 1 else "股东会决议"
    name = wanted.representative.name
    return Deed(
        code="appointment", title=f"{wanted.name}{title}（任职）", signatures=("全体股东签名（盖章）",),
        articles=(
            ("决定事项", (
                f"一、选举{name}为公司董事，代表公司执行公司事务，担任公司的法定代表人，任期三年。",
                "二、上述人员不存在公司法第一百七十八条规定的不得担任董事、监事、高级管理人员的情形。",
                f"三、公司住所为{place}{wanted.address}。",
            )),
        ),
    )  # fmt: skip


def premises(wanted: SetUp, place: str) -> Deed:
    """住所（经营场所）使用说明: what a place may take instead of the lease itself (条例第十一条)."""
    return Deed(
        code="premises", title="住所（经营场所）使用说明", signatures=("申请人签名", "产权人（出租人）签名（盖章）"),
        facts=(("使用人", wanted.name), ("地址", f"{place}{wanted.address}"), ("负责人", wanted.representative.name)),
        articles=(
            ("说明", (
                "一、上述场所由产权人（出租人）同意提供给使用人作为住所（经营场所）使用，使用人享有合法使用权。",
                "二、使用人能够在该地址收到行政、司法文书。",
                "三、将住宅改变为经营性用房的，已经取得有利害关系的业主一致同意（民法典第二百七十九条）。",
                "四、以上内容真实；不真实的，依法承担责任。",
            )),
        ),
    )  # fmt: skip


_DEEDS: dict[str, tuple[Callable[[SetUp, str], Deed], ...]] = {
    K.COMPANY: (application, articles, appointment, premises),
    K.JOINT_STOCK: (application, articles, appointment, premises),
    K.PARTNERSHIP: (application, agreement, premises),
    K.BRANCH: (application, premises),
    K.SOLE_TRADER: (application, premises),
    K.SOLE_PROPRIETORSHIP: (application, premises),
    K.COOPERATIVE: (application, premises),
}


def deeds_of(wanted: SetUp, place: str) -> list[Deed]:
    """The documents of a set-up, in the order they are signed.

    Args:
        place: full name of the division of the address (粤海市澜江区澜城街道).
    """
    return [make(wanted, place) for make in _DEEDS.get(wanted.kind, (application,))]
