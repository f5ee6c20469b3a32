"""Script to speech: sound, words and phonemes on one clock."""

from lipwright.speech.catalogue import open_voice, voices
from lipwright.speech.script import SCRIPT_LIMIT
from lipwright.speech.speech import Speech
from lipwright.speech.voice import Voice, VoiceCard

__all__ = ["SCRIPT_LIMIT", "Speech", "Voice", "VoiceCard", "open_voice", "voices"]
