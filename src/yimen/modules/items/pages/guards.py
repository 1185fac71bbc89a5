"""The workbench is open to whoever writes, reviews or publishes; rows and acts are checked each for itself."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from yimen.kernel.access import SIGNED_IN, access, actor_of_request
from yimen.modules.items.permissions import WRITE
from yimen.modules.items.queries.items import ALL_GRANTS

View = Callable[..., HttpResponseBase]


def working(view: View) -> View:
    """Guard a page of the workbench: any of the three grants."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not actor_of_request(request).may_any(ALL_GRANTS):
            raise PermissionDenied(WRITE)
        return view(request, *args, **kwargs)

    return access(SIGNED_IN)(guarded)
