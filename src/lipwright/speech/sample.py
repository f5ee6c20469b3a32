"""What a voice says to introduce itself."""

from __future__ import annotations

from typing import Final

from lipwright.speech.voice import VoiceCard

_SENTENCES: Final[dict[str, str]] = {
    "en-US": "Hi, I'm {name}. This is how I sound when I tell your story.",
    "en-GB": "Hello, I'm {name}. This is how I sound when I tell your story.",
    "es-ES": "Hola, esta es mi voz. Así sueno cuando cuento tu historia.",
    "fr-FR": "Bonjour, voici ma voix. C'est ainsi que je raconte votre histoire.",
    "it-IT": "Ciao, questa è la mia voce. Così racconto la tua storia.",
    "pt-BR": "Olá, esta é a minha voz. É assim que eu conto a sua história.",
    "ja-JP": "こんにちは、これが私の声です。あなたの物語をお話しします。",
    "zh-CN": "你好，这就是我的声音。我来讲述你的故事。",
}

_FIGURES: Final = "1, 2, 3, 4, 5, 6, 7."
"""What can be read in every language."""


def sample_script(card: VoiceCard) -> str:
    """Two sentences in the voice's own language, or figures where we do not know it."""
    return _SENTENCES.get(card.language, _FIGURES).format(name=card.display_name)
