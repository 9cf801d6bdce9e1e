#!/bin/sh
# ffmpeg's -color_primaries and -color_trc of an output do nothing where its frames carry tags of their own: the encoder writes the
# frames'. What helps: the filter setparams, last before the encoder.
# Seen with ffmpeg 9.0.2 of the wheel imageio-ffmpeg 0.8.1.
set -eu
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check imageio-ffmpeg==0.8.1
ffmpeg=$("$work/venv/bin/python" -c 'import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())')
"$ffmpeg" -version | head -n 1
wide=setparams=color_primaries=bt2020:color_trc=arib-std-b67
tags() {  # FILTERS: the tags of a film that is to be BT.709 by its options
  "$ffmpeg" -v error -nostdin -y -f lavfi -i testsrc2=size=320x240:rate=25:duration=0.4 -vf "$1" -c:v libx264 \
    -color_primaries bt709 -color_trc bt709 "$work/film.mp4"
  "$ffmpeg" -hide_banner -i "$work/film.mp4" 2>&1 | sed -n 's/.*Video:.*yuv420p(\([^)]*\)).*/\1/p'
}
options=$(tags "$wide,format=yuv420p")
filter=$(tags "$wide,setparams=color_primaries=bt709:color_trc=bt709,format=yuv420p")
echo "options alone: $options; with setparams: $filter"
case $options in *bt2020*arib-std-b67*) ;; *) exit 1 ;; esac
case $filter in *bt2020* | *arib-std-b67*) exit 1 ;; esac
