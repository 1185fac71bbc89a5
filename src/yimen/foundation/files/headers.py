"""The headers with which a stored file may be sent: it can be looked at, it can never run."""

from yimen.foundation.files.kinds import ALLOWED
from yimen.foundation.files.names import disposition

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
_INLINE = {kind.media_type for kind in ALLOWED.values() if kind.inline}


def response_headers(name: str, media_type: str, *, inline: bool = False) -> dict[str, str]:
    """Headers for sending a file back.

    Args:
        name: the name the person will see (RFC 6266, in UTF-8).
        media_type: as stored, told from the content.
        inline: show it in the browser; only pictures and PDF are, all else is always saved.
    """
    shown = inline and media_type in _INLINE
    return {
        "Content-Type": media_type,
        "Content-Disposition": disposition(name, inline=shown),
        "X-Content-Type-Options": "nosniff",
        # Chromium's PDF viewer does not start inside a sandbox; it is itself cut off from this site
        "Content-Security-Policy": _POLICY
        if shown and media_type == "application/pdf"
        else f"sandbox; {_POLICY}",
        "X-Frame-Options": "SAMEORIGIN",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-store",
    }
