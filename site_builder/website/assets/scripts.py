"""The scripts of one site: each bundle with the settings and messages that it needs, and its address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from site_builder.library import phones
from site_builder.library.messages import messages_of
from site_builder.library.settings import Settings
from site_builder.website import urls
from site_builder.website.assets import bundles
from site_builder.website.assets.stylesheet import minified_style
from site_builder.website.search.results import script_constants


@dataclass(frozen=True)
class Script:
    address: str
    data: bytes


def script(name: str, data: bytes) -> Script:
    return Script(urls.asset(name, data), data)


@dataclass(frozen=True)
class Scripts:
    settings: Settings
    langs: tuple[str, ...]

    @cached_property
    def core(self) -> Script:
        """What every page asks for."""
        return script("site.js", bundles.core_bundle())

    @cached_property
    def player(self) -> Script:
        return script("player.js", bundles.with_facts(bundles.PLAYER, {"css": minified_style("player.css")}))

    @cached_property
    def calculator(self) -> Script:
        return script("calculator.js", bundles.minified_bundle(bundles.CALCULATOR).encode())

    @cached_property
    def beacon(self) -> Script | None:
        """None where the settings say that nobody listens."""
        if not self.settings.options.listen:
            return None
        return script("listen.js", bundles.minified_bundle(bundles.BEACON).encode())

    @cached_property
    def outdated_print(self) -> Script:
        """What tells who comes from a print that is wrong."""
        return script("older.js", bundles.minified_bundle(bundles.OUTDATED_PRINT).encode())

    @cached_property
    def search(self) -> Mapping[str, Script]:
        """The search of each language, loaded when somebody searches."""
        return {lang: script(f"search.{lang}.js", self._search(lang)) for lang in self.langs}

    def _search(self, lang: str) -> bytes:
        return bundles.with_messages(bundles.SEARCH, messages_of(lang), script_constants(lang))

    @cached_property
    def on_demand(self) -> Mapping[str, Script]:
        """Saving, sharing, tariffs, in each language: loaded at the first tap on one of them."""
        return {lang: script(f"phone.{lang}.js", self._on_demand(lang)) for lang in self.langs}

    def _on_demand(self, lang: str) -> bytes:
        tariff = self.settings.tariff
        facts = {
            "css": minified_style("saved.css"),
            "tariffs": [[t.name, t.rand_per_mb, t.as_of] for t in self.settings.options.tariffs],
            "tariff": tariff.name if tariff else None,
            "store": store_contacts(self.settings),
        }
        return bundles.with_messages(bundles.ON_DEMAND, messages_of(lang), facts)

    def files(self) -> dict[str, bytes]:
        """All that pages may ask for, by address; without `outdated_print`, which few libraries need."""
        return {each.address: each.data for each in self._pages_scripts()}

    def _pages_scripts(self) -> Iterator[Script]:
        yield from (self.core, self.player, self.calculator)
        yield from self.search.values()
        yield from self.on_demand.values()
        if self.beacon:
            yield self.beacon


def store_contacts(settings: Settings) -> dict[str, str]:
    """The store's numbers as links want them."""
    store, country = settings.options.store, settings.options.country
    numbers = {"phone": store.phone, "missed": store.missed_call}
    return {
        "whatsapp": phones.e164_digits(store.whatsapp, country),
        **{name: phones.tel_number(number) for name, number in numbers.items()},
    }
