"""Refusals of registration."""

from yimen.kernel.errors import Conflict, Invalid


class NameRefused(Invalid):
    """这个名称不能登记，请换一个。"""

    code = "name_refused"


class NamePromiseNeeded(Invalid):
    """名称与他人近似，请作出承诺或者换一个名称。"""

    code = "name_promise_needed"


class NameTaken(Conflict):
    """这个名称刚刚被别人申报了，请换一个。"""

    code = "name_taken"
