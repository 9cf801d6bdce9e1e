"""Resolves links within Markdown: relative to the file they stand in (as MkDocs does), checked against what the library has."""

from __future__ import annotations

import os
import posixpath
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from site_builder.library import images, symlinks
from site_builder.library.howto import HowTo
from site_builder.library.library import Library
from site_builder.library.problems import did_you_mean
from site_builder.library.settings import Settings
from site_builder.library.sources import HOWTO_FILE_PATTERN
from site_builder.website import urls

URL_SCHEMES = ("http", "https", "mailto", "tel", "sms", "whatsapp")
# Files beside the words that a link may lead to: what a phone or a store's computer opens.
LINKABLE_SUFFIXES = (
    *(".pdf", ".txt", ".csv", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".odt", ".ods", ".odp", ".rtf", ".epub"),
    *(".zip", ".ics", ".vcf", ".gpx", ".kml", ".geojson", ".json", ".dxf", ".stl", ".mp3", ".m4a", ".ogg", ".opus"),
)


# What stands in the content folder and is nobody's page or file: editors' notes and tables.
NOT_PUBLISHED = re.compile(r"(^|/)(_[^/]*|README\.md|codes\.tsv|synonyms\.yml|[^/]*\.schema\.json)($|/)")


class BrokenLink(Exception):
    """What is wrong with a link, as a whole sentence, and a way out."""

    def __init__(self, message: str, hint: str = "", elsewhere: bool = False) -> None:
        self.message, self.hint, self.elsewhere = message, hint, elsewhere  # elsewhere: on another host, in no file at all
        super().__init__(message)


@dataclass(frozen=True)
class LinkOrigin:
    """Where a link stands: folder below content, its page's address, language, step ids (None on pages that are no how-tos)."""

    folder: str
    page: str
    lang: str
    steps: tuple[str, ...] | None = None

    @classmethod
    def of(cls, howto: HowTo) -> LinkOrigin:
        return cls(howto.category, howto.page, howto.lang, tuple(step.id for step in howto.steps))


@dataclass(frozen=True)
class LinkMap:
    """All that a link can lead to in a library."""

    library: Library
    settings: Settings

    @cached_property
    def files(self) -> Mapping[str, str]:
        """Every file below content by its name in one form (NFC), as it is spelt on the disk: hosts tell a from A."""
        files_by_name = {}
        top, leaves_out = str(self.settings.content), bool(self.settings.excluded or self.settings.drafts)
        for folder, inner, names in os.walk(top):
            inner[:] = [name for name in inner if not name.startswith((".", "_"))]
            below = folder[len(top) + 1 :].replace(os.sep, "/")
            for name in names:
                path = f"{below}/{name}" if below else name
                if leaves_out and self.settings.excludes(self.settings.content / path):
                    continue
                if symlinks.is_forbidden(f"{folder}/{name}", self.settings.root):
                    continue
                files_by_name[unicodedata.normalize("NFC", path)] = path
        return files_by_name

    @cached_property
    def page_addresses(self) -> frozenset[str]:
        """Addresses of pages that no single file stands for, and of every how-to."""
        base, langs = self.settings.options.lang, self.library.langs
        addresses = {howto.page for howto in self.library.howtos} | {"print-desk/"}
        addresses |= {address for howto in self.library.howtos for address in urls.old_urls(howto)}
        addresses |= {urls.short_code(code) for code in self.library.slug_by_code}
        for lang in {base, *langs}:
            addresses |= {make(lang, base) for make in (urls.language_root, urls.a_to_z, urls.saved)}
            addresses |= {urls.category(category.slug, lang, base) for category in self.library.categories}
        return frozenset(addresses | {editor_page_address(name) for name in self.editor_page_files})

    @cached_property
    def editor_page_files(self) -> frozenset[str]:
        """Files of pages that are no how-tos: at the top, and the introductions of categories."""
        markdown = (name for name in self.files if name.endswith(".md") and not NOT_PUBLISHED.search(name))
        return frozenset(name for name in markdown if "/" not in name or posixpath.basename(name) == "index.md")

    def howto_of_file(self, name: str, lang: str) -> HowTo | None:
        """The how-to that a file is, in the reader's language where the file's name says none."""
        match = HOWTO_FILE_PATTERN.match(posixpath.basename(name))
        if not match:
            return None
        same = self.library.by_slug.get(match["slug"], {})
        howto = same.get(match["lang"]) if match["lang"] else self.library.in_lang_or_base(match["slug"], lang)
        return howto if howto and howto.category == posixpath.dirname(name) else None

    def relative_link(self, value: str, origin: LinkOrigin) -> str:
        """A link's address as seen from the page it stands on. Raises BrokenLink."""
        target, anchor = self.resolve(value, origin)
        if target is None:
            return value
        if target == "" and anchor and not urlsplit(value).path:
            return f"#{anchor}"
        return urls.relative(origin.page, f"{target}#{anchor}" if anchor else target)

    def resolve(self, value: str, origin: LinkOrigin) -> tuple[str | None, str]:
        """(address below the site's root, anchor); address None for another host. Raises BrokenLink."""
        where = f"the link to '{value}'"
        try:
            parts = urlsplit(value.strip())
        except ValueError:
            raise BrokenLink(f"{where} is no address", "such as https://example.com/page") from None
        if parts.scheme:
            if parts.scheme not in URL_SCHEMES:
                raise BrokenLink(
                    f"{where} is not let through", f"a link leads to a file, or begins with {', '.join(URL_SCHEMES)}"
                )
            if parts.scheme in ("http", "https") and not parts.hostname:
                raise BrokenLink(f"{where} names no host", "such as https://example.com/page")
            return None, ""
        if parts.netloc:
            raise BrokenLink(f"{where} does not say how to get there", f"write https:{value}")
        if not parts.path:
            if not parts.fragment:
                raise BrokenLink(
                    "a link leads nowhere" if not value.strip() else f"{where} leads nowhere", "write where it leads"
                )
            self.require_anchor(origin.steps, parts.fragment, where)
            return "", parts.fragment
        if "\\" in parts.path:
            raise BrokenLink(f"{where} leads nowhere", f"write '{value.replace(chr(92), '/')}'")
        path = self.path_in_content(unquote(parts.path), origin)
        if path is None:
            raise BrokenLink(f"{where} leads out of the library", "what stands in the content folder can be linked to")
        return self.resolve_path(path, origin, parts.fragment, where, value)

    def path_in_content(self, path: str, origin: LinkOrigin) -> str | None:
        """A path as seen from the content folder, with its last slash; None where it leads out of it."""
        if path.startswith("/"):
            top = urlsplit(self.settings.site_url).path or "/"
            normal = posixpath.normpath(path.removeprefix(top) or ".") if path.startswith(top) else posixpath.normpath(path[1:])
        else:
            normal = posixpath.normpath(posixpath.join(origin.folder, path))
        if normal.startswith(("..", "/")):
            return None
        normal = "" if normal == "." else unicodedata.normalize("NFC", normal)
        return f"{normal}/" if normal and path.endswith(("/", "/.", "/..")) else normal

    def resolve_path(self, path: str, origin: LinkOrigin, anchor: str, where: str, value: str) -> tuple[str, str]:
        """As `resolve`, of a path below the content folder. Raises BrokenLink."""
        if howto := self.howto_of_file(path, origin.lang) if path.endswith(".md") else None:
            self.require_anchor(tuple(step.id for step in howto.steps), anchor, where)
            return howto.page, anchor
        if path in self.files:
            return self.file_address(path, where), anchor
        address = path if path == "" or path.endswith("/") else f"{path}/"
        if address in self.page_addresses and not path.endswith(".md"):
            howto = next((one for one in self.library.howtos if one.page == address), None)
            if howto:
                self.require_anchor(tuple(step.id for step in howto.steps), anchor, where)
            return address, anchor
        raise BrokenLink(f"{where} leads nowhere", self.suggestion(path, origin))

    def file_address(self, path: str, where: str) -> str:
        """A page of the library's own, or a file beside the words, where it is published."""
        name = posixpath.basename(path)
        if name.startswith(".") or NOT_PUBLISHED.search(path):
            raise BrokenLink(f"{where} leads to what is not published", "give the file another name")
        if path.endswith(".md"):
            return editor_page_address(path)
        suffix = PurePosixPath(name).suffix.lower()
        if suffix not in (*LINKABLE_SUFFIXES, *images.IMAGE_SUFFIXES):
            hint = "a PDF can be read on every phone; a film is named under 'video'"
            raise BrokenLink(f"{where} leads to a kind of file that is not published", hint)
        return self.files[path]

    def require_anchor(self, steps: tuple[str, ...] | None, anchor: str, where: str) -> None:
        """Steps are anchors; the page's own begin with `_`. Of a page that is no how-to nothing is known."""
        if anchor and steps is not None and anchor not in steps and not anchor.startswith("_"):
            raise BrokenLink(f"{where}: no step '{anchor}'", did_you_mean(anchor, steps, f"steps: {', '.join(steps)}"))

    def suggestion(self, path: str, origin: LinkOrigin) -> str:
        """A hint: the file that is spelt most alike, written as a link from here."""
        name = posixpath.basename(path.rstrip("/"))
        known: dict[str, str] = {}
        for file in self.files.values():
            if file.endswith((".md", *LINKABLE_SUFFIXES, *images.IMAGE_SUFFIXES)):
                known.setdefault(posixpath.basename(file), file)
                known.setdefault(posixpath.basename(file).removesuffix(".md"), file)
        guess = did_you_mean(name, known).removeprefix("did you mean '").removesuffix("'?")
        if not guess:
            return "a link is written as seen from the file that it stands in: ../folder/name.md"
        return f"did you mean '{posixpath.relpath(known[guess], origin.folder or '.')}'?"

    def linked_picture_file(self, value: str, origin: LinkOrigin) -> Path | None:
        """The file where a link leads to a picture. Raises BrokenLink."""
        if not value.lower().split("#")[0].endswith(images.IMAGE_SUFFIXES):
            return None
        target, _ = self.resolve(value, origin)
        return self.settings.content / target if target else None

    def picture_file(self, value: str, origin: LinkOrigin) -> Path:
        """The file of a picture within Markdown. Raises BrokenLink."""
        if value.startswith("data:"):
            raise BrokenLink(
                "a picture is written into the words ('data:')", "put its file beside and name that", elsewhere=True
            )
        try:
            parts = urlsplit(value)
        except ValueError:
            raise BrokenLink(f"no picture '{value}'", "name a file beside the how-to") from None
        if parts.scheme or parts.netloc:
            hint = "pictures from other sites are not shown: put the file beside and name that"
            raise BrokenLink(f"no picture '{value}'", hint, elsewhere=True)
        path = self.path_in_content(unquote(parts.path), origin) if parts.path else None
        if path is None or path not in self.files:
            raise BrokenLink(
                f"no picture '{value}'", self.suggestion(path, origin) if path else "name a file in the content folder"
            )
        return self.settings.content / self.files[path]


def editor_page_address(name: str) -> str:
    """The address of a page of the library's own: `about.md` is `about/`, `house/index.md` is `house/`."""
    folder, stem = posixpath.split(name.removesuffix(".md"))
    own = folder if stem in ("index", "README") else posixpath.join(folder, stem)
    return f"{own}/" if own else ""
