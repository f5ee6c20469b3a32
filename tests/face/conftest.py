"""The models are opened once; the portrait's avatar is made once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lipwright.arrays import Frame
from lipwright.avatar import Avatar, AvatarCard, Consent
from lipwright.face import (
    Landmarker,
    Matter,
    avatar_from_photo,
    load_avatar,
    open_landmarker,
    open_matter,
)


@pytest.fixture(scope="session")
def landmarker() -> Landmarker:
    return open_landmarker()


@pytest.fixture(scope="session")
def matter() -> Matter:
    return open_matter()


@pytest.fixture(scope="session")
def portrait(portrait_path: Path) -> Frame:
    return np.array(Image.open(portrait_path).convert("RGB"))


@pytest.fixture(scope="session")
def card() -> AvatarCard:
    return AvatarCard(
        id="5f0e6f3a-6f0c-4f0e-9d0a-0f6f6a1f2b3c",
        name="Portrait",
        gender="f",
        default_voice="af_heart",
        licence="public domain",
        consent=Consent("I agree.", "the person", "2026-01-01T00:00:00+00:00"),
    )


@pytest.fixture(scope="session")
def avatar_folder(
    portrait_path: Path,
    card: AvatarCard,
    landmarker: Landmarker,
    matter: Matter,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    folder = tmp_path_factory.mktemp("avatars") / "portrait"
    avatar_from_photo(portrait_path, card, folder, landmarker=landmarker, matter=matter)
    return folder


@pytest.fixture(scope="session")
def avatar(avatar_folder: Path) -> Avatar:
    return load_avatar(avatar_folder)
