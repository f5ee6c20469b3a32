"""The account's dictionary: ``/api/pronunciations/``."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, field_validator

from lipwright import pipeline
from lipwright.errors import InvalidRequest
from lipwright.service.scene_orders import Pronunciations
from lipwright.service.wire import tasks
from lipwright.service.wire.fields import Body, Pronunciation, wrong

ENTRIES_LIMIT = 1000


class PronunciationsRequest(Body):
    """Body of ``PUT /api/pronunciations/``: the whole dictionary."""

    pronunciations: Annotated[list[Pronunciation], Field(max_length=ENTRIES_LIMIT)]

    @field_validator("pronunciations")
    @classmethod
    def _each_once(cls, entries: list[Pronunciation]) -> list[Pronunciation]:
        known: set[str] = set()
        for entry in entries:
            word = " ".join(entry.word.casefold().split())
            if word in known:
                raise wrong('"{word}" is there twice.', word=entry.word)
            known.add(word)
            try:
                pipeline.check_pronunciation(entry.word, entry.say)
            except InvalidRequest as error:
                raise wrong("{reason}", reason=str(error)) from None
        return entries

    def entries(self) -> Pronunciations:
        """In our words."""
        return tuple((entry.word, entry.say) for entry in self.pronunciations)


class PronunciationAnswer(tasks.Answer):
    """How a word is said."""

    word: str
    say: str


class PronunciationsAnswer(tasks.Answer):
    """The whole dictionary."""

    pronunciations: list[PronunciationAnswer]


def pronunciations(entries: Pronunciations) -> dict[str, Any]:
    """Every field of `PronunciationsAnswer`."""
    return {"pronunciations": [{"word": word, "say": said} for word, said in entries]}
