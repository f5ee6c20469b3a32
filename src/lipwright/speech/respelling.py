"""The words of a written speech, spelled anew."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from lipwright.errors import UnreadableMedia
from lipwright.speech.rewording import reworded
from lipwright.speech.speech import TIMING_FILE
from lipwright.timeline import Timed


def respell(folder: Path, words: Sequence[str]) -> tuple[Timed[str], ...]:
    """Write the words of a speech anew, at the times of the old ones; see `reworded`.

    Gives them with their times.

    Args:
        folder: Its ``speech.json`` is replaced; ``speech.wav`` need not be there.
        words: As they are to be shown, in order; more or fewer than there were are welcome.

    Raises:
        UnreadableMedia: The file is missing, damaged or not ours.
    """
    path = folder / TIMING_FILE
    try:
        timing = json.loads(path.read_text(encoding="utf-8"))
        old = [Timed(**word) for word in timing["words"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreadableMedia(f"{folder} does not hold a speech: {error}.") from error
    new = reworded(old, words)
    timing["words"] = [asdict(word) for word in new]
    path.write_text(json.dumps(timing, ensure_ascii=False, indent=1), encoding="utf-8")
    return new
