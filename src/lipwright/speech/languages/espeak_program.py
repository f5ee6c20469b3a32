"""A program of its own that asks espeak-ng how words sound; `espeak` runs it.

``python -I espeak_program.py LIBRARY DATA VOICE``, with a JSON list of texts on stdin, answers the
list of their IPA; exit status 3 says that there is no such voice.  espeak-ng is GPL-licensed and
installed by whoever wants it, so nothing else of Lipwright loads it.
"""

from __future__ import annotations

import ctypes
import json
import sys

NO_VOICE = 3
_UTF8, _IPA, _RETRIEVAL = 1, 0x02, 2


def main(library: str, data: str, voice: str) -> int:
    """Answer one list; the exit status."""
    espeak = ctypes.CDLL(library)
    espeak.espeak_TextToPhonemes.restype = ctypes.c_char_p
    espeak.espeak_TextToPhonemes.argtypes = [
        ctypes.POINTER(ctypes.c_void_p),
        ctypes.c_int,
        ctypes.c_int,
    ]
    espeak.espeak_Initialize(_RETRIEVAL, 0, data.encode(), 0)
    if espeak.espeak_SetVoiceByName(voice.encode()) != 0:
        return NO_VOICE
    texts = json.load(sys.stdin)
    json.dump([_ipa(espeak, text) for text in texts], sys.stdout)
    return 0


def _ipa(espeak: ctypes.CDLL, text: str) -> str:
    """The sounds of a text, clause by clause."""
    kept = ctypes.c_char_p(text.encode())
    rest = ctypes.cast(kept, ctypes.c_void_p)
    clauses = []
    while rest.value:
        said = espeak.espeak_TextToPhonemes(ctypes.byref(rest), _UTF8, _IPA)
        clauses.append(said.decode())
    return " ".join(clauses)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
