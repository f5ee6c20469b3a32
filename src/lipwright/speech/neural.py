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
from lipwright.speech.voice import Progress, VoiceCard


@dataclass(frozen=True, slots=True)
class NeuralVoice:
    """Reads its language and says it with an `Acoustic` model."""

    card: VoiceCard
    acoustic: Acoustic

    def speak(
        self,
        script: str,
        delivery: Delivery = AS_WRITTEN,
        told: Progress = lambda done, total: None,
    ) -> Speech:
        """Say the script; see `Voice.speak`."""
        front_end = front_end_of(self.card.language)
        sentences = read_script(script, front_end, pronunciations=delivery.pronunciations)
        said = tuple(passages(sentences, front_end.pronounce, delivery.rate))
        total = sum(len(passage.letters) for passage in said)
        sounds = self.acoustic.sounds(
            tuple(passage.utterance for passage in said), lambda letters: told(letters, total)
        )
        recitals = [recital(passage, sound) for passage, sound in zip(said, sounds, strict=True)]
        texts = [token.text for sentence in sentences for token in sentence.tokens]
        return joined(said, recitals, texts)
