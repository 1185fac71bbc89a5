"""Every address of the site and what its own code declares about who may open it; nothing here is typed in by hand
but the pages borrowed from the sign-in library."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver
from ninja import NinjaAPI

from yimen.kernel.access import PUBLIC, SIGNED_IN
from yimen.portals.openapi.site import api

GROUP = re.compile(r"\(\?P<\w+>(?P<inside>[^)]*)\)")
PARAMETER = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
NOBODY: dict[str, str] = {"int": "987654321", "slug": "no-such-thing", "path": "no/such", "uuid": "0" * 32}
"""Values that name nothing, by converter."""
BORROWED = {
    "accounts/2fa/authenticate/": PUBLIC,
    "accounts/login/": PUBLIC,
    "accounts/logout/": PUBLIC,
    "accounts/signup/": PUBLIC,
    "accounts/inactive/": PUBLIC,
    ".well-known/openid-configuration": PUBLIC,
    ".well-known/jwks.json": PUBLIC,
    "identity/o/api/token": PUBLIC,
    "identity/o/api/revoke": PUBLIC,
    "identity/o/api/device/code": PUBLIC,
    "identity/o/logout": PUBLIC,
    "accounts/confirm-email/": PUBLIC,
    "accounts/^confirm-email/(?P<key>[-:\\w]+)/$": PUBLIC,
    "accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": PUBLIC,
    "accounts/password/reset/": PUBLIC,
    "accounts/password/reset/done/": PUBLIC,
    "accounts/password/reset/key/done/": PUBLIC,
}
"""Pages of the sign-in library that a stranger may see; every other one of its pages wants somebody signed in."""


@dataclass(frozen=True)
class Route:
    """One page; any one of ``access`` opens it."""

    address: str
    access: tuple[str, ...] | None
    borrowed: bool

    @property
    def path(self) -> str:
        return "/" + PARAMETER.sub(lambda m: NOBODY.get(m["kind"] or "str", "NOTHING-1"), plain(self.address))


def plain(address: str) -> str:
    """A regular expression's address as a path."""
    return GROUP.sub(_stand_in, address).replace("^", "").replace("$", "").replace("\\", "")


def _stand_in(group: re.Match[str]) -> str:
    inside = group["inside"]
    if "|" in inside:
        return inside.split("|")[0]
    return "987654" if inside.startswith("[0-9]{") else "NOTHING-1"


def patterns(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in (resolver or get_resolver()).url_patterns:
        place = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, place)
        else:
            yield place, entry


def pages() -> list[Route]:
    """Every page; the operations of the interface are in ``operations``."""
    found = []
    for address, pattern in patterns():
        module = pattern.callback.__module__
        if module.startswith("ninja") or address.startswith(("^api", "api/v1")):
            continue
        ours = module.startswith("yimen.")
        access = getattr(pattern.callback, "access", None)
        found.append(Route(address, access if ours else (BORROWED.get(address, SIGNED_IN),), not ours))
    return sorted(found, key=lambda route: route.address)


@dataclass(frozen=True)
class Operation:
    """One call of the interface."""

    method: str
    address: str
    public: bool

    @property
    def path(self) -> str:
        return re.sub(r"\{\w+\}", "NOTHING-1", self.address)


def operations(interface: NinjaAPI = api) -> list[Operation]:
    """Every operation as the code has it, not as the document tells it."""
    found = []
    for prefix, router in interface._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                for method in operation.methods:
                    address = "/api/v1" + re.sub("/+", "/", f"/{prefix}/{path}").rstrip("/")
                    found.append(Operation(method, address, operation.auth_param is None))
    return found
