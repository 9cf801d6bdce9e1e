"""A string in another language than the text around it."""

from __future__ import annotations


class FallbackText(str):
    """A string in another language than the text around it: what a translation lacks, taken from `lang`.

    Pages mark it with that `lang`.
    """

    lang: str

    def __new__(cls, words: str, lang: str) -> FallbackText:
        self = super().__new__(cls, words)
        self.lang = lang
        return self

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        return str(self), self.lang

    def __repr__(self) -> str:
        return f"Borrowed({str(self)!r}, {self.lang!r})"
