"""Rule expressions of the house: one small boolean language, a checked subset of SQL expressions.

The same rule decides for one person in a form (``Expression.evaluate``), says which clause failed
(``Expression.explain``), and runs over millions of rows in a data engine (``Expression.sql``). Pure: no tables, no clock;
``age_on(出生日期)`` reads the day from the value named ``today`` that the caller passes.
"""

from yimen.kernel.expressions.checking import Problem, check
from yimen.kernel.expressions.errors import ExpressionError
from yimen.kernel.expressions.explaining import FailedClause
from yimen.kernel.expressions.expression import Expression, parse
from yimen.kernel.expressions.kinds import Kind

__all__ = ["Expression", "ExpressionError", "FailedClause", "Kind", "Problem", "check", "parse"]
