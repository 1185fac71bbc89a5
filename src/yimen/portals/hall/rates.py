"""How often a stranger may ask: public questions about somebody's matter are counted, never blocked for good."""

from datetime import datetime

from django.core.cache import cache

from yimen.kernel.errors import TooMany


def count(name: str, most: int, seconds: int, at: datetime) -> None:
    """Count one question under a name within the present span of time.

    Args:
        name: what is counted, such as ``progress.address.203.0.113.7``; never personal data in the clear.
        most: how many are answered in one span.
        seconds: length of the span.
        at: now.

    Raises:
        TooMany: over the rate; the sentence says when to come back.
    """
    key = f"hall.rate.{name}.{seconds}.{int(at.timestamp()) // seconds}"
    if cache.add(key, 1, seconds * 2):
        return
    try:
        asked = cache.incr(key)
    except ValueError:  # it ended between the two calls
        return
    if asked > most:
        minutes = max(1, seconds // 60)
        raise TooMany(f"查询次数太多了，请{minutes}分钟后再试；急用可以拨打窗口电话询问。")
