"""Make the recordings with known labels that `lipwright bench speech` is measured against.

    python tools/labelled_speech.py FLITE PRAATIO

FLITE is the program of Flite 2.2 (its synthesis says where each phone starts), PRAATIO an unpacked
source package of praatio 6.2.2 (two sentences by a person, labelled by hand).  Writes Opus files
and labels.json into src/lipwright/assets/labelled.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
from scipy.io import wavfile

OUT = Path(__file__).parent.parent / "src" / "lipwright" / "assets" / "labelled"
RATE = 16_000
SENTENCES = (
    "Bob made a map of the deep blue pond.",
    "The birch canoe slid on the smooth planks.",
    "Glue the sheet to the dark blue background.",
    "It is easy to tell the depth of a well.",
    "These days a chicken leg is a rare dish.",
    "Rice is often served in round bowls.",
    "The juice of lemons makes fine punch.",
    "My mother may have bought a pound of pepper from Peter.",
    "The hogs were fed chopped corn and garbage.",
    "Four hours of steady work faced us.",
)
PAUSE_S = 0.4
FLITE_PHONES = {"ax": "AH", "pau": ""}
HAND_PHONES = {
    "m": "M",
    "ə": "AH",
    "r": "R",
    "i": "IY",
    "o": "OW",
    "l": "L",
    "d": "D",
    "θ": "DH",
} | {"b": "B", "œ": "EH", "": ""}
"""As the labeller wrote "mary rolled the barrel"."""


def flite(program: str, *arguments: str) -> str:
    """What Flite prints."""
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=True).stdout


def phone_counts(program: str, sentence: str) -> list[int]:
    """Phones of each word, said alone."""
    return [
        len([p for p in flite(program, "-ps", "-t", word, "-o", "none").split() if p != "pau"])
        for word in re.findall(r"[A-Za-z]+", sentence)
    ]


def said(program: str, voice: str) -> tuple[np.ndarray, dict]:
    """All sentences in one voice, and where each phone and each word starts and ends."""
    pieces, phones, words, begin = [], [], [], 0.0
    wav = Path("/tmp/flite.wav")
    for sentence in SENTENCES:
        line = flite(program, "-psdur", "-voice", voice, "-t", sentence, "-o", str(wav))
        rate, samples = wavfile.read(wav)
        assert rate == RATE
        start, here = begin, []
        for entry in line.split():
            name, end_s = entry.split(":")
            end = begin + float(end_s)
            phone = FLITE_PHONES.get(name, name.upper())
            if phone:
                here.append([phone, start, end])
            start = end
        counts, first = phone_counts(program, sentence), 0
        assert sum(counts) == len(here), (sentence, counts, here)
        for word, count in zip(sentence.split(), counts, strict=True):
            words.append([word, here[first][1], here[first + count - 1][2]])
            first += count
        phones += here
        pieces += [samples.astype(np.float32) / 32768, np.zeros(int(PAUSE_S * RATE), np.float32)]
        begin += len(samples) / RATE + PAUSE_S
    return np.concatenate(pieces), {
        "text": " ".join(SENTENCES),
        "phones": rounded(phones),
        "words": rounded(words),
    }


def rounded(entries: list) -> list:
    """To a tenth of a millisecond."""
    return [[name, round(start, 4), round(end, 4)] for name, start, end in entries]


def intervals(text: str) -> list[list]:
    """Name, start and end of each interval of a TextGrid in its long form."""
    found = re.findall(r"xmin = ([\d.]+)\s+xmax = ([\d.]+)\s+text = \"(.*?)\"", text)
    return [[name, float(start), float(end)] for start, end, name in found]


def short_intervals(text: str, tier: str) -> list[list]:
    """Name, start and end of each interval of one tier of a TextGrid in its short form."""
    body = text.split(f'"{tier}"')[1].split('"IntervalTier"')[0].split('"TextTier"')[0]
    found = re.findall(r"([\d.]+)\n([\d.]+)\n\"(.*?)\"", body)
    return [[name, float(start), float(end)] for start, end, name in found]


def by_hand(folder: Path) -> dict[str, tuple[np.ndarray, dict]]:
    """The two sentences of praatio's examples."""
    found = {}
    files = folder / "examples" / "files"
    bobby = [
        [re.sub(r"\d", "", name), start, end]
        for name, start, end in intervals((files / "bobby_phones.TextGrid").read_text())
    ]
    # the labeller left the release of "ripped" in one interval: p, then t that is not heard
    bobby = [["P", s, e] if name == "PT" else [name, s, e] for name, s, e in bobby if name]
    words = [w for w in intervals((files / "bobby_words.TextGrid").read_text()) if w[0]][:4]
    labels = {"text": "Bobby ripped the ledger.", "phones": bobby, "words": words}
    found["bobby"] = (sound(files / "bobby.wav"), labels)
    grid = (files / "mary.TextGrid").read_text()
    phones = [[HAND_PHONES[n], s, e] for n, s, e in short_intervals(grid, "phone") if n]
    words = [w for w in short_intervals(grid, "word") if w[0]]
    labels = {"text": "Mary rolled the barrel.", "phones": phones, "words": words}
    found["mary"] = (sound(files / "mary.wav"), labels)
    for _, labels in found.values():
        labels["phones"], labels["words"] = rounded(labels["phones"]), rounded(labels["words"])
    return found


def sound(path: Path) -> np.ndarray:
    """The samples of a 48 kHz WAV file."""
    rate, samples = wavfile.read(path)
    assert rate == 3 * RATE
    return samples.astype(np.float32) / 32768


def write_opus(path: Path, samples: np.ndarray, rate: int) -> None:
    """Write mono Opus; its decoder starts it on the very sample."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libopus", rate=48_000, layout="mono")
        stream.bit_rate = 40_000
        frame = av.AudioFrame.from_ndarray(samples[None], format="flt", layout="mono")
        frame.sample_rate = rate
        resampler = av.AudioResampler("flt", "mono", 48_000, frame_size=960)
        for resampled in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(resampled))
        container.mux(stream.encode(None))


def main(program: str, praatio: str) -> None:
    """Make everything."""
    OUT.mkdir(parents=True, exist_ok=True)
    made = {voice: (*said(program, voice), RATE) for voice in ("slt", "rms", "awb")}
    made |= {name: (*pair, 3 * RATE) for name, pair in by_hand(Path(praatio)).items()}
    for name, (samples, _, rate) in made.items():
        write_opus(OUT / f"{name}.ogg", samples, rate)
    labels = {name: labels for name, (_, labels, _) in made.items()}
    lines = (f"{json.dumps(name)}: {json.dumps(value)}" for name, value in labels.items())
    (OUT / "labels.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
