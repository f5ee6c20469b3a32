"""What a user may write into a script besides words: a useful part of SSML 1.1 (W3C, 2010).

Pauses (``[PAUSE]``, ``<break time="500ms"/>``), how words are said (``<sub>``, ``<phoneme>``,
``<say-as>``, ``<prosody rate>``, ``<emphasis>``) and where sentences end (``<s>``, ``<p>``).  No
XML parser: there is nothing to expand or to fetch, and ``I <3 you`` is text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from lipwright.speech.delivery import FASTEST, SLOWEST, Emphasis
from lipwright.speech.languages.front_end import FrontEnd
from lipwright.speech.marks import (
    ELEMENTS,
    Instead,
    alias_of,
    attributes_of,
    break_ms,
    emphasis_of,
    phonemes_of,
    rate_of,
    refused,
    said_as,
    without_entities,
)
from lipwright.timeline import SAMPLE_RATE

LONGEST_PAUSES_MS: Final = 60_000
"""All pauses of a script together: silence costs as much to render as speech."""

SENTENCE_END: Final = "\x1e"
"""Stands in the text, as a space, where ``<s>`` opens or closes."""
_PARAGRAPH_END: Final = f"{SENTENCE_END}\n\n"
_BARE_PAUSE_MS: Final = 500
"""``[PAUSE]``: a little longer than the pause between two sentences."""

_MARK: Final = re.compile(
    r"(?P<pause>\[pause\])|<(?P<closing>/?)(?P<name>[a-z][\w:-]*)(?P<rest>[^<>]*)(?P<end>>?)"
    r"|(?P<foreign><[!?]\w[^<>]*>|<!--)",
    re.IGNORECASE,
)
_UNDERSTOOD: Final = '[PAUSE], <break time="500ms"/>, <sub alias="…">, ' + ", ".join(
    f"<{name}>" for name in ELEMENTS if name not in ("break", "sub", "speak")
)
_BOUNDARIES: Final = {"s": SENTENCE_END, "p": _PARAGRAPH_END, "speak": ""}
_SAYING: Final = ("sub", "phoneme", "say-as")
"""Elements whose content is one caption word, said otherwise than it is written."""


@dataclass(frozen=True, slots=True)
class Said:
    """A stretch of text that is said otherwise than it is written."""

    start: int
    end: int
    alias: str | None
    """What is said instead, in words."""
    letters: str | None
    """What is said instead, in phoneme letters."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a stretch of text is said."""

    start: int
    end: int
    rate: float = 1.0
    emphasis: Emphasis | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """A script without its marks, and what they said."""

    text: str
    said: tuple[Said, ...]
    """In order and never overlapping."""
    pauses: tuple[tuple[int, int], ...]
    """Position in `text` and samples of silence, in order."""
    manners: tuple[Manner, ...] = ()
    """Inner before outer."""


@dataclass(frozen=True, slots=True)
class _Opened:
    """An element that waits for its closing tag."""

    match: re.Match[str]
    name: str
    attributes: dict[str, str]
    start: int


def read_markup(script: str, front_end: FrontEnd) -> Marked:
    """Take the marks out of a script.

    Raises:
        InvalidScript: A mark is not understood; the message says which and where.
    """
    reader = _Reader(script, front_end)
    for match in _MARK.finditer(script):
        reader.take(match)
    return reader.finished()


@dataclass(slots=True)
class _Reader:
    script: str
    front_end: FrontEnd
    text: str = ""
    said: list[Said] = field(default_factory=list)
    manners: list[Manner] = field(default_factory=list)
    pauses: list[tuple[int, int]] = field(default_factory=list)
    pauses_ms: float = 0
    opened: list[_Opened] = field(default_factory=list)
    read_to: int = 0

    def take(self, match: re.Match[str]) -> None:
        """Read one mark, and the text before it."""
        name = (match["name"] or "").lower()
        if name and not match["end"] and name not in ELEMENTS:
            return  # "a <b": a sign, no mark
        self._text_to(match.start())
        self.read_to = match.end()
        if match["pause"]:
            self._pause(match, _BARE_PAUSE_MS)
        elif match["foreign"] or name not in ELEMENTS:
            raise refused(match, f"is not understood; use {_UNDERSTOOD}, or &lt; for the sign")
        elif not match["end"]:
            raise refused(match, 'does not end; close it with ">"')
        elif match["closing"]:
            self._close(match, name)
        else:
            self._open(match, name)

    def finished(self) -> Marked:
        """The script, when every mark is read."""
        self._text_to(len(self.script))
        if self.opened:
            match = self.opened[-1].match
            raise refused(match, f"is never closed; write </{match['name']}> after its words")
        return Marked(self.text, tuple(self.said), tuple(self.pauses), tuple(self.manners))

    def _text_to(self, stop: int) -> None:
        self.text += without_entities(self.script[self.read_to : stop])
        self.read_to = stop

    def _open(self, match: re.Match[str], name: str) -> None:
        attributes = attributes_of(match, name)
        if name == "break":
            self._pause(match, break_ms(match, attributes))
            return
        self._outside_saying(match, "close that first")
        if match["rest"].endswith("/"):
            raise refused(match, "has no words; put them between it and its closing tag")
        self._instead(match, name, attributes, None)
        self.text += _BOUNDARIES.get(name, "")
        self.opened.append(_Opened(match, name, attributes, len(self.text)))

    def _close(self, match: re.Match[str], name: str) -> None:
        if not any(this.name == name for this in self.opened):
            raise refused(match, "closes what was not opened; remove it")
        opening = self.opened.pop()
        if opening.name != name:
            raise refused(match, f"stands inside <{opening.match['name']}>; close that first")
        content = self.text[opening.start :]
        if name in _SAYING:
            if not any(map(str.isalnum, content)) or content != content.strip():
                raise refused(opening.match, "must enclose words, without spaces at their ends")
            instead = self._instead(opening.match, name, opening.attributes, content)
            self.said.append(Said(opening.start, len(self.text), instead.alias, instead.letters))
        elif name in ("prosody", "emphasis"):
            self.manners.append(self._manner(opening))
        self.text += _BOUNDARIES.get(name, "")

    def _instead(
        self, match: re.Match[str], name: str, attributes: dict[str, str], content: str | None
    ) -> Instead:
        """What is said instead; at the opening tag (without content) only to refuse early."""
        if name == "sub":
            return alias_of(match, attributes)
        if name == "phoneme":
            return phonemes_of(match, attributes, self.front_end)
        if name == "say-as" and content is not None:
            return said_as(match, attributes, content, self.front_end)
        if name == "prosody":
            rate_of(match, attributes)
        elif name == "emphasis":
            emphasis_of(match, attributes)
        return Instead()

    def _manner(self, opening: _Opened) -> Manner:
        start, end = opening.start, len(self.text)
        if opening.name == "emphasis":
            return Manner(start, end, emphasis=emphasis_of(opening.match, opening.attributes))
        return Manner(start, end, rate_of(opening.match, opening.attributes))

    def _outside_saying(self, match: re.Match[str], advice: str) -> None:
        inner = self.opened[-1] if self.opened else None
        if inner and inner.name in _SAYING:
            raise refused(match, f"stands inside <{inner.match['name']}>; {advice}")

    def _pause(self, match: re.Match[str], pause_ms: float) -> None:
        self._outside_saying(match, "put it outside")
        self.pauses_ms += pause_ms
        if self.pauses_ms > LONGEST_PAUSES_MS:
            raise refused(
                match, f"makes more than {LONGEST_PAUSES_MS // 1000} s of pauses; shorten them"
            )
        self.pauses.append((len(self.text), round(pause_ms * SAMPLE_RATE / 1000)))
        self.text += " "


def manner_of(marked: Marked, start: int, end: int) -> tuple[float, Emphasis | None]:
    """How the word ``[start, end)`` is said: rates multiply, the inner emphasis wins."""
    rate, emphasis = 1.0, None
    for this in marked.manners:
        if this.start < end and start < this.end:
            rate *= this.rate
            emphasis = emphasis or this.emphasis
    return min(max(rate, SLOWEST), FASTEST), emphasis
