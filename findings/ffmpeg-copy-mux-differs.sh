#!/bin/sh
# ffmpeg joins one picture and one sound, both copied, to files that differ from run to run: it reads its inputs in threads, and with
# -chunk_duration their order of arrival decides where a chunk ends, though -fflags +bitexact is given. Of 300 runs, eight at a time
# on two cores, 82 gave another file. What helps: one thread that hands the packets over by their time, as PyAV allows.
# Seen with ffmpeg 9.0.2 of the wheel imageio-ffmpeg 0.8.1.
set -eu
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check imageio-ffmpeg==0.8.1
ffmpeg=$("$work/venv/bin/python" -c 'import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())')
export ffmpeg work
"$ffmpeg" -version | head -n 1
"$ffmpeg" -v error -nostdin -f lavfi -i testsrc2=size=320x240:rate=25:duration=60 -c:v libx264 -preset ultrafast "$work/picture.mp4"
"$ffmpeg" -v error -nostdin -f lavfi -i sine=duration=60 -c:a libopus -b:a 16k "$work/sound.mp4"
seq 200 | xargs -P 8 -I{} sh -c '"$ffmpeg" -v error -nostdin -i "$work/picture.mp4" -i "$work/sound.mp4" -c copy -fflags +bitexact \
  -movflags +faststart -chunk_duration 2000000 "$work/{}.mp4"; cksum <"$work/{}.mp4"; rm "$work/{}.mp4"' | sort | uniq -c >"$work/sums"
echo "runs, checksum, bytes:"; cat "$work/sums"
[ "$(wc -l <"$work/sums")" -gt 1 ]
