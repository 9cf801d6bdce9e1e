"""A how-to becomes a leaflet: data -> Typst -> PDF, then read back as a phone would. The only file that starts Typst."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pypdfium2
import typst

from site_builder.leaflets import qr
from site_builder.library.model import Borrowed, HowTo, Leaflet, Material, Still, Time
from site_builder.library.settings import Settings
from site_builder.library.words import Words, words

RECIPE = 1  # raise it when the same inputs would make other bytes
HERE = Path(__file__).parent
FORMATS = {path.stem: path for path in sorted((HERE / "formats").glob("*.typ"))}
PARTS = HERE / "parts.typ"
FONTS = HERE / "fonts"
STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]
READ_AT = 200  # dpi; a phone sees more
DIFFICULTY = {1: "common.easy", 2: "common.some_skill", 3: "common.skilled"}
FRACTIONS = {0.25: "¼", 0.5: "½", 0.75: "¾"}
CURRENCIES = {"ZAR": "R"}
# "8 mm" inside Arabic: a run of Latin words and numbers keeps its own order between U+2066 and U+2069.
UNITS = r"A-Za-z%\u2113\u00b0\u00b2\u00b3"  # ℓ ° ² ³
LATIN_RUN = re.compile(rf"[0-9{UNITS}][\w .,:/+\u00d7\u2013{UNITS}-]*(?<=[{UNITS}])", re.ASCII)  # × –

here = threading.local()
pdfium = threading.Lock()  # PDFium is not made for threads


class TypesetFailed(Exception):
    """Typst refused a leaflet; says which, and Typst's reason."""


class WrongCode(Exception):
    """The code on a printed page does not say the leaflet's link."""

    def __init__(self, slug: str, expected: str, found: Iterable[str]) -> None:
        self.slug = slug
        self.expected = expected
        self.found = tuple(found)
        super().__init__(
            f"leaflet '{slug}': its code should say '{expected}', a phone reads {', '.join(self.found) or 'nothing'}"
        )


def typeset(howto: HowTo, stills: Mapping[str, Still], settings: Settings, into: Path) -> Leaflet:
    """Write the how-to's leaflet to `into`. Raises TypesetFailed, or WrongCode when its code does not lead to its page."""
    said = data(howto, stills, settings)
    pdf = compile(said, pictures(howto, stills))
    pages = pages_of(pdf)
    check(howto.slug, said["link"], pages)
    into.write_bytes(pdf)
    return Leaflet(path=into, key=key(said, stills), pages=len(pages), bytes=len(pdf), link=said["link"])


def key(data: Mapping[str, Any], stills: Mapping[str, Still]) -> str:
    """A hash of all that makes the leaflet's bytes."""
    facts = {
        "recipe": RECIPE,
        "typst": version("typst"),
        "data": data,
        "stills": {step: still.jpeg.key for step, still in stills.items()},
        "frame": frame_hash(),
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


@cache
def frame_hash() -> str:
    """Of templates and fonts, which do not change while the program runs."""
    digest = hashlib.sha256()
    for path in (FORMATS["leaflet"], PARTS, *sorted(FONTS.glob("*.ttf"))):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def data(howto: HowTo, stills: Mapping[str, Still], settings: Settings) -> dict[str, Any]:
    """All that the template prints, as JSON: words, the code's outline, names of pictures. No clock, no file is asked."""
    frame = words(howto.lang)
    say = speaker(frame)
    link = f"{settings.short_url}/{howto.code}"
    code = qr.code(link)
    changed = max([howto.published, *(correction.date for correction in howto.corrections)])
    names = {name: say(frame(where)) for name, where in FRAME.items()}
    return {
        "lang": howto.lang.split("-")[0],
        "direction": direction(frame),
        "paper": settings.options.paper,
        "slug": howto.slug,
        "name": str(howto.title),
        "title": say(howto.title),
        "description": str(howto.summary),
        "summary": say(howto.summary),
        "keywords": [howto.code, howto.slug, f"version {howto.version}", howto.licence],
        "day": {"year": changed.year, "month": changed.month, "day": changed.day},
        "date": changed.isoformat(),
        "code": howto.code,
        "link": link,
        "typed": f"{settings.short_words}/{howto.code}",
        "scan": say(frame("leaflet.scan_film" if howto.video else "leaflet.scan_page")),
        "qr": {"size": code.size, "quiet": qr.QUIET, "outline": code.outline},
        "qr_alt": str(frame("leaflet.qr_alt", link=link)),
        "store": {"name": settings.options.store.name, "more": list(contact(settings))},
        "words": names | {"version": say(frame("common.version", version=howto.version))},
        "facts": [say(fact) for fact in facts(howto, frame)],
        "notices": list(notices(howto, frame)),
        "reviewed": say(reviewed(howto, frame)),
        "do_not_start_if": [say(line) for line in howto.do_not_start_if],
        "safety": [
            {"level": line.level, "label": say(frame(f"common.{line.level}")), "text": say(line.text)} for line in howto.safety
        ],
        "gear": [say(frame(f"gear.{thing}")) for thing in howto.ppe],
        "emergency": say(howto.emergency),
        "tools": [{"name": say(tool.name), "instead": say(tool.instead), "hire": tool.hire} for tool in howto.tools],
        "materials": [{"name": say(one.name), "quantity": say(quantity(one, frame))} for one in howto.materials],
        "steps": [
            {
                "number": number,
                "title": say(step.title),
                "text": say(step.text),
                "check": say(step.check),
                "critical": step.critical,
                "picture": picture(number) if step.id in stills else None,
                "alt": str(frame("leaflet.still_alt", number=number, title=step.title)),
            }
            for number, step in enumerate(howto.steps, start=1)
        ],
        "done_when": say(howto.done_when),
        "mistakes": [{"see": say(one.see), "likely": say(one.likely), "do": say(one.do)} for one in howto.mistakes],
        "questions": [{"q": say(one.q), "a": say(one.a)} for one in howto.faq],
        "law": say(howto.law),
        "blanks": [{"label": say(label), "unit": say(unit)} for label, unit in blanks(howto, frame)],
    }


COMMON = (
    "safety_first",
    "do_not_start_if",
    "emergency",
    "tools",
    "materials",
    "steps",
    "check",
    "done_when",
    "mistakes",
    "law",
)
OWN = ("quantity", "instead", "hire", "wear", "see", "likely", "do", "questions", "measurements")
FRAME = {name: f"common.{name}" for name in COMMON} | {name: f"leaflet.{name}" for name in OWN}

Said = str | dict[str, str] | None


def speaker(frame: Words) -> Callable[[str | None], Said]:
    """Words as the template takes them: a string, or {text, lang} where another language lent them."""

    def say(said: str | None) -> Said:
        if said is None:
            return None
        turned = direction(frame) == "rtl"
        if isinstance(said, Borrowed) and said.lang != frame.lang:
            return {"text": f"\u2066{said}\u2069" if turned else str(said), "lang": said.lang.split("-")[0]}
        return isolated(said) if turned else str(said)

    return say


def direction(frame: Words) -> str:
    return "rtl" if frame.table.get("about.direction") == "rtl" or frame.lang.split("-")[0] in ("ar", "fa", "ur") else "ltr"


def isolated(said: str) -> str:
    return LATIN_RUN.sub(lambda run: f"\u2066{run[0]}\u2069", said)


def facts(howto: HowTo, frame: Words) -> Iterator[str]:
    """Time, difficulty, risk, cost: what one asks before one begins."""
    yield spent(howto.time, frame)
    if howto.time.wait:
        yield frame("leaflet.wait", time=duration(howto.time.wait, frame))
    yield frame(DIFFICULTY[howto.difficulty])
    yield frame(f"common.{howto.risk}")
    if howto.cost:
        symbol = CURRENCIES.get(howto.cost.currency, f"{howto.cost.currency} ")
        low, high = (f"{symbol}{sum:g}" for sum in (howto.cost.min, howto.cost.max))
        name = "leaflet.cost_one" if low == high else "leaflet.cost"
        yield frame(name, min=low, max=high, month=f"{howto.cost.as_of:%Y-%m}")


def spent(time: Time, frame: Words) -> str:
    return duration((time.prep or dt.timedelta()) + time.work, frame)


def duration(time: dt.timedelta, frame: Words) -> str:
    days, minutes = divmod(round(time.total_seconds() / 60), 24 * 60)
    hours, minutes = divmod(minutes, 60)
    parts = [
        frame("leaflet.days_one" if days == 1 else "leaflet.days", n=days) if days else "",
        frame("leaflet.hours", n=hours) if hours else "",
        frame("leaflet.minutes", n=minutes) if minutes else "",
    ]
    return " ".join(part for part in parts if part)


def notices(howto: HowTo, frame: Words) -> Iterator[dict[str, Any]]:
    """What is still unread or unchecked, loud where that may harm somebody; and what older prints say wrongly."""
    say = speaker(frame)
    if not howto.checked:
        yield {"text": say(frame("common.not_checked")), "loud": howto.risk == "high"}
    if not howto.translation_read or (frame.draft and howto.lang != howto.base_lang):
        yield {"text": say(frame("common.translation_unread")), "loud": False}
    for correction in howto.corrections:
        if correction.serious:
            said = frame("leaflet.corrected", date=correction.date.isoformat(), what=correction.what)
            # corrections are written in the base language alone
            lent = Borrowed(f"{correction.date.isoformat()}: {correction.what}", howto.base_lang)
            yield {"text": say(said if howto.lang == howto.base_lang else lent), "loud": False}


def reviewed(howto: HowTo, frame: Words) -> str | None:
    by = howto.reviewed_by
    return frame("leaflet.reviewed", name=by.name, role=by.role) if by else None


def quantity(material: Material, frame: Words) -> str:
    whole, rest = divmod(material.qty, 1)
    if rest in FRACTIONS:
        number = f"{whole:.0f}{FRACTIONS[rest]}" if whole else FRACTIONS[rest]
    else:
        number = f"{material.qty:.10g}".replace(".", frame("unit.decimal"))
    many = f"unit.many_{material.unit}"
    unit = frame(many if material.qty > 1 and many in words("en").table else f"unit.{material.unit}")
    return f"{number}\u00a0{unit}" if unit else number


def blanks(howto: HowTo, frame: Words) -> Iterator[tuple[str, str]]:
    """What to measure, then what to buy: the calculator's own names with a line to write on."""
    if howto.calculator:
        yield from ((ask.label, frame(f"unit.{ask.unit}")) for ask in howto.calculator.ask)
        for give in howto.calculator.give:
            many = f"unit.many_{give.pack_unit}"
            yield give.label, frame(many if many in words("en").table else f"unit.{give.pack_unit}")


def contact(settings: Settings) -> Iterator[str]:
    store = settings.options.store
    if store.phone:
        yield store.phone
    if store.whatsapp and store.whatsapp != store.phone:
        yield f"WhatsApp {store.whatsapp}"
    if store.address:
        yield store.address


def picture(number: int) -> str:
    """A still's name inside the template: ours, never the editor's words."""
    return f"step-{number}.jpg"


def pictures(howto: HowTo, stills: Mapping[str, Still]) -> dict[str, bytes]:
    return {
        picture(number): stills[step.id].jpeg.path.read_bytes()
        for number, step in enumerate(howto.steps, start=1)
        if step.id in stills
    }


def compile(said: Mapping[str, Any], pictures: Mapping[str, bytes], format: str = "leaflet") -> bytes:
    """The PDF. Typst sees one folder of its own and nothing else: not the content, not the machine's fonts, not the clock."""
    day = dt.datetime(**said["day"], tzinfo=dt.UTC)
    with TemporaryDirectory(prefix="leaflet-") as folder:
        root = Path(folder)
        for name, file in {"main.typ": FORMATS[format].read_bytes(), "parts.typ": PARTS.read_bytes(), **pictures}.items():
            (root / name).write_bytes(file)
        try:
            made = compiler().compile(
                root / "main.typ",
                root=root,
                sys_inputs={format: json.dumps(said, ensure_ascii=False)},
                format="pdf",
                pdf_standards=STANDARDS,
                timestamp=day,
            )
        except typst.TypstError as error:
            hints = "".join(f"\n    hint: {hint}" for hint in error.hints)
            raise TypesetFailed(f"leaflet '{said['slug']}' ({said['lang']}): {error.message}{hints}") from None
    assert isinstance(made, bytes)
    return made


def compiler() -> typst.Compiler:
    """One a thread: it keeps the fonts, and what the last leaflet had in common with the next."""
    if not hasattr(here, "compiler"):
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
        here.compiler = typst.Compiler(font_paths=fonts)
    made: typst.Compiler = here.compiler
    return made


def pages_of(pdf: bytes) -> list[list[str]]:
    """What the codes of each page say, rasterised as a printer would."""
    found = []
    with pdfium:
        document = pypdfium2.PdfDocument(pdf)
        try:
            for page in document:
                bitmap = page.render(scale=READ_AT / 72, grayscale=True)
                found.append(qr.read(bytes(bitmap.buffer), bitmap.stride, bitmap.height))
                bitmap.close()
        finally:
            document.close()
    return found


def check(slug: str, link: str, pages: list[list[str]]) -> None:
    """Raise WrongCode unless the first page's code says the link, and no other code stands on any page."""
    found = [text for page in pages for text in page]
    if found != [link] or pages[0] != [link]:
        raise WrongCode(slug, link, found)
