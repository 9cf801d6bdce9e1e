#!/bin/sh
# ffmpeg's loudnorm hands a sound that is shorter than its window of 3 s over in one piece, as one frame: the FLAC encoder that comes
# next refuses it ("invalid block size"), where a longer sound passes. What helps: the filter asetnsamples between the two.
# Seen with ffmpeg 9.0.2 of the wheel imageio-ffmpeg 0.8.1.
set -eu
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check imageio-ffmpeg==0.8.1
ffmpeg=$("$work/venv/bin/python" -c 'import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())')
"$ffmpeg" -version | head -n 1
flac() {  # SECONDS FILTERS: what becomes of a sound that goes through them
  if "$ffmpeg" -v error -nostdin -y -f lavfi -i "sine=frequency=300:duration=$1" -af "$2" -c:a flac "$work/sound.flac" \
    2>"$work/errors"; then echo made; else grep -o 'invalid block size: [0-9]*' "$work/errors" | head -n 1; fi
}
short=$(flac 2 loudnorm=I=-16); long=$(flac 5 loudnorm=I=-16); helped=$(flac 2 loudnorm=I=-16,asetnsamples=n=4096:p=0)
echo "2 s: $short; 5 s: $long; 2 s with asetnsamples: $helped"
case $short in invalid*) ;; *) exit 1 ;; esac
[ "$long" = made ] && [ "$helped" = made ]
