#!/bin/sh
# A real Chromium for the browser tests: the machine's own, else Playwright's, else Debian's package, else one clear sentence.
python="$1"
for name in "$SITE_BUILDER_CHROMIUM" chromium chromium-browser google-chrome google-chrome-stable; do
  if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if "$python" -m playwright install chromium >/dev/null 2>&1; then exit 0; fi
if command -v apt-get >/dev/null 2>&1; then
  if [ "$(id -u)" = 0 ]; then sudo=; else sudo="sudo -n"; fi
  if { $sudo apt-get update -qq && $sudo apt-get install -y -qq --no-install-recommends chromium; } >/dev/null 2>&1; then exit 0; fi
fi
echo "The browser tests need Chromium and it could not be installed: install it (Debian: apt install chromium)," >&2
echo "or name one with SITE_BUILDER_CHROMIUM=/path/to/chromium." >&2
exit 1
