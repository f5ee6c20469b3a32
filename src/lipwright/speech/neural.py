"""The voices that a neural model speaks."""

from __future__ import annotations

from dataclasses import dataclass

from lipwright.speech.acoustic import Acoustic
from lipwright.speech.passages import passages
from lipwright.speech.pronunciation import Pronouncer
from lipwright.speech.recital import joined
from lipwright.speech.script import read_script
from lipwright.speech.speech import Speech
from lipwright.speech.timing import recital
from lipwright.speech.voice import VoiceCard


@dataclass(frozen=True, slots=True)
class NeuralVoice:
    """Reads English with a `Pronouncer` and says it with an `Acoustic` model."""

    card: VoiceCard
    acoustic: Acoustic

    def speak(self, script: str) -> Speech:
        """Say the script; see `Voice.speak`."""
        sentences = read_script(script, british=self.card.british)
        said = tuple(passages(sentences, Pronouncer(british=self.card.british)))
        sounds = self.acoustic.sounds(tuple(passage.letters for passage in said))
        recitals = [recital(passage, sound) for passage, sound in zip(said, sounds, strict=True)]
        texts = [token.text for sentence in sentences for token in sentence.tokens]
        return joined(said, recitals, texts)
