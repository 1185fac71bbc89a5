"""The site of a project as typed or pasted: what is wrong with which corner, or the site itself (pure).

A boundary is one simple ring. Coordinates are longitude and latitude in degrees.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from yimen.kernel.errors import Invalid
from yimen.modules.projects.geometry import SCALE, Point, area_of, contains, crossing_of, degrees, middle_of

MOST_POINTS = 500
LONGEST_TEXT = 60_000
WEST, EAST, SOUTH, NORTH = 73, 136, 3, 54
"""The land within which a site of this country lies."""
LARGEST = 500_000_000.0
"""Square metres; a site larger than 500 km² is a slip of the pen."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """Where a project stands.

    Args:
        ring: corners in order, the first not repeated, in billionths of a degree (longitude, latitude).
        point: where the map's pin stands.
        area: square metres; 0 where only the pin is known.
    """

    ring: tuple[Point, ...]
    point: Point
    area: float

    @property
    def geojson(self) -> dict[str, Any]:
        """RFC 7946: a polygon, or a point where no boundary is known."""
        if not self.ring:
            return {"type": "Point", "coordinates": degrees(self.point)}
        closed = [degrees(corner) for corner in (*self.ring, self.ring[0])]
        return {"type": "Polygon", "coordinates": [closed]}


def read_site(boundary: object, pin: object = "") -> Site:
    """Read a boundary and a pin as typed or pasted.

    Args:
        boundary: GeoJSON (Polygon, or a Feature or collection with one), or one corner a line: ``113.2644, 23.1291``.
        pin: ``113.2644, 23.1291``; left out, the pin stands at the middle of the corners.

    Raises:
        Invalid: what is wrong with which corner or side, under ``site`` or ``point``.
    """
    ring = read_ring(boundary)
    point = read_point(pin) if pin not in (None, "") else None
    if not ring:
        if point is None:
            raise _wrong("请填写项目位置：地图上的一个点，或者地块边界。", "point")
        return Site(ring=(), point=point, area=0.0)
    area = area_of(ring)
    if area < 1:
        raise _wrong("地块边界围成的面积不到1平方米，请检查坐标。")
    if area > LARGEST:
        raise _wrong(f"地块边界围成约{area / 1e6:.0f}平方公里，请检查坐标是不是写错了。")
    if point is not None and not contains(ring, point):
        raise _wrong("地图上的点不在地块边界里面，请改正点的坐标，或者不填点。", "point")
    return Site(ring=ring, point=point or middle_of(ring), area=area)


def read_ring(boundary: object) -> tuple[Point, ...]:
    """The corners of a boundary, the first not repeated; empty when nothing was given.

    Raises:
        Invalid: not readable, not closed, fewer than three corners, sides that cross.
    """
    if boundary in (None, "", [], {}):
        return ()
    corners = _corners(boundary)
    ring = corners[:-1] if len(corners) > 1 and corners[0] == corners[-1] else corners
    if len(ring) > MOST_POINTS:
        raise _wrong(f"地块边界最多{MOST_POINTS}个点，现在有{len(ring)}个，请简化以后再填。")
    if len(set(ring)) < 3:
        raise _wrong("地块边界至少要有三个不同的点。")
    for n, corner in enumerate(ring):
        if corner == ring[(n + 1) % len(ring)]:
            raise _wrong(f"第{n + 1}个点和它后面的点是同一个点，请去掉一个。")
    crossing = crossing_of(ring)
    if crossing:
        raise _crossed(ring, *crossing)
    return tuple(ring)


def read_point(typed: object) -> Point:
    """``113.2644, 23.1291`` or a pair of numbers.

    Raises:
        Invalid: under ``point``.
    """
    if isinstance(typed, str):
        parts: Sequence[object] = [part for part in re.split(r"[,，;；\s]+", typed.strip()[:200]) if part]
    else:
        parts = typed if isinstance(typed, list | tuple) else []
    if len(parts) != 2:
        raise _wrong("点的坐标应当是经度、纬度两个数，例如 113.2644, 23.1291。", "point")
    return _point(parts, "这个点", "point")


def _corners(boundary: object) -> list[Point]:
    if isinstance(boundary, str):
        if len(boundary) > LONGEST_TEXT:
            raise _wrong("地块边界的文字太长，请简化以后再填。")
        text = boundary.replace("\0", "").strip()
        if not text.startswith(("{", "[")):
            return [_line(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
        boundary = _json(text)
    ring = _outer_ring(boundary)
    corners = [_point(pair, f"第{n}个点") for n, pair in enumerate(ring, 1)]
    if len(corners) > 1 and corners[0] != corners[-1]:
        raise _wrong("GeoJSON 的环没有闭合：最后一个点应当和第一个点相同。")
    return corners


def _json(text: str) -> object:
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=lambda name: name)
    except (ValueError, RecursionError) as error:
        raise _wrong("粘贴的 GeoJSON 读不出来，请整段复制，从“{”到“}”。") from error


def _outer_ring(found: object) -> list[Any]:
    for _ in range(3):
        if isinstance(found, dict) and found.get("type") == "FeatureCollection":
            features = found.get("features")
            if not isinstance(features, list) or len(features) != 1:
                raise _wrong("GeoJSON 里应当只有一个图形，请只留这个项目的地块。")
            found = features[0]
        elif isinstance(found, dict) and found.get("type") == "Feature":
            found = found.get("geometry")
    if not isinstance(found, dict) or found.get("type") != "Polygon":
        kind = str(found.get("type", ""))[:30] if isinstance(found, dict) else ""
        raise _wrong(f"地块边界应当是 GeoJSON 的 Polygon（多边形）{f'，现在是“{kind}”' if kind else ''}。")
    rings = found.get("coordinates")
    if not isinstance(rings, list) or not rings or not all(isinstance(ring, list) for ring in rings):
        raise _wrong("GeoJSON 的 coordinates 应当是环的列表。")
    if len(rings) > 1:
        raise _wrong("地块中间有洞，现在只能记一条外边界，请只保留最外面的一圈。")
    ring: list[Any] = rings[0]
    return ring


def _line(number: int, line: str) -> Point:
    parts = [part for part in re.split(r"[,，;；\s]+", line.strip()[:200]) if part]
    if len(parts) != 2:
        raise _wrong(
            f"第{number}行应当是经度、纬度两个数，例如 113.2644, 23.1291；现在是“{line.strip()[:40]}”。"
        )
    return _point(parts, f"第{number}行的点")


def _point(pair: object, name: str, field: str = "site") -> Point:
    if not isinstance(pair, list | tuple) or len(pair) < 2:
        raise _wrong(f"{name}应当是经度、纬度两个数。", field)
    x, y = (_degree(value, name, field) for value in pair[:2])
    if SOUTH <= x <= NORTH and WEST <= y <= EAST:
        raise _wrong(f"{name}的经度和纬度好像写反了：经度在前，例如 113.2644, 23.1291。", field)
    if not (WEST <= x <= EAST and SOUTH <= y <= NORTH):
        raise _wrong(
            f"{name}（{x}, {y}）不在国内：经度应在{WEST}至{EAST}之间，纬度应在{SOUTH}至{NORTH}之间。", field
        )
    return round(x * SCALE), round(y * SCALE)


def _degree(value: object, name: str, field: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise _wrong(f"{name}的坐标不是数。", field)
    try:
        number = Decimal(str(value).strip()[:40])
    except InvalidOperation as error:
        raise _wrong(f"{name}的坐标“{str(value)[:20]}”不是数。", field) from error
    if not number.is_finite() or abs(number) > 360:
        raise _wrong(f"{name}的坐标“{str(value)[:20]}”不是经纬度的度数。", field)
    return number


def _crossed(ring: Sequence[Point], one: int, other: int) -> Invalid:
    def side(n: int) -> str:
        return f"第{n + 1}条边（点{n + 1}到点{(n + 1) % len(ring) + 1}）"

    return _wrong(
        f"地块边界自己交叉了：{side(one)}和{side(other)}相交或者重叠。请按顺序（顺时针或者逆时针）重新排列这些点。",
        code="site_crosses_itself",
    )


def _wrong(sentence: str, field: str = "site", *, code: str = "site_wrong") -> Invalid:
    return Invalid(sentence, code=code, fields={field: sentence})
