"""What a user may write into a script besides words: a useful part of SSML 1.1 (W3C, 2010).

Pauses (``[PAUSE]``, ``<break time="500ms"/>``), and how a word is said (``<sub>``,
``<phoneme>``).  No XML parser: there is nothing to expand or to fetch, and ``I <3 you`` is text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from lipwright.errors import InvalidScript
from lipwright.speech import letters
from lipwright.timeline import SAMPLE_RATE

LONGEST_PAUSE_MS: Final = 10_000
"""As in other speech services."""
LONGEST_PAUSES_MS: Final = 60_000
"""All pauses of a script together: silence costs as much to render as speech."""

_STRENGTHS_MS: Final = {"none": 0, "x-weak": 100, "weak": 200, "medium": 400} | {
    "strong": 700,
    "x-strong": 1200,
}
_BARE_PAUSE_MS: Final = 500
"""``[PAUSE]``: a little longer than the pause between two sentences."""

_MARK: Final = re.compile(
    r"(?P<pause>\[pause\])|<(?P<closing>/?)(?P<name>[a-z][\w:-]*)(?P<rest>[^<>]*)(?P<end>>?)"
    r"|(?P<foreign><[!?]\w[^<>]*>|<!--)",
    re.IGNORECASE,
)
_ATTRIBUTE: Final = re.compile(r"""\s+([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_TIME: Final = re.compile(r"(\d{1,5}(?:\.\d{1,3})?)(ms|s)")
_ENTITIES: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ENTITY: Final = re.compile(r"&(amp|lt|gt|quot|apos);")
_UNDERSTOOD: Final = '[PAUSE], <break time="500ms"/>, <sub alias="…"> and <phoneme ph="…">'


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
class Marked:
    """A script without its marks, and what they said."""

    text: str
    said: tuple[Said, ...]
    """In order and never overlapping."""
    pauses: tuple[tuple[int, int], ...]
    """Position in `text` and samples of silence, in order."""


def read_markup(script: str) -> Marked:
    """Take the marks out of a script.

    Raises:
        InvalidScript: A mark is not understood; the message says which and where.
    """
    reader = _Reader(script)
    for match in _MARK.finditer(script):
        reader.take(match)
    return reader.finished()


@dataclass(slots=True)
class _Reader:
    script: str
    text: str = ""
    said: list[Said] = field(default_factory=list)
    pauses: list[tuple[int, int]] = field(default_factory=list)
    pauses_ms: float = 0
    opened: tuple[re.Match[str], Said] | None = None
    read_to: int = 0

    def take(self, match: re.Match[str]) -> None:
        """Read one mark, and the text before it."""
        name = (match["name"] or "").lower()
        if name and not match["end"] and name not in _ELEMENTS:
            return  # "a <b": a sign, no mark
        self._text_to(match.start())
        self.read_to = match.end()
        if match["pause"]:
            self._pause(match, _BARE_PAUSE_MS)
        elif match["foreign"] or name not in _ELEMENTS:
            raise _refused(match, f"is not understood; use {_UNDERSTOOD}, or &lt; for the sign")
        elif not match["end"]:
            raise _refused(match, 'does not end; close it with ">"')
        elif match["closing"]:
            self._close(match, name)
        else:
            self._open(match, name)

    def finished(self) -> Marked:
        """The script, when every mark is read."""
        self._text_to(len(self.script))
        if self.opened:
            match, _ = self.opened
            raise _refused(match, f"is never closed; write </{match['name']}> after its words")
        return Marked(self.text, tuple(self.said), tuple(self.pauses))

    def _text_to(self, stop: int) -> None:
        self.text += _plain(self.script[self.read_to : stop])
        self.read_to = stop

    def _open(self, match: re.Match[str], name: str) -> None:
        attributes = _attributes(match)
        unknown = sorted(set(attributes) - _ELEMENTS[name])
        if unknown:
            raise _refused(match, f'has "{unknown[0]}", which is not understood')
        if name == "break":
            self._pause(match, _break_ms(match, attributes))
        elif name != "speak":
            self._open_said(match, _said(match, name, attributes, len(self.text)))

    def _open_said(self, match: re.Match[str], said: Said) -> None:
        if self.opened:
            raise _refused(match, f"stands inside <{self.opened[0]['name']}>; close that first")
        if match["rest"].endswith("/"):
            raise _refused(match, "has no words; put them between it and its closing tag")
        self.opened = match, said

    def _close(self, match: re.Match[str], name: str) -> None:
        if name == "speak":
            return
        if not self.opened or self.opened[0]["name"].lower() != name:
            raise _refused(match, "closes what was not opened; remove it")
        opening, said = self.opened
        content = self.text[said.start :]
        if not any(map(str.isalnum, content)) or content != content.strip():
            raise _refused(opening, "must enclose words, without spaces at their ends")
        self.said.append(Said(said.start, len(self.text), said.alias, said.letters))
        self.opened = None

    def _pause(self, match: re.Match[str], pause_ms: float) -> None:
        if self.opened:
            raise _refused(match, f"stands inside <{self.opened[0]['name']}>; put it outside")
        self.pauses_ms += pause_ms
        if self.pauses_ms > LONGEST_PAUSES_MS:
            raise _refused(
                match, f"makes more than {LONGEST_PAUSES_MS // 1000} s of pauses; shorten them"
            )
        self.pauses.append((len(self.text), round(pause_ms * SAMPLE_RATE / 1000)))
        self.text += " "


_ELEMENTS: Final = {
    "speak": frozenset({"version", "xmlns", "xml:lang"}),
    "break": frozenset({"time", "strength"}),
    "sub": frozenset({"alias"}),
    "phoneme": frozenset({"alphabet", "ph"}),
}
"""What is understood, and its attributes."""


def _attributes(match: re.Match[str]) -> dict[str, str]:
    rest = match["rest"].removesuffix("/")
    found = {name.lower(): _plain(one or other) for name, one, other in _ATTRIBUTE.findall(rest)}
    if _ATTRIBUTE.sub("", rest).strip():
        raise _refused(match, 'is not well formed; write name="value"')
    return found


def _break_ms(match: re.Match[str], attributes: dict[str, str]) -> float:
    if "time" not in attributes:
        strength = attributes.get("strength", "medium")
        if strength not in _STRENGTHS_MS:
            raise _refused(match, f"has an unknown strength; use {', '.join(_STRENGTHS_MS)}")
        return _STRENGTHS_MS[strength]
    time = _TIME.fullmatch(attributes["time"].strip())
    pause_ms = float(time[1]) * (1000 if time[2] == "s" else 1) if time else -1
    if not 0 <= pause_ms <= LONGEST_PAUSE_MS:
        raise _refused(match, f'needs a time such as "500ms", at most "{LONGEST_PAUSE_MS}ms"')
    return pause_ms


def _said(match: re.Match[str], name: str, attributes: dict[str, str], start: int) -> Said:
    if name == "sub":
        alias = attributes.get("alias", "")
        if not any(map(str.isalnum, alias)):
            raise _refused(match, 'needs alias="…", the words that are said')
        return Said(start, start, alias, None)
    if attributes.get("alphabet", "ipa").lower() != "ipa":
        raise _refused(match, 'has an unknown alphabet; use alphabet="ipa"')
    ipa = attributes.get("ph", "")
    unknown = letters.unknown(letters.from_ipa(ipa))
    if not ipa.strip() or unknown:
        which = f'without "{unknown[0]}"' if unknown else "that is not empty"
        raise _refused(match, f'needs ph="…" in the IPA of English, {which}')
    return Said(start, start, None, letters.from_ipa(ipa))


def _plain(text: str) -> str:
    return _ENTITY.sub(lambda match: _ENTITIES[match[1]], text)


def _refused(match: re.Match[str], why: str) -> InvalidScript:
    before = match.string[: match.start()]
    line = before.count("\n") + 1
    character = match.start() - (before.rfind("\n") + 1) + 1
    shown = match[0] if len(match[0]) <= 40 else f"{match[0][:39]}…"
    return InvalidScript(f"Line {line}, character {character} of the script: {shown} {why}.")
