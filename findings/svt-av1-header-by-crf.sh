#!/bin/sh
# SVT-AV1 writes another sequence header from CRF 58 up: it takes larger blocks (128 × 128) there, which is a flag of the header,
# at one preset and size. Shots of one film at different CRF can then not be joined in one .mp4, which has room for one header:
# a decoder that got the other one shows nothing. What helps: keep all shots on one side of CRF 58.
# Seen with SVT-AV1 in the ffmpeg 9.0.2 of the wheel imageio-ffmpeg 0.8.1.
set -eu
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check imageio-ffmpeg==0.8.1
ffmpeg=$("$work/venv/bin/python" -c 'import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())')
"$ffmpeg" -version | head -n 1
header() {  # of a film at this CRF: the checksum of its sequence header alone (OBU type 1)
  SVT_LOG=1 "$ffmpeg" -v error -nostdin -y -f lavfi -i testsrc2=size=768x432:rate=25:duration=0.4 -pix_fmt yuv420p10le \
    -c:v libsvtav1 -preset 5 -svtav1-params "crf=$1:lp=1" "$work/$1.mp4"
  "$ffmpeg" -v error -nostdin -i "$work/$1.mp4" -c copy -bsf:v filter_units=pass_types=1 -f obu - | cksum
}
low=$(header 50); below=$(header 57.75); from=$(header 58); high=$(header 62)
echo "header at CRF 50: $low; 57.75: $below; 58: $from; 62: $high"
[ "$low" = "$below" ] && [ "$from" = "$high" ] && [ "$below" != "$from" ]
