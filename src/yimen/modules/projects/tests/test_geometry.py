"""The site: boundaries that cross themselves are refused naming the sides; areas are true; nothing typed breaks it."""

import json
from math import cos, pi, radians, sin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yimen.kernel.errors import Invalid
from yimen.modules.projects.drawing import draw_site
from yimen.modules.projects.geometry import SCALE, area_of, contains, crossing_of, degrees
from yimen.modules.projects.sites import read_site

BOW = "113.30,23.10\n113.31,23.11\n113.31,23.10\n113.30,23.11"
SQUARE = [[113.30, 23.10], [113.31, 23.10], [113.31, 23.11], [113.30, 23.11], [113.30, 23.10]]


def geojson(ring: list[list[float]]) -> str:
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


def test_a_boundary_that_crosses_itself_is_refused_with_both_sides() -> None:
    with pytest.raises(Invalid) as refused:
        read_site(BOW)
    assert refused.value.code == "site_crosses_itself"
    assert "第1条边（点1到点2）" in refused.value.message
    assert "第3条边（点3到点4）" in refused.value.message


@pytest.mark.parametrize(
    ("boundary", "said"),
    [
        ("113.30,23.10\n113.31,23.10", "三个不同的点"), ("23.10,113.30\n23.11,113.31\n23.12,113.30", "写反"),
        ("113.3,23.1\n113.4,abc\n113.3,23.2", "不是数"), ("113.3\n113.4,23.1\n1,1", "第1行"), ("0,0\n1,1\n1,0", "不在国内"),
        ("113.3,23.1\n113.3,23.1\n113.4,23.2\n113.4,23.1", "同一个点"),
        ("113.30,23.10\n113.32,23.10\n113.31,23.10\n113.31,23.11", "重叠"), (geojson(SQUARE[:-1]), "没有闭合"),
        ('{"type": "Polygon"', "读不出来"), ('{"type": "LineString", "coordinates": []}', "LineString"),
        (json.dumps({"type": "Polygon", "coordinates": [SQUARE, SQUARE]}), "有洞"), ('{"type":"Polygon","coordinates":7}', "环"),
        (geojson([[113.3, float("nan")]] * 4), "不是"), (geojson([[113.3, True], [1, 2], [3, 4]]), "不是数"),
        ("[" * 50_000, "读不出来"), ("113.3,23.1 " * 30_000, "太长"), ({"type": "Polygon", "coordinates": [[["a"]]]}, "两个数"),
        ([1, 2, 3], "Polygon"), (7, "Polygon"), ("113.300,23.100\n113.3000001,23.100\n113.300,23.1000001", "1平方米"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_boundary_is_said(boundary: object, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_site(boundary)
    assert said in refused.value.message
    assert refused.value.fields


@pytest.mark.parametrize(
    "pin", ["", "113.3", "113.3,23.1,5", "x,y", "23.1,113.3", "1e400,2", "\0", [1], {"a": 1}]
)
def test_a_pin_that_is_none_is_refused(pin: object) -> None:
    with pytest.raises(Invalid):
        read_site("", pin)


def test_the_pin_must_stand_on_the_site() -> None:
    assert read_site(geojson(SQUARE), "113.305, 23.105").point == (113_305_000_000, 23_105_000_000)
    with pytest.raises(Invalid, match="不在地块边界里面"):
        read_site(geojson(SQUARE), "113.4, 23.1")


def test_a_feature_and_lines_and_geojson_mean_the_same() -> None:
    feature = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "geometry": json.loads(geojson(SQUARE))}],
    }
    lines = "\n".join(f"{x}，{y}" for x, y in SQUARE)
    assert read_site(feature) == read_site(geojson(SQUARE)) == read_site(lines)
    assert read_site(lines).geojson == json.loads(geojson(SQUARE))


def test_the_area_of_a_degree_cell_is_that_of_the_ellipsoid() -> None:
    """Beside the closed form: strips between parallels, each as wide and as high as the radii of curvature there say."""
    cell = [
        (113 * SCALE, 23 * SCALE),
        (114 * SCALE, 23 * SCALE),
        (114 * SCALE, 24 * SCALE),
        (113 * SCALE, 24 * SCALE),
    ]
    strips, e2 = 2000, 2 / 298.257222101 - (1 / 298.257222101) ** 2
    added = 0.0
    for n in range(strips):
        middle = radians(23 + (n + 0.5) / strips)
        w = 1 - e2 * sin(middle) ** 2
        added += 6_378_137.0**2 * (1 - e2) / w**2 * cos(middle) * radians(1) * radians(1 / strips)
    assert area_of(cell) == pytest.approx(added, rel=1e-7)


polygons = st.integers(3, 40).flatmap(
    lambda count: st.tuples(
        st.lists(st.floats(0.3, 1.0), min_size=count, max_size=count), st.floats(112, 115), st.floats(20, 45)
    )
)


@settings(max_examples=60)
@given(polygons)
def test_a_star_shaped_boundary_never_crosses_and_holds_its_middle(
    drawn: tuple[list[float], float, float],
) -> None:
    radii, west, south = drawn
    count = len(radii)
    ring = [
        (
            round((west + 0.01 * r * cos(2 * pi * n / count)) * SCALE),
            round((south + 0.01 * r * sin(2 * pi * n / count)) * SCALE),
        )
        for n, r in enumerate(radii)
    ]
    assert crossing_of(ring) is None
    site = read_site({"type": "Polygon", "coordinates": [[degrees(p) for p in (*ring, ring[0])]]})
    assert contains(site.ring, site.point)
    flat = abs(
        sum(
            a[0] * b[1] - b[0] * a[1]
            for a, b in zip(_metres(ring, south), _metres([*ring[1:], ring[0]], south), strict=True)
        )
    )
    assert site.area == pytest.approx(flat / 2, rel=0.01)
    assert draw_site([degrees(p) for p in ring], degrees(site.point)).points


def _metres(ring: list[tuple[int, int]], south: float) -> list[tuple[float, float]]:
    """A plane good to a percent: CGCS2000 radii of curvature at the site's latitude."""
    e2 = 0.00669438
    w = 1 - e2 * sin(radians(south)) ** 2
    east, north = 6_378_137 / w**0.5, 6_378_137 * (1 - e2) / w**1.5
    return [
        (radians(x / SCALE) * east * cos(radians(south)), radians(y / SCALE - south) * north) for x, y in ring
    ]


@settings(max_examples=60)
@given(polygons, st.integers(0, 39), st.integers(0, 39))
def test_two_corners_exchanged_either_cross_or_stay_simple_as_every_pair_of_sides_says(
    drawn: tuple[list[float], float, float], one: int, other: int
) -> None:
    radii, _, _ = drawn
    count = len(radii)
    ring = [
        (round(1000 * r * cos(2 * pi * n / count)), round(1000 * r * sin(2 * pi * n / count)))
        for n, r in enumerate(radii)
    ]
    ring[one % count], ring[other % count] = ring[other % count], ring[one % count]
    found = crossing_of(ring)
    if found is not None:
        first, second = found
        assert first < second
        assert _touch(ring, first, second)


def _touch(ring: list[tuple[int, int]], first: int, second: int) -> bool:
    """The other way to see it: the smallest distance between two sides, sampled by solving each with fractions."""
    from fractions import Fraction

    count = len(ring)
    (ax, ay), (bx, by) = ring[first], ring[(first + 1) % count]
    (cx, cy), (dx, dy) = ring[second], ring[(second + 1) % count]
    across = (bx - ax) * (dy - cy) - (by - ay) * (dx - cx)
    if across == 0:
        return True  # parallel: only overlapping ones are reported
    t = Fraction((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx), across)
    u = Fraction((cx - ax) * (by - ay) - (cy - ay) * (bx - ax), across)
    return 0 <= t <= 1 and 0 <= u <= 1


@given(st.text(max_size=200))
def test_no_typing_breaks_the_reading(typed: str) -> None:
    try:
        read_site(typed, typed)
    except Invalid as refused:
        assert refused.message
