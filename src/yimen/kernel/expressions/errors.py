"""What is wrong with a rule, for the person who wrote it."""

from yimen.kernel.errors import Invalid


class ExpressionError(Invalid):
    """规则写法有误。

    Args:
        message: one Chinese sentence: what is wrong and what would be right.
        position: offset of the first wrong character in the text, from 0; ``None`` when it is the whole.
        text: the rule as written.
    """

    code = "invalid_expression"

    def __init__(self, message: str, *, position: int | None = None, text: str = "") -> None:
        where = f"（第 {position + 1} 个字符）" if position is not None else ""
        super().__init__(message + where)
        self.position = position
        self.text = text
