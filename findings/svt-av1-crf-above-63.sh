#!/bin/sh
# ffmpeg's option -crf of libsvtav1 ends at 63, where the encoder itself goes on to 70: it takes the rest as a parameter of its own
# (-svtav1-params crf=69), and the file is smaller still.
# Seen with ffmpeg 9.0.2 of the wheel imageio-ffmpeg 0.8.1.
set -eu
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check imageio-ffmpeg==0.8.1
ffmpeg=$("$work/venv/bin/python" -c 'import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())')
"$ffmpeg" -version | head -n 1
encode() {  # NAME OPTIONS…: encode a second of film
  name=$1; shift
  SVT_LOG=1 "$ffmpeg" -v error -nostdin -y -f lavfi -i testsrc2=size=320x240:rate=25:duration=1 -c:v libsvtav1 -preset 8 "$@" \
    "$work/$name.mp4" 2>"$work/errors"
}
if encode option -crf 65; then option=taken; else option="refused: $(grep -o 'out of range.*' "$work/errors" | head -n 1)"; fi
encode 63 -svtav1-params crf=63; encode 69 -svtav1-params crf=69
at_63=$(wc -c <"$work/63.mp4"); at_69=$(wc -c <"$work/69.mp4")
echo "-crf 65: $option; as a parameter: $at_63 bytes at 63, $at_69 at 69"
[ "$option" != taken ] && [ "$at_69" -lt "$at_63" ]
