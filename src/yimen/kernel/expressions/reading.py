"""From text to tree: sqlglot parses, a whitelist decides what may stand in a rule."""

import re
from collections.abc import Callable
from typing import Any, NoReturn

import sqlglot
from sqlglot import TokenType, exp
from sqlglot.errors import SqlglotError

from yimen.kernel.expressions.errors import ExpressionError
from yimen.kernel.expressions.nodes import (
    FUNCTIONS,
    Arithmetic,
    Between,
    Call,
    Case,
    Compare,
    Constant,
    In,
    IsNull,
    Literal,
    Logic,
    Name,
    Negative,
    Node,
    Not,
    StartsWith,
    is_condition,
    walk,
)

LONGEST = 4000
DEEPEST = 30
MOST_NODES = 800

_HEAD = "SELECT "
_NAME = re.compile(r"[^\W\d]\w{0,63}")
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"")
_FULL_WIDTH = {
    "（": "(",
    "）": ")",
    "，": ",",
    "＝": "=",
    "＞": ">",
    "＜": "<",
    "‘": "'",
    "’": "'",
    "“": "'",
    "”": "'",
    "；": ";",
}
_FULL_WIDTH |= {"≥": ">=", "≤": "<=", "≠": "<>", "。": ".", "＋": "+", "－": "-", "×": "*", "÷": "/"}
_COMPARISONS: dict[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_ARITHMETIC: dict[type[exp.Expr], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/"}


def read(text: str) -> Node:
    """Read one rule.

    Raises:
        ExpressionError: with the position where one is known.
    """
    if not text.strip():
        raise ExpressionError("规则是空的，请写一个条件，例如：年龄 >= 60。", text=text)
    if len(text) > LONGEST:
        raise ExpressionError(
            f"规则太长（{len(text)} 个字符），请拆成几条，每条不超过 {LONGEST} 个字符。", text=text
        )
    _refuse_full_width(text)
    _refuse_depth(text)
    try:
        tree = _parsed(text)
        node = _Reader(text).condition(tree)
    except RecursionError:
        raise ExpressionError("规则嵌套太深，请拆成几条。", text=text) from None
    if sum(1 for _ in walk(node)) > MOST_NODES:
        raise ExpressionError("规则太复杂，请拆成几条。", text=text)
    return node


def _refuse_full_width(text: str) -> None:
    if "\0" in text:
        raise ExpressionError(
            "规则里有看不见的控制字符，请删除后重写。", position=text.index("\0"), text=text
        )
    bare = _QUOTED.sub(lambda match: " " * len(match.group()), text)
    for position, character in enumerate(bare):
        if character in _FULL_WIDTH:
            right = _FULL_WIDTH[character]
            raise ExpressionError(
                f"“{character}”是全角符号，请改用半角的 {right} 。", position=position, text=text
            )
        if ord(character) < 32 and character not in "\t\n\r":
            raise ExpressionError("规则里有看不见的控制字符，请删除后重写。", position=position, text=text)


def _refuse_depth(text: str) -> None:
    try:
        tokens = sqlglot.tokenize(text)
    except SqlglotError:
        raise ExpressionError("引号没有成对，文字要放在一对半角单引号里，例如 '男'。", text=text) from None
    depth = run = 0
    for token in tokens:
        if token.comments:
            raise ExpressionError(
                "规则里不能写注释，请把说明写在名称或备注里。", position=token.start, text=text
            )
        if token.token_type == TokenType.SEMICOLON:
            raise ExpressionError("只能写一条规则，请删除分号。", position=token.start, text=text)
        opens = token.token_type in (TokenType.L_PAREN, TokenType.CASE)
        closes = token.token_type in (TokenType.R_PAREN, TokenType.END)
        depth += opens - closes
        run = run + 1 if token.token_type in (TokenType.NOT, TokenType.DASH, TokenType.PLUS) else 0
        if depth > DEEPEST or run > DEEPEST:
            raise ExpressionError(f"规则嵌套太深，最多 {DEEPEST} 层。", position=token.start, text=text)


def _parsed(text: str) -> exp.Expr:
    try:
        statements = sqlglot.parse(_HEAD + text)
    except SqlglotError as error:
        raise _syntax_error(error, text) from None
    except (ValueError, TypeError, AttributeError, IndexError, KeyError):
        raise ExpressionError("规则写法有误，请检查括号、引号和关键字。", text=text) from None
    select = statements[0]
    if len(statements) != 1 or not isinstance(select, exp.Select):
        raise ExpressionError("只能写一个条件，不能写查询语句。", text=text)
    extra = [name for name, value in select.args.items() if value and name != "expressions"]
    if extra or len(select.expressions) != 1:
        raise ExpressionError(
            "只能写一个条件，不能写查询语句，也不能用逗号并列；并列请用 AND 或 OR。", text=text
        )
    only: exp.Expr = select.expressions[0]
    return only


def _syntax_error(error: SqlglotError, text: str) -> ExpressionError:
    details = getattr(error, "errors", None) or [{}]
    near, before = str(details[0].get("highlight") or ""), str(details[0].get("start_context") or "")
    full = _HEAD + text
    found = full.find(before + near) if near else -1
    if found < 0:
        return ExpressionError("规则写法有误，请检查括号、引号和关键字是否完整。", text=text)
    position = max(0, found + len(before) - len(_HEAD))
    if near not in text:
        return ExpressionError("规则没有写完，请补全后面的内容。", position=len(text), text=text)
    return ExpressionError(f"“{near}”附近写法有误，请检查运算符和括号。", position=position, text=text)


class _Reader:
    """Turns the parser's tree into ours, refusing every kind of node that is not listed."""

    def __init__(self, text: str) -> None:
        self.text = text

    def refuse(self, message: str, node: exp.Expr | None = None) -> NoReturn:
        raise ExpressionError(
            message, position=self.position(node) if node is not None else None, text=self.text
        )

    def position(self, node: exp.Expr) -> int | None:
        starts = [part.meta["start"] for part in node.find_all(exp.Identifier) if "start" in part.meta]
        return max(0, min(starts) - len(_HEAD)) if starts else None

    def condition(self, tree: exp.Expr) -> Node:
        node = self.value(tree)
        if not is_condition(node):
            self.refuse(f"“{self.words(tree)}”不是判断，请写成比较，例如：{self.words(tree)} > 0。", tree)
        return node

    def words(self, tree: exp.Expr) -> str:
        try:
            return tree.sql()[:60]
        except SqlglotError:
            return "这里"

    def value(self, tree: exp.Expr) -> Node:
        kind = type(tree)
        if any(value and name not in _PARTS for name, value in tree.args.items()):
            self.refuse(f"规则里不能写“{self.words(tree)}”。", tree)
        if kind is exp.And or kind is exp.Or:
            return self.logic(tree, "AND" if kind is exp.And else "OR")
        if kind in _COMPARISONS:
            return Compare(_COMPARISONS[kind], self.operand(tree.this), self.operand(tree.expression))
        if kind in _ARITHMETIC:
            return Arithmetic(_ARITHMETIC[kind], self.operand(tree.this), self.operand(tree.expression))
        reader = _READERS.get(kind)
        if reader is None:
            return self.call(tree)
        return reader(self, tree)

    def operand(self, tree: exp.Expr) -> Node:
        node = self.value(tree)
        if node == Literal(None):
            self.refuse("与 NULL 比较永远不成立，请改用 IS NULL 或 IS NOT NULL。", tree.parent)
        if isinstance(node, Compare | Logic | Not | In | Between | IsNull | StartsWith):
            self.refuse("判断的结果不能再拿来比较或计算，请用 AND、OR 连接各个判断。", tree)
        return node

    def logic(self, tree: exp.Expr, operator: str) -> Node:
        parts: list[Node] = []
        waiting: list[exp.Expr] = [tree]
        while waiting:
            node = waiting.pop()
            if type(node) is type(tree):
                waiting += [node.expression, node.this]
            else:
                parts.append(self.condition(node))
        return Logic(operator, tuple(parts))

    def name(self, tree: exp.Expr) -> Node:
        if any(tree.args.get(part) for part in ("table", "db", "catalog", "join_mark")):
            self.refuse(f"“{self.words(tree)}”不能带点号，请只写数据项的名称。", tree)
        identifier = tree.this
        if not isinstance(identifier, exp.Identifier) or not _NAME.fullmatch(identifier.name):
            self.refuse("数据项的名称只能用汉字、字母、数字和下划线，且不以数字开头。", tree)
        return Name(identifier.name, self.position(tree))

    def literal(self, tree: exp.Expr) -> Node:
        if tree.is_string:
            return Literal(str(tree.this))
        return Literal(self.number(str(tree.this), tree))

    def number(self, text: str, tree: exp.Expr) -> int | float:
        try:
            number = int(text) if text.isdigit() else float(text)
        except ValueError:
            self.refuse(f"“{text}”不是数字。", tree)
        if abs(number) > 1e15:
            self.refuse(f"“{text}”太大，数字请不超过 15 位。", tree)
        return number

    def boolean(self, tree: exp.Expr) -> Node:
        return Literal(bool(tree.this))

    def null(self, tree: exp.Expr) -> Node:
        return Literal(None)

    def paren(self, tree: exp.Expr) -> Node:
        return self.value(tree.this)

    def negation(self, tree: exp.Expr) -> Node:
        return Not(self.condition(tree.this))

    def negative(self, tree: exp.Expr) -> Node:
        part = self.operand(tree.this)
        match part:
            case Literal(value=int() | float() as number) if not isinstance(number, bool):
                return Literal(-number)
        return Negative(part)

    def membership(self, tree: exp.Expr) -> Node:
        if any(tree.args.get(part) for part in ("query", "unnest", "field")) or not tree.expressions:
            self.refuse("IN 后面请写一列固定的值，例如 IN ('a', 'b')，不能写查询。", tree)
        options = tuple(self.constant(option) for option in tree.expressions)
        return In(self.operand(tree.this), options)

    def constant(self, tree: exp.Expr) -> Constant:
        node = self.value(tree)
        if not isinstance(node, Literal) or node.value is None:
            self.refuse("IN 的括号里只能写固定的值（文字、数字），不能写名称、算式或 NULL。", tree)
        return node.value

    def between(self, tree: exp.Expr) -> Node:
        if tree.args.get("symmetric"):
            self.refuse("BETWEEN 请按从小到大写，不支持 SYMMETRIC。", tree)
        low, high = tree.args["low"], tree.args["high"]
        return Between(self.operand(tree.this), self.operand(low), self.operand(high))

    def identity(self, tree: exp.Expr) -> Node:
        subject, right = self.operand(tree.this), tree.expression
        if isinstance(right, exp.Null):
            return IsNull(subject)
        if isinstance(right, exp.Boolean):
            known = Not(IsNull(subject))
            return Logic("AND", (known, Compare("=", subject, Literal(bool(right.this)))))
        self.refuse("IS 后面只能写 NULL、NOT NULL、TRUE 或 FALSE。", tree)

    def prefix(self, tree: exp.Expr) -> Node:
        pattern = tree.expression
        text = str(pattern.this) if isinstance(pattern, exp.Literal) and pattern.is_string else ""
        if not text.endswith("%") or len(text) < 2 or "%" in text[:-1] or "_" in text:
            self.refuse("LIKE 只能判断开头，请写成 LIKE '开头%'。", tree)
        node = StartsWith(self.operand(tree.this), text[:-1])
        return Not(node) if tree.args.get("negate") else node

    def case(self, tree: exp.Expr) -> Node:
        if tree.this is not None:
            subject = self.operand(tree.this)
            branches: tuple[tuple[Node, Node], ...] = tuple(
                (Compare("=", subject, self.operand(branch.this)), self.value(branch.args["true"]))
                for branch in tree.args["ifs"]
            )
        else:
            branches = tuple(
                (self.condition(branch.this), self.value(branch.args["true"])) for branch in tree.args["ifs"]
            )
        default = tree.args.get("default")
        return Case(branches, self.value(default) if default is not None else Literal(None))

    def call(self, tree: exp.Expr) -> Node:
        if isinstance(tree, exp.Anonymous):
            name, arguments = str(tree.this).lower(), list(tree.expressions)
        elif isinstance(tree, exp.Length):
            name, arguments = "length", [tree.this]
        elif isinstance(tree, exp.Abs):
            name, arguments = "abs", [tree.this]
        elif isinstance(tree, exp.Coalesce):
            name, arguments = "coalesce", [tree.this, *tree.expressions]
        else:
            self.refuse_kind(tree)
        if name not in FUNCTIONS:
            self.refuse(f"没有“{name}”这个函数，可用的函数有：{'、'.join(FUNCTIONS)}。", tree)
        least, most = FUNCTIONS[name]
        if not least <= len(arguments) <= most:
            wanted = str(least) if least == most else f"{least} 到 {most}"
            self.refuse(f"函数 {name} 要有 {wanted} 个参数，现在有 {len(arguments)} 个。", tree)
        read = self.value if name == "coalesce" else self.operand
        nodes = tuple(read(argument) for argument in arguments)
        if name == "includes" and not (isinstance(nodes[1], Literal) and isinstance(nodes[1].value, str)):
            self.refuse("includes 的第二个参数要写固定的选项代码，例如 includes(经营项目, 'hot')。", tree)
        return Call(name, nodes)

    def refuse_kind(self, tree: exp.Expr) -> NoReturn:
        if isinstance(tree, exp.Query | exp.Subquery | exp.Exists):
            self.refuse("规则里不能写查询（SELECT）。", tree)
        if isinstance(tree, exp.Alias):
            self.refuse(
                f"“{tree.alias}”前面缺少运算符，请检查是否漏写 AND、OR 或者比较符号。", tree.args.get("alias")
            )
        if isinstance(tree, exp.Func):
            self.refuse(f"“{self.words(tree)}”不在可用函数之列，可用的函数有：{'、'.join(FUNCTIONS)}。", tree)
        self.refuse(f"规则里不能写“{self.words(tree)}”。", tree)


# A part that is not listed (such as a modifier of a newer sqlglot) is refused rather than overlooked.
_PARTS = frozenset(
    {"this", "expression", "expressions", "low", "high", "ifs", "default", "negate", "is_string"}
)
_PARTS |= {"table", "db", "catalog", "query", "symmetric", "alias", "safe", "typed"}
_READERS: dict[type[exp.Expr], Callable[[_Reader, Any], Node]] = {
    exp.Column: _Reader.name,
    exp.Literal: _Reader.literal,
    exp.Boolean: _Reader.boolean,
    exp.Null: _Reader.null,
    exp.Paren: _Reader.paren,
    exp.Not: _Reader.negation,
    exp.Neg: _Reader.negative,
    exp.In: _Reader.membership,
    exp.Between: _Reader.between,
    exp.Is: _Reader.identity,
    exp.Like: _Reader.prefix,
    exp.Case: _Reader.case,
}
