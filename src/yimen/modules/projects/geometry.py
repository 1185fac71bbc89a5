"""Plane and ellipsoid: do the sides of a ring cross, what is its area, does it hold a point (pure).

Crossings are decided in whole numbers (billionths of a degree, a tenth of a millimetre), so that no rounding decides them.
"""

from collections.abc import Sequence
from math import log, radians, sin, sqrt

Point = tuple[int, int]
"""Longitude and latitude in billionths of a degree, CGCS2000 (WGS 84 differs by centimetres)."""
SCALE = 10**9
AXIS, FLATTENING = 6_378_137.0, 1 / 298.257222101
"""CGCS2000 ellipsoid: half axis in metres, flattening."""


def degrees(point: Point) -> list[float]:
    return [point[0] / SCALE, point[1] / SCALE]


def crossing_of(ring: Sequence[Point]) -> tuple[int, int] | None:
    """The first two sides that cross, touch or run over each other; sides are numbered from 0 by their first corner."""
    count = len(ring)
    sides = [(ring[n], ring[(n + 1) % count]) for n in range(count)]
    boxes = [(min(a[0], b[0]), max(a[0], b[0]), min(a[1], b[1]), max(a[1], b[1])) for a, b in sides]
    for one in range(count):
        for other in range(one + 1, count):
            if _apart(boxes[one], boxes[other]):
                continue
            shared = _shared_corner(one, other, count, ring)
            if shared is None:
                if _meet(*sides[one], *sides[other]):
                    return one, other
            elif _folds(shared, sides[one], sides[other]):
                return one, other
    return None


def area_of(ring: Sequence[Point]) -> float:
    """Square metres on the CGCS2000 ellipsoid.

    Corners are carried to the cylindrical equal-area projection of the ellipsoid, where areas are true (Snyder, Map
    Projections: A Working Manual, USGS Professional Paper 1395, formulas 3-12, 10-1, 10-2), and the shoelace formula is
    applied there. That a side is straight in longitude and latitude there is nothing to measure for a site.
    """
    west, south = ring[0]
    base = _height(south)
    plane = [(AXIS * radians((x - west) / SCALE), _height(y) - base) for x, y in ring]
    twice = sum(
        x * later_y - later_x * y
        for (x, y), (later_x, later_y) in zip(plane, [*plane[1:], plane[0]], strict=True)
    )
    return abs(twice) / 2


def contains(ring: Sequence[Point], point: Point) -> bool:
    """Is the point inside the ring, or on a side?"""
    x, y = point
    inside = False
    for n, (ax, ay) in enumerate(ring):
        bx, by = ring[(n + 1) % len(ring)]
        turn = _turn((ax, ay), (bx, by), point)
        if turn == 0 and min(ax, bx) <= x <= max(ax, bx) and min(ay, by) <= y <= max(ay, by):
            return True
        if (ay > y) != (by > y) and (turn > 0) == (by > ay):
            inside = not inside
    return inside


def _height(latitude: int) -> float:
    """Distance from the equator in the equal-area projection, metres."""
    excentricity = sqrt(FLATTENING * (2 - FLATTENING))
    s = sin(radians(latitude / SCALE))
    es = excentricity * s
    q = (1 - excentricity**2) * (s / (1 - es * es) - log((1 - es) / (1 + es)) / (2 * excentricity))
    return AXIS * q / 2


def _apart(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    return one[1] < other[0] or other[1] < one[0] or one[3] < other[2] or other[3] < one[2]


def _shared_corner(one: int, other: int, count: int, ring: Sequence[Point]) -> Point | None:
    if other == one + 1:
        return ring[other]
    return ring[0] if one == 0 and other == count - 1 else None


def _folds(corner: Point, one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    """Do two neighbouring sides run back over each other?"""
    a = one[0] if one[1] == corner else one[1]
    b = other[1] if other[0] == corner else other[0]
    ahead = (a[0] - corner[0]) * (b[0] - corner[0]) + (a[1] - corner[1]) * (b[1] - corner[1])
    return _turn(corner, a, b) == 0 and ahead > 0


def _turn(a: Point, b: Point, c: Point) -> int:
    """Above 0 when a, b, c turn to the left, below 0 to the right, 0 when they lie on a line."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Do two sides without a common corner share a point? Their boxes overlap already."""
    one, two = _turn(a, b, c), _turn(a, b, d)
    three, four = _turn(c, d, a), _turn(c, d, b)
    across = (one > 0) != (two > 0) or one == 0 or two == 0
    back = (three > 0) != (four > 0) or three == 0 or four == 0
    return across and back


def middle_of(ring: Sequence[Point]) -> Point:
    """A point inside: the middle of the corners, or where that lies outside, of the first three that leave one inside."""
    candidates = [(sum(x for x, _ in ring) // len(ring), sum(y for _, y in ring) // len(ring))]
    count = len(ring)
    for n in range(count):
        three = (ring[n - 1], ring[n], ring[(n + 1) % count])
        candidates.append((sum(x for x, _ in three) // 3, sum(y for _, y in three) // 3))
    return next((point for point in candidates if contains(ring, point)), ring[0])
