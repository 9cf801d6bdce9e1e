"""Pictures as cameras, phones, CI and programs leave them: right side up, in the right colours, or told at the line."""

from __future__ import annotations

import contextlib
import io
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageCms, ImageOps

from benchmarks.faults import HOWTO
from site_builder.films import stills
from site_builder.library import images, logos
from site_builder.memo import Memo
from tests.project import Project
from tests.reports import hint_after, line_of, problems

SAVE_AS = "save it as JPEG or PNG"


def encoded(format: str, mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((96, 64), 40).convert(mode).save(out, format, **options)
    return out.getvalue()


def cornered() -> Image.Image:
    """Upright: red at the top left, green, blue, and white at the bottom right; wider than high."""
    image = Image.new("RGB", (64, 48), "white")
    for at, colour in (((0, 0, 32, 24), "red"), ((32, 0, 64, 24), "lime"), ((0, 24, 32, 48), "blue")):
        image.paste(colour, at)
    return image


def turned(orientation: int, format: str) -> bytes:
    """As a camera stores what is upright for a person, with its note of how it was held."""
    back = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[orientation]  # Image.Transpose that undoes the turn
    image = cornered()
    stored = image if back is None else image.transpose(Image.Transpose(back))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x8825] = {1: "S", 2: (33.0, 55.0, 0.0)}  # a place
    out = io.BytesIO()
    stored.save(out, format, exif=exif, quality=95)
    return out.getvalue()


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_turned_as_the_camera_says(orientation: int, format: str) -> None:
    image = images.open_image(turned(orientation, format))

    assert image.size == (64, 48)
    for at, colour in (((8, 6), (255, 0, 0)), ((56, 6), (0, 255, 0)), ((8, 42), (0, 0, 255)), ((56, 42), (255, 255, 255))):
        assert all(abs(a - b) < 40 for a, b in zip(image.getpixel(at), colour, strict=True)), (orientation, at)


@pytest.mark.parametrize("orientation", [1, 6])
def test_both_forms_of_a_still_stand_upright_and_tell_no_place(project: Project, orientation: int) -> None:
    path = project.root / "photo.jpg"
    path.write_bytes(turned(orientation, "JPEG"))

    still = stills.still_from_file(path, project.cache, 10, 14_000)

    for made in (still.web.path, still.jpeg.path):
        with Image.open(made) as image:
            assert image.size == (64, 48)
            assert not image.getexif()
            assert "exif" not in image.info


@pytest.mark.parametrize(
    ("format", "mode"),
    [("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "P"), ("PNG", "LA"), ("PNG", "1"), ("PNG", "RGBA"),
     ("WEBP", "RGBA"), ("AVIF", "RGB")],
)  # fmt: skip
def test_every_kind_that_can_be_used_is_opened(format: str, mode: str) -> None:
    image = images.open_image(encoded(format, mode))

    assert (image.mode, image.size) == ("RGB", (96, 64))


def test_sixteen_bits_of_grey_keep_their_greys() -> None:
    out = io.BytesIO()
    Image.new("I;16", (4, 4), 30_000).save(out, "PNG")

    assert images.open_image(out.getvalue()).getpixel((1, 1)) == (117, 117, 117)


def test_what_is_transparent_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(out, "PNG")

    assert images.open_image(out.getvalue()).getpixel((1, 1)) == (255, 255, 255)


def test_colours_of_another_space_are_turned_into_the_webs() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")  # its red is blue
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (255, 0, 0)).save(out, "PNG", icc_profile=swapped)

    red, green, blue = images.open_image(out.getvalue()).getpixel((1, 1))

    assert blue > 250 > 5 > red + green


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\1" * 200
ODD: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "empty": (lambda: b"", "is empty (0 bytes)", "copy it again"),
    "zeros": (lambda: b"\0" * 5000, "holds nothing but zeros", "copy it again"),
    "lfs": (lambda: b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "is a pointer of Git LFS", "lfs"),
    "page": (lambda: b"\n<!DOCTYPE html>\n<html><title>404</title>", "is a web page, not a picture", "save that"),
    "text": (lambda: b"404: Not Found", "is text, not a picture", "copy the picture again"),
    "heic": (lambda: HEIC, "is HEIC", "Most Compatible"),
    "gif": (lambda: encoded("GIF"), "is a GIF", "PNG"),
    "svg": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg"/>', "is a drawing (SVG)", "export it as PNG"),
    "tiff": (lambda: encoded("TIFF"), "is TIFF", SAVE_AS),
    "bmp": (lambda: encoded("BMP"), "is BMP", SAVE_AS),
    "psd": (lambda: b"8BPS\0\1" + b"\0" * 99, "is a picture editor's own file", "export it"),
    "film": (lambda: b"\0\0\0\x18ftypisom\0\0\2\0isom" + b"\1" * 99, "is a film", "'video'"),
    "pdf": (lambda: b"%PDF-1.7\n%\xe2\xe3", "is a PDF", "export its page"),
    "noise": (lambda: random.Random(1).randbytes(900), "is no picture that can be opened", SAVE_AS),
    "cut": (lambda: encoded("JPEG")[:-300], "is damaged, or cut short", "copy it again"),
    "cut png": (lambda: encoded("PNG")[:-900], "is damaged, or cut short", "copy it again"),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_what_is_no_picture_is_told_at_the_steps_line_with_a_way_out(project: Project, name: str) -> None:
    make, message, hint = ODD[name]
    steps = [dict(step) for step in HOWTO["steps"]]
    steps[1]["image"] = "photo.jpg"
    source = project.write(steps=steps)
    (source.parent / "photo.jpg").write_bytes(make())

    told = project.run("check")

    assert told.exit_code == 1
    (problem,) = problems(told)
    assert f"wire-a-plug.md:{line_of(source, 'image: photo.jpg')}: the picture 'photo.jpg' {message}" in problem
    assert hint in hint_after(told, message)


def test_a_picture_of_too_many_pixels_is_never_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")

    with pytest.raises(images.UnusableImage, match=r"has 9,000 × 9,000 pixels"):
        images.open_image(out.getvalue())


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # each of its readers warns of another thing that is wrong
def test_a_mutated_picture_is_opened_or_refused_and_nothing_else() -> None:
    rng = random.Random(13)
    seeds = [encoded("JPEG"), encoded("PNG", "P"), encoded("WEBP"), encoded("AVIF"), turned(6, "JPEG")]
    for _ in range(300):
        data = bytearray(rng.choice(seeds))
        for _ in range(rng.randint(1, 8)):
            at = rng.randrange(len(data))
            data[at : at + rng.randint(0, 3)] = rng.randbytes(rng.randint(0, 3))
        with contextlib.suppress(images.UnusableImage):
            assert images.open_image(bytes(data)).mode == "RGB"


def test_a_picture_that_did_not_change_is_not_opened_again(tmp_path: Path) -> None:
    path, shelf = tmp_path / "a.jpg", Memo()
    path.write_bytes(encoded("JPEG"))
    assert images.image_problem(path, shelf) is None
    about = path.stat()
    path.write_bytes(b"x" * about.st_size)
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert images.image_problem(path, shelf) is None  # by name, size and time it is the same

    os.utime(path, ns=(1, 1))
    found = images.image_problem(path, shelf)
    assert found
    path.write_bytes(encoded("JPEG"))
    assert images.image_problem(path, shelf) is None  # a refusal is not remembered


DRAWN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 40 10">{}</svg>'
BAD_LOGOS = [
    ("logo.svg", DRAWN.format('<image href="photo.png" />').encode(), "names a picture elsewhere ('photo.png')"),
    ("logo.svg", DRAWN.format('<image xlink:href="https://x.example/a.png"/>').encode(), "names a picture elsewhere"),
    ("logo.svg", DRAWN.format('<image xlink:href="file:///etc/passwd"/>').encode(), "names a picture elsewhere"),
    ("logo.svg", DRAWN.format("<style>@import 'a.css';</style>").encode(), "names a picture elsewhere ('a.css')"),
    ("logo.svg", DRAWN.format('<rect fill="url(https://x.example/#a)"/>').encode(), "names a picture elsewhere"),
    ("logo.svg", DRAWN.format('<image href="data:image/png;base64,AAAA"/>').encode(), "holds a picture that"),
    ("logo.svg", DRAWN.format("<script>1</script>").encode(), "holds a script"),
    ("logo.svg", b"<svg", "is no SVG that can be read"),
    ("logo.svg", b"<svg/>", "is no SVG"),
    ("logo.svg", encoded("PNG"), "is no SVG that can be read"),
    ("logo.svg", b"", "is empty"),
    ("logo.svg", DRAWN.replace("0 0 40 10", "0 0 0 0").format("").encode(), "has no size"),
    ("logo.png", b"", "is empty"),
    ("logo.png", encoded("PNG")[:-900], "is damaged"),
    ("logo.jpg", HEIC, "is HEIC"),
    ("logo.png", encoded("GIF"), "is a GIF"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "message"), BAD_LOGOS, ids=[row[2] for row in BAD_LOGOS])
def test_a_logo_that_cannot_be_printed_is_told_at_its_line(project: Project, name: str, data: bytes, message: str) -> None:
    (project.root / name).write_bytes(data)
    project.set(store={"name": "Shop", "logo": name})
    project.write()

    told = project.run("check")

    assert told.exit_code == 1
    (problem,) = problems(told)
    assert f"mkdocs.yml:{line_of(project.root / 'mkdocs.yml', f'logo: {name}')}: the logo '{name}' {message}" in problem
    assert hint_after(told, message)


def test_a_logo_outside_the_library_is_told_at_its_line(project: Project) -> None:
    outside = project.root.parent / "logo.png"
    outside.write_bytes(encoded("PNG"))
    (project.root / "logo.png").symlink_to(outside)
    project.set(store={"name": "Shop", "logo": "logo.png"})
    project.write()

    (problem,) = problems(project.run("check"))

    assert "the logo 'logo.png' is not within shop/" in problem


@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_a_plain_logo_is_printed_byte_by_byte(tmp_path: Path, format: str) -> None:
    path = tmp_path / "logo.png"
    path.write_bytes(encoded(format))

    assert logos.load_logo(path).data == path.read_bytes()


@pytest.mark.parametrize("name", ["cmyk.jpg", "turned.jpg", "webp.png", "large.png"])
def test_another_logo_is_made_one_that_can_be_printed(project: Project, name: str) -> None:
    path = project.root / name
    if name == "cmyk.jpg":
        path.write_bytes(encoded("JPEG", "CMYK"))
    elif name == "turned.jpg":
        path.write_bytes(turned(6, "JPEG"))
    elif name == "webp.png":
        path.write_bytes(encoded("WEBP"))
    else:
        Image.new("RGB", (4000, 1000), "navy").save(path)

    made = logos.load_logo(path)

    assert made.suffix == ".png"
    with Image.open(io.BytesIO(made.data)) as image, Image.open(path) as was:
        assert image.mode == "RGB"
        assert max(image.size) <= logos.MAX_LOGO_SIDE
        assert abs(image.width / image.height - ImageOps.exif_transpose(was).width / ImageOps.exif_transpose(was).height) < 0.01


def test_a_logo_from_a_printing_press_is_on_the_leaflet(project: Project) -> None:
    (project.root / "logo.jpg").write_bytes(encoded("JPEG", "CMYK"))
    project.set(store={"name": "Shop", "logo": "logo.jpg"})
    project.write()

    told = project.run("print", "wire-a-plug", "--out", str(project.root / "out"))

    assert told.exit_code == 0, told.stderr
    assert list((project.root / "out").glob("*.pdf"))
