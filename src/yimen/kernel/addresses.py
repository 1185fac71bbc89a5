"""From where a request comes: one answer for lock-outs, limits and the trace."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The network address of the client behind the trusted proxies (``YIMEN_PROXIES``, default none).

    Only as many entries of ``X-Forwarded-For`` are believed as there are proxies of ours: what a client writes into the
    header itself stands further left and is never looked at.
    """
    count = int(getattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0))
    if count:
        entries = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        forwarded = [part.strip() for part in entries if part.strip()]
        if len(forwarded) >= count:
            return str(forwarded[-count])[:60]
    return str(request.META.get("REMOTE_ADDR") or "")[:60]
