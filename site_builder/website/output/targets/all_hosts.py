"""The files of all hosts."""

from __future__ import annotations

from site_builder.website.output.targets.apache import apache
from site_builder.website.output.targets.github_pages import github
from site_builder.website.output.targets.netlify import netlify
from site_builder.website.output.targets.nginx import nginx
from site_builder.website.output.targets.s3 import s3


def host_files() -> dict[str, bytes]:
    """The forms of each host. `_headers` stands where its hosts look; the others are copied from hosts/."""
    found = {
        "_headers": netlify(),
        ".nojekyll": "",
        "hosts/nginx.conf": nginx(),
        "hosts/htaccess.txt": apache(),
        "hosts/s3.sh": s3(),
        "hosts/github-pages.txt": github(),
    }
    return {name: text.encode() for name, text in found.items()}
