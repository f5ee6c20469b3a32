"""The voices that a neural model speaks."""

from __future__ import annotations

from dataclasses import dataclass

from lipwright.speech.acoustic import Acoustic
from lipwright.speech.delivery import AS_WRITTEN, Delivery
from lipwright.speech.languages import front_end_of
from lipwright.speech.passages import passages
from lipwright.speech.recital import joined
from lipwright.speech.script import read_script
from lipwright.speech.speech import Speech
from lipwright.speech.timing import recital
from lipwright.speech.voice import VoiceCard


@dataclass(frozen=True, slots=True)
class NeuralVoice:
    """Reads its language and says it with an `Acoustic` model."""

    card: VoiceCard
    acoustic: Acoustic

    def speak(self, script: str, delivery: Delivery = AS_WRITTEN) -> Speech:
        """Say the script; see `Voice.speak`."""
        front_end = front_end_of(self.card.language)
        sentences = read_script(script, front_end, pronunciations=delivery.pronunciations)
        said = tuple(passages(sentences, front_end.pronounce, delivery.rate))
        sounds = self.acoustic.sounds(tuple(passage.utterance for passage in said))
        recitals = [recital(passage, sound) for passage, sound in zip(said, sounds, strict=True)]
        texts = [token.text for sentence in sentences for token in sentence.tokens]
        return joined(said, recitals, texts)
