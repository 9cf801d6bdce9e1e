"""Films that are none, or that want to open something else: one clear sentence each, and nothing opened."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.films.clips import H264, card, tone
from tests.project import Project

Make = Callable[..., Path]


@pytest.fixture
def host() -> Iterator[tuple[str, list[str]]]:
    """A web server on this machine, and the paths that it was asked for."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()


def check(project: Project, film: Path) -> tuple[int, str]:
    project.film(film)
    told = project.run("check")
    return told.exit_code, told.stderr


def test_an_empty_file_is_told(project: Project, tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").write_bytes(b"")

    code, said = check(project, tmp_path / "empty.mp4")

    assert code == 1
    assert "'wire-a-plug.mp4' is not a film that can be used: it is empty (0 bytes)" in said
    assert "content/electrical/wire-a-plug.md:" in said


def test_text_with_a_films_name_is_told(project: Project, tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("How to wire a plug\n" * 100)

    code, said = check(project, tmp_path / "text.mp4")

    assert code == 1
    assert "it cannot be read as mp4, mov, mkv or webm" in said


def test_a_film_that_was_cut_off_is_told(project: Project, tmp_path: Path, make: Make) -> None:
    whole = make("whole.mp4", *card("640x480"), *tone(), *H264, "-c:a", "aac", "-movflags", "+faststart").read_bytes()
    (tmp_path / "cut.mp4").write_bytes(whole[: len(whole) // 2])

    code, said = check(project, tmp_path / "cut.mp4")

    assert code == 1
    assert "it is cut off" in said


def test_a_film_whose_index_is_missing_is_told(project: Project, tmp_path: Path, clip: Path) -> None:
    (tmp_path / "headless.mp4").write_bytes(clip.read_bytes()[:20_000])

    code, said = check(project, tmp_path / "headless.mp4")

    assert code == 1
    assert "not a film, or cut off" in said


def test_sound_without_a_picture_is_told(project: Project, make: Make) -> None:
    code, said = check(project, make("sound.mp4", *tone(), "-c:a", "aac"))

    assert code == 1
    assert "it has no picture, only sound" in said


def test_a_film_without_sound_is_a_warning(project: Project, make: Make) -> None:
    code, said = check(project, make("silent.mp4", *card(), *H264))

    assert code == 0
    assert "warning: 'wire-a-plug.mp4' has no sound" in said


@pytest.mark.parametrize(
    "playlist",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{target}\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile '{target}'\n",
        '<?xml version="1.0"?><MPD><BaseURL>{target}</BaseURL></MPD>',
    ],
)
def test_a_playlist_dressed_as_a_film_opens_neither_host_nor_file(
    playlist: str, project: Project, tmp_path: Path, host: tuple[str, list[str]], clip: Path
) -> None:
    url, asked = host
    for target in (f"{url}/secret.ts", str(clip)):
        (tmp_path / "list.mp4").write_text(playlist.format(target=target))

        code, said = check(project, tmp_path / "list.mp4")

        assert code == 1
        assert "a playlist that points at other files" in said
    assert asked == []


def test_a_playlist_that_gets_past_the_first_look_is_still_not_opened(tmp_path: Path, host: tuple[str, list[str]]) -> None:
    """The allow-lists hold by themselves: ffmpeg refuses the format, whatever our own reading of the first bytes says."""
    from site_builder.films import ffmpeg

    url, asked = host
    path = tmp_path / "list.mp4"
    path.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{url}/secret.ts\n#EXT-X-ENDLIST\n")
    words = ffmpeg.compose(ffmpeg.master_input(path).output("-", format="null"))

    with pytest.raises(ffmpeg.ToolFailed):
        ffmpeg.run_composed(words, seconds=20)

    assert asked == []


def test_a_name_that_looks_like_a_protocol_is_a_file(tmp_path: Path, clip: Path) -> None:
    from site_builder.films import ffmpeg

    odd = tmp_path / "concat:a|b é.mp4"
    odd.write_bytes(clip.read_bytes())

    ffmpeg.run_composed(ffmpeg.compose(ffmpeg.master_input(odd).output("-", format="null")), seconds=20)


def test_a_path_with_spaces_and_letters_of_other_languages_works(tmp_path: Path, clip: Path) -> None:
    project = Project(tmp_path / "my wïnkel ṱo")
    project.film(clip)

    told = project.run("check")

    assert told.exit_code == 0


def test_a_cover_picture_is_not_the_film(make: Make, clip: Path, tmp_path: Path) -> None:
    from site_builder.cache import Cache
    from site_builder.films import ffmpeg, filters, masters

    cover = make("cover.png", "-f", "lavfi", "-i", "color=red:s=64x64", "-frames:v", "1")
    words = ("-i", str(cover), "-i", str(clip), "-map", "0", "-map", "1", "-c", "copy", "-disposition:v:0", "attached_pic")
    album = make("album.mp4", *words)
    album.write_bytes(covers_first(album.read_bytes()))
    master = masters.read_master(album, Cache(tmp_path / "cache"))

    frame = filters.stream_of_ranges(master, master.fps, [(0, None)]).output(
        "pipe:1", format="image2pipe", vcodec="ppm", **{"frames:v": 1}
    )

    assert (master.width, master.height) == (320, 240)
    assert ffmpeg.run_composed(ffmpeg.compose(frame), seconds=20).stdout.startswith(b"P6\n320 240\n")


def covers_first(film: bytes) -> bytes:
    """The same mp4 with its `udta` before its tracks, so that a reader meets the cover first."""
    moov = film.index(b"moov") - 4
    end = moov + int.from_bytes(film[moov : moov + 4])
    boxes, at = [], moov + 8
    while at < end:
        size = int.from_bytes(film[at : at + 4])
        boxes.append(film[at : at + size])
        at += size
    boxes.sort(key=lambda box: box[4:8] != b"udta")
    return film[: moov + 8] + b"".join(boxes) + film[end:]


def test_words_and_data_beside_the_film_do_no_harm(project: Project, make: Make, tmp_path: Path, clip: Path) -> None:
    (tmp_path / "words.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nhello\n")
    words = ("-i", str(clip), "-i", str(tmp_path / "words.srt"), "-map", "0", "-map", "1", "-c", "copy")

    code, _ = check(
        project, make("words.mkv", *words, "-attach", str(tmp_path / "words.srt"), "-metadata:s:3", "mimetype=text/plain")
    )

    assert code == 0


def test_a_picture_larger_than_any_cameras_is_told(project: Project, make: Make) -> None:
    code, said = check(project, make("huge.mkv", "-f", "lavfi", "-i", "color=s=12000x8000:d=0.04", "-c:v", "ffv1"))

    assert code == 1
    assert "its picture is 12,000 × 8,000, larger than any camera's" in said


def test_a_clock_that_jumps_by_weeks_is_told(project: Project, make: Make) -> None:
    jump = "setpts='if(eq(N,24),2000000,N/25)/TB'"
    code, said = check(project, make("jump.mkv", *card(seconds=1), "-vf", jump, "-fps_mode", "vfr", *H264))

    assert code == 1
    assert "it lasts longer than an hour, or its clock is broken" in said


def test_a_film_of_a_hundred_tracks_is_told(project: Project, make: Make, clip: Path) -> None:
    tracks = [word for _ in range(50) for word in ("-map", "0")]

    code, said = check(project, make("many.mkv", "-t", "0.1", "-i", str(clip), *tracks, "-c", "copy"))

    assert code == 1
    assert "it has 100 tracks" in said


def test_ten_thousand_frames_a_second_are_taken_for_what_a_phone_can_show(make: Make, tmp_path: Path) -> None:
    from site_builder.cache import Cache
    from site_builder.films import filters, masters

    fast = make("fast.mp4", *card("64x64", "10000", 0.1), *H264)

    assert filters.output_fps(masters.read_master(fast, Cache(tmp_path / "cache"))) <= 30
