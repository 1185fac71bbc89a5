"""The same rule as SQL for a data engine; every name quoted, every text a literal, so it can stand in a WHERE."""

from yimen.kernel.expressions.nodes import (
    TODAY,
    Arithmetic,
    Between,
    Call,
    Case,
    Compare,
    In,
    IsNull,
    Literal,
    Logic,
    Name,
    Negative,
    Node,
    Not,
    StartsWith,
)

DIALECTS = ("sqlite", "postgres", "duckdb")
_REAL = {"sqlite": "REAL", "postgres": "DOUBLE PRECISION", "duckdb": "DOUBLE"}


def printed(node: Node, dialect: str) -> str:
    """The node as SQL of ``sqlite``, ``postgres`` or ``duckdb``; columns are the names of the rule.

    Choices of several are expected as JSON text (``["a", "b"]``), days as dates or ISO texts.
    """
    if dialect not in DIALECTS:
        raise ValueError(f"no such dialect: {dialect}")
    return _Printer(dialect).print(node)


class _Printer:
    def __init__(self, dialect: str) -> None:
        self.dialect = dialect

    def print(self, node: Node) -> str:
        match node:
            case Literal(value=value):
                return self.literal(value)
            case Name(name=name):
                return f'"{name}"'
            case Compare(operator=operator, left=left, right=right):
                return f"({self.print(left)} {operator} {self.print(right)})"
            case Logic(operator=operator, parts=parts):
                return "(" + f" {operator} ".join(self.print(part) for part in parts) + ")"
            case Not(part=part):
                return f"(NOT {self.print(part)})"
            case Arithmetic() | Negative():
                return self.arithmetic(node)
            case Call():
                return self.call(node)
            case Case(branches=branches, otherwise=otherwise):
                whens = " ".join(
                    f"WHEN {self.print(test)} THEN {self.print(answer)}" for test, answer in branches
                )
                return f"(CASE {whens} ELSE {self.print(otherwise)} END)"
            case In() | Between() | IsNull() | StartsWith():
                return self.test(node)

    def literal(self, value: object) -> str:
        if value is None:
            return "NULL"
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, str):
            return "'" + value.replace("'", "''") + "'"
        return repr(value)

    def test(self, node: In | Between | IsNull | StartsWith) -> str:
        subject = self.print(node.subject)
        match node:
            case In(options=options):
                return f"({subject} IN ({', '.join(self.literal(option) for option in options)}))"
            case Between(low=low, high=high):
                return f"({subject} BETWEEN {self.print(low)} AND {self.print(high)})"
            case IsNull():
                return f"({subject} IS NULL)"
            case StartsWith(prefix=prefix):
                return f"(SUBSTR({subject}, 1, {len(prefix)}) = {self.literal(prefix)})"

    def arithmetic(self, node: Arithmetic | Negative) -> str:
        if isinstance(node, Negative):
            return f"(- {self.print(node.part)})"
        left, right = self.print(node.left), self.print(node.right)
        if node.operator == "/":
            return f"(CAST({left} AS {_REAL[self.dialect]}) / NULLIF({right}, 0))"
        return f"({left} {node.operator} {right})"

    def call(self, node: Call) -> str:
        arguments = [self.print(argument) for argument in node.arguments]
        match node.function:
            case "age_on":
                return self.age(arguments[0], arguments[1] if len(arguments) > 1 else f'"{TODAY}"')
            case "days_between":
                return self.days(*arguments)
            case "includes":
                wanted = self.literal('"' + str(node.arguments[1].value) + '"')  # type: ignore[union-attr]
                if self.dialect == "sqlite":
                    return f"(INSTR({arguments[0]}, {wanted}) > 0)"
                return f"(STRPOS(CAST({arguments[0]} AS TEXT), {wanted}) > 0)"
        return f"{node.function.upper()}({', '.join(arguments)})"

    def age(self, born: str, on: str) -> str:
        first, last = (
            f"CAST(REPLACE(SUBSTR(CAST({day} AS TEXT), 1, 10), '-', '') AS INTEGER)" for day in (born, on)
        )
        divide = "//" if self.dialect == "duckdb" else "/"
        return f"(({last} - {first}) {divide} 10000)"

    def days(self, first: str, last: str) -> str:
        if self.dialect == "sqlite":
            first, last = (f"JULIANDAY(SUBSTR({day}, 1, 10))" for day in (first, last))
            return f"CAST({last} - {first} AS INTEGER)"
        return f"(CAST({last} AS DATE) - CAST({first} AS DATE))"
