"""``python -m tools.presenter_previews``: each stock presenter's talking clips, by the product.

Renders what is missing: ``preview_16x9.mp4``, ``preview_1x1.mp4`` and ``preview_9x16.mp4`` in the
presenter's bundle.  Run after a presenter is baked; enter the files in ``assets/NOTICE``.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from lipwright import pipeline
from lipwright.gallery import STOCK
from lipwright.request import PREVIEW_SHORT_SIDE_PX, Aspect, Output, RenderRequest

_CRF = 26
"""Of a small clip in a list: a third of the bytes of a video, and no blocks on the face."""


def main() -> None:
    """Render the missing clips of every presenter."""
    for card in sorted(STOCK.glob("*/avatar.json")):
        for aspect in Aspect:
            clip = card.parent / f"preview_{aspect}.mp4"
            if not clip.exists():
                _render(card.parent, aspect, clip)


def _render(avatar: Path, aspect: Aspect, clip: Path) -> None:
    name = pipeline.read_card(avatar).name
    request = RenderRequest.single(
        avatar,
        script=f"Hi, I'm {name}. Give me your words, and I will say them for you.",
        output=Output(aspect, PREVIEW_SHORT_SIDE_PX, crf=_CRF),
    )
    with TemporaryDirectory(dir=clip.parent.parent) as folder:
        partial = Path(folder) / clip.name
        pipeline.render(request, partial)
        partial.rename(clip)


if __name__ == "__main__":
    main()
