"""Stills keep to their budget, all equally good, and likeness is measured as others measure it."""

from __future__ import annotations

import io

import av
import numpy
import pytest
from av.filter import Graph
from PIL import Image, ImageDraw

from site_builder.leaflets import print_images
from tests.leaflets.pictures import photograph


def placed(paths, across=52):
    return [(path, across) for path in paths]


@pytest.mark.parametrize("toner", [False, True])
@pytest.mark.parametrize("count", [3, 10])
def test_stills_keep_to_the_budget_however_hard_they_are(tmp_path, count, toner):
    stills = [photograph(tmp_path / f"{n}.jpg", n) for n in range(count)]

    budget = print_images.TONER_STILLS_BUDGET if toner else print_images.STILLS_BUDGET

    made = print_images.compress_to_budget(placed(stills), budget, toner)

    assert sum(map(len, made)) <= budget
    assert all(Image.open(io.BytesIO(jpeg)).size[0] == 416 for jpeg in made)


def test_stills_that_no_quality_fits_get_fewer_pixels(tmp_path):
    stills = [photograph(tmp_path / f"{n}.jpg", n) for n in range(4)]

    made = print_images.compress_to_budget(placed(stills), 8_000)

    assert sum(map(len, made)) <= 8_000
    assert all(200 < Image.open(io.BytesIO(jpeg)).size[0] < 416 for jpeg in made)


def test_no_bytes_are_spent_on_what_is_good_enough(tmp_path):
    [made] = print_images.compress_to_budget(placed([photograph(tmp_path / "a.jpg", 1, rough=0)]), print_images.STILLS_BUDGET)

    assert len(made) < 8_000


def test_hard_and_easy_stills_are_made_equally_good(tmp_path):
    paths = [
        photograph(tmp_path / "easy.jpg", 1, rough=6),
        *(photograph(tmp_path / f"{n}.jpg", n, rough=30) for n in range(2, 7)),
    ]

    made = print_images.compress_to_budget(placed(paths), print_images.STILLS_BUDGET)

    like = [
        print_images.ssim(print_images.reference_image(path, 416, False), Image.open(io.BytesIO(jpeg)))
        for path, jpeg in zip(paths, made, strict=True)
    ]
    assert max(like) - min(like) < 0.25
    assert len(made[0]) < min(map(len, made[1:]))


def test_white_letters_on_a_dark_ground_can_be_read_where_toner_is_saved():
    """An 'E' beside a terminal: its strokes are three pixels wide."""
    image = Image.new("L", (60, 60), 30)
    draw = ImageDraw.Draw(image)
    for box in ((20, 20, 22, 39), (20, 20, 34, 22), (20, 28, 31, 30), (20, 37, 34, 39)):
        draw.rectangle(box, fill=250)

    made = print_images.save_toner(image)

    strokes = [made.getpixel(point) for point in ((21, 25), (21, 33), (27, 21), (26, 29), (27, 38))]
    ground = [made.getpixel(point) for point in ((26, 25), (26, 33), (16, 30), (40, 30))]
    assert min(strokes) - max(ground) > 100


@pytest.mark.parametrize("quality", [20, 50, 80])
def test_likeness_is_that_of_ffmpeg(tmp_path, quality):
    one = Image.open(photograph(tmp_path / "a.jpg", 1, rough=10)).convert("L")
    out = io.BytesIO()
    one.save(out, "JPEG", quality=quality)
    other = Image.open(out)

    assert print_images.ssim(one, other) == pytest.approx(ffmpegs(one, other), abs=0.02)


def ffmpegs(one, other):
    graph = Graph()
    size = f"video_size={one.width}x{one.height}:pix_fmt=gray:time_base=1/1"
    inputs = [graph.add("buffer", size), graph.add("buffer", size)]
    ssim, sink = graph.add("ssim"), graph.add("buffersink")
    for place, node in enumerate(inputs):
        node.link_to(ssim, 0, place)
    ssim.link_to(sink, 0, 0)
    graph.configure()
    for node, image in zip(inputs, (one, other), strict=True):
        frame = av.VideoFrame.from_ndarray(numpy.asarray(image), format="gray")
        frame.pts = 0
        node.push(frame)
        node.push(None)
    return float(sink.pull().metadata["lavfi.ssim.All"])
