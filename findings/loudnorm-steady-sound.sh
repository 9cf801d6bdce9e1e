#!/bin/sh
# ffmpeg's loudnorm cannot normalise a steady sound linearly: it measures a loudness range of 0 for it, and a `measured_LRA`
# of 0 is the option's "not given", so the second pass is dynamic though `linear=true` asks otherwise. A range of 0.1 in its
# place makes it linear. Half a second of voice has no range either.
# Seen with ffmpeg 9.0.2 of the wheel imageio-ffmpeg 0.8.1.
set -eu
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check imageio-ffmpeg==0.8.1
ffmpeg=$("$work/venv/bin/python" -c 'import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())')
"$ffmpeg" -version | head -n 1
kind() {  # a second pass with this measured_LRA: what it says that it did
  "$ffmpeg" -hide_banner -nostdin -f lavfi -i "sine=frequency=300:duration=5,volume=-12dB" -af \
    "loudnorm=I=-16:TP=-1.5:linear=true:measured_I=$1:measured_TP=$2:measured_LRA=$4:measured_thresh=$3:print_format=json" \
    -f null - 2>&1 | sed -n 's/.*"normalization_type" : "\([a-z]*\)".*/\1/p'
}
first=$("$ffmpeg" -hide_banner -nostdin -f lavfi -i "sine=frequency=300:duration=5,volume=-12dB" -af \
  "loudnorm=I=-16:TP=-1.5:print_format=json" -f null - 2>&1)
value() { printf '%s' "$first" | sed -n "s/.*\"$1\" : \"\([^\"]*\)\".*/\1/p"; }
i=$(value input_i); tp=$(value input_tp); lra=$(value input_lra); thresh=$(value input_thresh)
echo "measured: I $i, TP $tp, LRA $lra, threshold $thresh"
as_measured=$(kind "$i" "$tp" "$thresh" "$lra"); helped=$(kind "$i" "$tp" "$thresh" 0.1)
echo "second pass with the measured range: $as_measured; with 0.1: $helped"
[ "$lra" = 0.00 ] && [ "$as_measured" = dynamic ] && [ "$helped" = linear ]
