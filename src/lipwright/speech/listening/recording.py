"""A recording to speech: its own sound, and the words and phonemes heard in it."""

from __future__ import annotations

from pathlib import Path

from lipwright.arrays import Samples
from lipwright.memory import give_back
from lipwright.speech.listening.listener import Heard, Listener
from lipwright.speech.listening.phones import HeardPhone
from lipwright.speech.listening.recognition import Recognizer, Whisper
from lipwright.speech.listening.sound_file import decoded
from lipwright.speech.listening.sounds import PER_SAMPLE, as_heard
from lipwright.speech.speech import Speech
from lipwright.timeline import Phoneme, Timed


def speak_recording(
    path: Path, transcript: str | None, *, recognizer: Recognizer | None = None
) -> Speech:
    """The speech in a sound file.

    Args:
        path: MP3, M4A, AAC, OGG, Opus, FLAC, WAV, WebM or a video with sound.
        transcript: What is said in it, in the user's spelling; where it is not what is said, or
            where there is none, words are recognized.
        recognizer: Writes down what is said; None is Whisper.

    Raises:
        UnreadableMedia: Not a media file, damaged, or without sound.
        InvalidRequest: Longer than half an hour.
        InvalidScript: The transcript is too long or has wrong marks in it.
    """
    with decoded(path) as sound:
        heard = Listener(as_heard(sound.mapped()), recognizer or Whisper()).hear(transcript)
        give_back()  # half an hour of sound takes 345 MB
        return _speech(sound.samples(), heard)


def _speech(samples: Samples, heard: Heard) -> Speech:
    count = len(samples)
    words = (
        Timed(min(w.start * PER_SAMPLE, count), min(w.end * PER_SAMPLE, count), w.name)
        for w in heard.words
    )
    phonemes = (_phoneme(phone, count) for phone in heard.phones)
    return Speech(samples, tuple(words), tuple(phonemes), heard.findings)


def _phoneme(heard: HeardPhone, count: int) -> Timed[Phoneme]:
    start, end = heard.span.start * PER_SAMPLE, heard.span.end * PER_SAMPLE
    return Timed(min(start, count), min(end, count), Phoneme(heard.span.name, heard.stress))
