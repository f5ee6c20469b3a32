"""The words of a written speech, spelled anew."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from lipwright.errors import InvalidRequest, UnreadableMedia
from lipwright.speech.speech import TIMING_FILE


def respell(folder: Path, words: Sequence[str]) -> None:
    """Write the words of a speech anew; when they are spoken stays.

    Args:
        folder: Its ``speech.json`` is replaced; ``speech.wav`` need not be there.
        words: One for each word of the speech.

    Raises:
        InvalidRequest: There are more words, or fewer.
        UnreadableMedia: The file is missing, damaged or not ours.
    """
    path = folder / TIMING_FILE
    try:
        timing = json.loads(path.read_text(encoding="utf-8"))
        old = list(timing["words"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreadableMedia(f"{folder} does not hold a speech: {error}.") from error
    if len(old) != len(words):
        raise InvalidRequest(f"{len(old)} words are spoken, and {len(words)} were given.")
    timing["words"] = [{**word, "value": text} for word, text in zip(old, words, strict=True)]
    path.write_text(json.dumps(timing, ensure_ascii=False, indent=1), encoding="utf-8")
