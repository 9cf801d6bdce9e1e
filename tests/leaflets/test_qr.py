"""A link becomes a code by the standard's figures, drawn without seams, and can be read back."""

from __future__ import annotations

import pytest

from site_builder.leaflets import qr

# ISO/IEC 18004, table 7: bytes that fit, by version, at L M Q H
BYTES = {1: (17, 14, 11, 7), 2: (32, 26, 20, 14), 3: (53, 42, 32, 24), 4: (78, 62, 46, 34), 5: (106, 84, 60, 44)}


@pytest.mark.parametrize("length", range(12, 80))
def test_a_code_is_the_smallest_at_m_with_the_level_raised_for_free(length):
    link = "https://x.za/".ljust(length, "a")[:length]

    code = qr.smallest_symbol(link)

    version = next(v for v, fits in BYTES.items() if fits[1] >= length)
    assert code.version == version
    assert code.level == next(level for level, fits in zip("HQM", BYTES[version][:0:-1], strict=True) if fits >= length)


@pytest.mark.parametrize(
    ("length", "side", "version", "level"),
    [
        (25, 52, 8, "H"),  # a leaflet: the highest level, and the largest version though a fourth would do
        (50, 52, 8, "H"),
        (32, 41, 5, "H"),  # an A5: modules of 0.9 mm
        (32, 38, 4, "H"),  # its modules would be too small in a fifth
        (29, 25, 3, "Q"),  # a label: as few modules as can be, and the level that is left for free
    ],
)
def test_the_level_is_as_high_as_the_box_has_room_for(length, side, version, level):
    code = qr.symbol_for("https://x.za/".ljust(length, "a"), side)

    assert (code.version, code.level, code.size) == (version, level, 17 + 4 * version)


@pytest.mark.parametrize(
    ("link", "side", "version", "level", "said"),
    [
        ("https://khaya.example/b7x?s=e", 34.93, 3, "H", "HTTPS://KHAYA.EXAMPLE/b7x?s=e"),  # L7160: 0.944 mm, not 0.852
        ("https://khaya.example/b7x?s=e", 32.9, 3, "H", "HTTPS://KHAYA.EXAMPLE/b7x?s=e"),  # L7159: the level alone, Q before
        ("https://khaya.example/b7x?s=e", 37.1, 4, "H", "https://khaya.example/b7x?s=e"),  # L7163: no gain
        ("https://khaya.example/b7x?s=l1.2", 52, 8, "H", "https://khaya.example/b7x?s=l1.2"),  # a leaflet
        ("https://Khaya.Example/b7x?s=e", 34.93, 4, "H", "https://Khaya.Example/b7x?s=e"),  # as somebody wrote it
    ],
)
def test_scheme_and_host_are_in_capitals_where_the_code_gains_by_it(link, side, version, level, said):
    code = qr.symbol_for(link, side)

    assert (code.version, code.level, code.text) == (version, level, said)


@pytest.mark.parametrize(
    ("link", "capitals"),
    [
        ("https://shop.example:8080/Path/b7x?s=e", "HTTPS://SHOP.EXAMPLE:8080/Path/b7x?s=e"),
        ("http://shop.example?s=p", "HTTP://SHOP.EXAMPLE?s=p"),
        ("https://xn--bcher-kva.example/b7x", "HTTPS://XN--BCHER-KVA.EXAMPLE/b7x"),
        ("https://me@shop.example/b7x", "https://me@shop.example/b7x"),  # a name before the host has a case of its own
    ],
)
def test_a_path_keeps_its_case_and_a_browser_takes_the_code_for_the_link(link, capitals):
    assert qr.uppercase_host(link) == capitals
    assert qr.lowercase_host(capitals) == link
    grey, side = drawn(qr.smallest_symbol(capitals))
    assert qr.decode_symbols(grey, side, side) == [capitals]


def test_modules_begin_with_the_finder_and_have_no_quiet_zone():
    code = qr.symbol_for("https://khaya.example/b7x")

    for row in (code.rows[0], code.rows[6], code.rows[-1], "".join(line[0] for line in code.rows)):
        assert row[:8] == "11111110"
    assert code.rows[0][-7:] == "1111111"


@pytest.mark.parametrize("link", ["https://khaya.example/b7x", "https://a.za/22", "https://building.example.co.za/library/zz9"])
def test_the_outline_filled_even_odd_is_the_code(link):
    code = qr.symbol_for(link)

    places = range(code.size)
    filled = tuple("".join("01"[inside(code.outline, x + 0.5, y + 0.5)] for x in places) for y in places)

    assert filled == code.rows


def inside(loops, x, y):
    """Even-odd: a ray to the right crosses upright edges an odd number of times."""
    crossed = 0
    for loop in loops:
        for (x1, y1), (_, y2) in zip(loop, loop[1:] + loop[:1], strict=True):
            crossed += min(y1, y2) < y < max(y1, y2) and x1 > x
    return crossed % 2 == 1


def test_the_outline_turns_at_each_of_its_points():
    for loop in qr.symbol_for("https://khaya.example/b7x").outline:
        for before, here, after in zip(loop[-1:] + loop[:-1], loop, loop[1:] + loop[:1], strict=True):
            assert (before[0] == here[0]) != (here[0] == after[0])


def test_a_drawn_code_is_read():
    grey, side = drawn(qr.symbol_for("https://khaya.example/b7x"))

    assert qr.decode_symbols(grey, side, side) == ["https://khaya.example/b7x"]


def test_nothing_is_read_from_an_empty_sheet():
    assert qr.decode_symbols(b"\xff" * 40_000, 200, 200) == []


def drawn(code, scale=6):
    quiet = qr.QUIET_ZONE
    side = (code.size + 2 * quiet) * scale
    grey = bytearray(b"\xff" * side * side)
    for y in range(side):
        for x in range(side):
            column, row = x // scale - quiet, y // scale - quiet
            if 0 <= column < code.size and 0 <= row < code.size and code.rows[row][column] == "1":
                grey[y * side + x] = 0
    return bytes(grey), side
