"""Pictures become bundles whole or not at all; bundles are read with doubt."""

from __future__ import annotations

import json
import shutil
import struct
import zlib
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from lipwright.arrays import Frame
from lipwright.avatar import Avatar, AvatarCard
from lipwright.errors import (
    ConsentMissing,
    FaceTooSmall,
    InvalidAvatar,
    InvalidRequest,
    LipwrightError,
    NoFaceFound,
    SeveralFacesFound,
    UnreadableMedia,
    UnusablePhoto,
)
from lipwright.face import (
    FixedLandmarker,
    Landmarker,
    Matter,
    avatar_from_photo,
    load_avatar,
    load_card,
)
from lipwright.face.photo import decoded


class Maker:
    """`avatar_from_photo` with everything but the picture filled in."""

    def __init__(self, card: AvatarCard, tmp_path: Path, landmarker: Landmarker, matter: Matter):
        self.card, self.home = card, tmp_path / "avatars"
        self.landmarker, self.matter = landmarker, matter
        self.pictures = tmp_path / "pictures"
        self.pictures.mkdir()

    def __call__(self, picture: Frame | bytes | Path, name: str = "a", **extra: object) -> Avatar:
        path = picture if isinstance(picture, Path) else self.pictures / "photo"
        if isinstance(picture, bytes):
            path.write_bytes(picture)
        elif isinstance(picture, np.ndarray):
            Image.fromarray(picture).save(path, "PNG")
        stock = bool(extra.pop("stock", False))
        return avatar_from_photo(
            path,
            replace(self.card, **extra),  # type: ignore[arg-type]
            self.home / name,
            landmarker=self.landmarker,
            matter=self.matter,
            stock=stock,
        )

    def left_behind(self) -> list[Path]:
        return sorted(self.home.rglob("*")) if self.home.exists() else []


@pytest.fixture
def make(card: AvatarCard, tmp_path: Path, landmarker: Landmarker, matter: Matter) -> Maker:
    return Maker(card, tmp_path, landmarker, matter)


class TestAPhotoBecomesABundle:
    def test_with_four_files(self, make: Maker, portrait: Frame) -> None:
        avatar = make(portrait)
        names = [path.name for path in make.left_behind() if path.is_file()]
        assert names == ["avatar.json", "face.json", "matte.png", "plate.png"]
        assert np.array_equal(avatar.plate.frame, portrait)
        assert avatar.plate.landmarks.shape == (478, 3)

    def test_that_loads_as_it_was_made(self, make: Maker, portrait: Frame) -> None:
        made, loaded = make(portrait), load_avatar(make.home / "a")
        assert loaded.card == made.card == replace(make.card, notes=made.card.notes)
        assert np.array_equal(loaded.plate.frame, made.plate.frame)
        assert np.array_equal(loaded.plate.matte, made.plate.matte)
        assert np.array_equal(loaded.plate.landmarks, made.plate.landmarks)
        assert load_card(make.home / "a") == made.card

    def test_with_the_same_bytes_each_time(self, make: Maker, portrait: Frame) -> None:
        make(portrait, "a")
        make(portrait, "b")
        for path in (make.home / "a").iterdir():
            assert path.read_bytes() == (make.home / "b" / path.name).read_bytes()

    def test_with_notes_on_what_would_be_better(self, make: Maker, portrait: Frame) -> None:
        notes = " ".join(make(portrait).card.notes)
        assert "111 px high" in notes
        assert "teeth" in notes
        assert "blurred" not in notes

    def test_with_a_note_when_it_is_blurred(self, make: Maker, portrait: Frame) -> None:
        soft = np.asarray(cv2.GaussianBlur(portrait, (0, 0), 2.5), np.uint8)
        assert "blurred" in " ".join(make(soft).card.notes)

    def test_upright_as_its_exif_says(self, make: Maker, portrait: Frame) -> None:
        turned = Image.fromarray(np.rot90(portrait).copy())
        exif = Image.Exif()
        exif[0x0112] = 6  # the viewer turns it a quarter clockwise
        path = make.pictures / "turned.png"
        turned.save(path, exif=exif)
        assert np.array_equal(make(path).plate.frame, portrait)

    def test_flat_on_white_with_its_own_alpha_as_matte(self, make: Maker, portrait: Frame) -> None:
        alpha = np.full((512, 512), 255, np.uint8)
        alpha[:, 400:] = 0
        path = make.pictures / "alpha.png"
        Image.fromarray(np.dstack([portrait, alpha])).save(path)
        plate = make(path).plate
        assert (plate.frame[:, 400:] == 255).all()
        assert np.array_equal(plate.matte, alpha)

    def test_at_most_2160_pixels_long(self, make: Maker, portrait: Frame) -> None:
        large = np.asarray(cv2.resize(portrait[:300, 100:400], (2300, 2300)), np.uint8)
        assert make(large).plate.frame.shape == (2160, 2160, 3)

    @pytest.mark.parametrize("form", ["JPEG", "WEBP"])
    @pytest.mark.parametrize("mode", ["RGB", "L"])
    def test_from_every_format_and_mode(
        self, make: Maker, portrait: Frame, form: str, mode: str
    ) -> None:
        path = make.pictures / "photo"
        Image.fromarray(portrait).convert(mode).save(path, form, quality=90)
        assert make(path).plate.frame.shape == (512, 512, 3)

    @pytest.mark.parametrize("mode", ["P", "LA", "CMYK", "I;16", "1"])
    def test_decoded_from_odd_modes(self, tmp_path: Path, portrait: Frame, mode: str) -> None:
        path = tmp_path / "photo"
        if mode == "I;16":
            Image.fromarray(portrait[..., 1].astype(np.uint16) * 257).save(path, "PNG")
        else:
            image = Image.fromarray(portrait).convert(mode)
            image.save(path, "JPEG" if mode == "CMYK" else "PNG")
        frame = decoded(path, long_side_px=256).frame
        assert frame.shape == (256, 256, 3)
        assert 80 < frame.mean() < 150

    def test_in_spite_of_a_small_face_in_the_background(self, make: Maker, portrait: Frame) -> None:
        scene = np.full((768, 1200, 3), 90, np.uint8)
        scene[:768, :768] = cv2.resize(portrait, (768, 768))
        scene[400:600, 900:1100] = cv2.resize(portrait, (200, 200), interpolation=cv2.INTER_AREA)
        assert make(scene).plate.landmarks[1, 0] < 768

    def test_without_consent_only_as_stock(self, make: Maker, portrait: Frame) -> None:
        with pytest.raises(ConsentMissing):
            make(portrait, consent=None)
        assert make.left_behind() == []
        assert make(portrait, consent=None, stock=True).card.consent is None

    def test_wherever_its_id_says(self, make: Maker, portrait: Frame) -> None:
        identity = "11111111-2222-4333-8444-555555555555"
        assert make(portrait, id=identity).card.id == identity
        assert [path.name for path in make.home.iterdir()] == ["a"]


class TestAPhotoIsRefused:
    def test_when_nobody_is_in_it(self, make: Maker) -> None:
        with pytest.raises(NoFaceFound):
            make(np.full((300, 400, 3), 140, np.uint8))

    def test_when_two_people_are_in_it(self, make: Maker, portrait: Frame) -> None:
        with pytest.raises(SeveralFacesFound, match="2 faces"):
            make(np.hstack([portrait, portrait]))

    def test_when_the_face_is_small(self, make: Maker, portrait: Frame) -> None:
        small = cv2.resize(portrait, (300, 300), interpolation=cv2.INTER_AREA)
        with pytest.raises(FaceTooSmall, match=r"6\d px high.*at least 96 px"):
            make(np.asarray(small, np.uint8))

    @pytest.mark.parametrize("degrees", [-50, 50])
    def test_when_the_head_is_turned_away(self, make: Maker, portrait: Frame, degrees: int) -> None:
        (face,) = make.landmarker.faces(portrait)
        angle = np.radians(degrees)
        turn = np.array(
            [[np.cos(angle), 0, -np.sin(angle)], [0, 1, 0], [np.sin(angle), 0, np.cos(angle)]]
        )
        centre = face.landmarks.mean(axis=0)
        turned = ((face.landmarks - centre) @ turn.T + centre).astype(np.float32)
        make.landmarker = FixedLandmarker((replace(face, landmarks=turned),))
        with pytest.raises(UnusablePhoto, match=r"turned away by (4|5)\d degrees.*at most 35"):
            make(portrait)

    def test_when_it_lies_on_its_side(self, make: Maker, portrait: Frame) -> None:
        with pytest.raises(UnusablePhoto):
            make(np.rot90(portrait).copy())

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"no picture",
            b"<svg xmlns='http://www.w3.org/2000/svg'><rect width='9' height='9'/></svg>",
            b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,",
            b"\x89PNG\r\n\x1a\n",
            b"\xff\xd8\xff\xe0\x00\x10JFIF",
            b"RIFF\x00\x00\x00\x00WEBPVP8 ",
        ],
        ids=["empty", "text", "svg", "gif", "png-head", "jpeg-head", "webp-head"],
    )
    def test_when_it_is_no_picture(self, make: Maker, content: bytes) -> None:
        with pytest.raises(UnreadableMedia, match="JPEG, PNG or WebP"):
            make(content)
        assert make.left_behind() == []

    def test_when_it_is_cut_short(self, make: Maker, portrait_path: Path) -> None:
        content = portrait_path.read_bytes()
        with pytest.raises(UnreadableMedia):
            make(content[: len(content) // 2])

    def test_when_it_is_not_there(self, make: Maker) -> None:
        with pytest.raises(UnreadableMedia, match="No such file"):
            make(make.pictures / "nothing.png")

    @pytest.mark.parametrize("side", [8_000, 60_000, 2_000_000])
    def test_when_it_is_a_pixel_bomb(self, make: Maker, side: int) -> None:
        def chunk(kind: bytes, body: bytes) -> bytes:
            check = zlib.crc32(kind + body)
            return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)

        head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
        png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)
        png += chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
        with pytest.raises(UnreadableMedia, match=r"pixels.*at most 50 megapixels"):
            make(png)

    def test_when_the_folder_is_taken(self, make: Maker, portrait: Frame) -> None:
        first = make(portrait)
        with pytest.raises(InvalidRequest, match="exists already"):
            make(portrait)
        assert load_avatar(make.home / "a").card == first.card

    def test_when_the_folder_cannot_be_written(self, make: Maker, portrait: Frame) -> None:
        make.home.write_text("a file in the way")
        with pytest.raises(InvalidRequest, match="cannot be written"):
            make(portrait)


def mutated(content: bytes, seed: int) -> bytes:
    """Some bytes changed, a stretch removed or doubled, or the end cut off."""
    rng = np.random.default_rng(seed)
    spoiled = bytearray(content)
    # Headers decide the most, so half of the changes go there.
    reach = min(len(spoiled), 200) if seed % 2 else len(spoiled)
    for at in rng.integers(0, reach, rng.integers(1, 12)):
        spoiled[at] = rng.integers(0, 256)
    start, end = sorted(rng.integers(0, len(spoiled), 2))
    match seed % 5:
        case 2:
            del spoiled[start : min(end, start + 40)]
        case 3:
            spoiled[start:start] = spoiled[start:end]
        case 4:
            del spoiled[end:]
    return bytes(spoiled)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_damaged_picture_is_read_or_refused_and_nothing_else(
    tmp_path: Path, portrait: Frame, form: str
) -> None:
    original = tmp_path / "photo"
    exif = Image.Exif()
    exif[0x0112] = 3
    small = Image.fromarray(portrait).resize((96, 96))
    small.save(original, form, exif=exif, icc_profile=b"no profile")
    content = original.read_bytes()
    refused = 0
    for seed in range(100):
        original.write_bytes(mutated(content, seed))
        try:
            frame = decoded(original).frame
        except LipwrightError:
            refused += 1
        else:
            assert frame.ndim == 3
            assert frame.dtype == np.uint8
    assert refused > 10


@pytest.fixture
def bundle(avatar_folder: Path, tmp_path: Path) -> Path:
    return shutil.copytree(avatar_folder, tmp_path / "bundle")


class TestADamagedBundleIsRefused:
    def test_when_it_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(InvalidAvatar, match="no avatar at"):
            load_avatar(tmp_path / "nothing")

    @pytest.mark.parametrize("name", ["avatar.json", "face.json", "plate.png", "matte.png"])
    @pytest.mark.parametrize("damage", ["missing", "empty", "binary"])
    def test_file_by_file(self, bundle: Path, name: str, damage: str) -> None:
        if damage == "missing":
            (bundle / name).unlink()
        else:
            (bundle / name).write_bytes(b"" if damage == "empty" else b"\xff\x00\xfe" * 40)
        with pytest.raises(InvalidAvatar, match=name):
            load_avatar(bundle)

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("format", 2),
            ("id", "not-a-uuid"),
            ("id", None),
            ("name", ""),
            ("name", 3),
            ("gender", "x"),
            ("gender", None),
            ("age_range", "old"),
            ("style", []),
            ("consent", "yes"),
            ("consent", {"statement": "I agree."}),
            ("notes", "one"),
            ("notes", [1]),
        ],
    )
    def test_value_by_value(self, bundle: Path, key: str, value: object) -> None:
        path = bundle / "avatar.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), key: value}))
        with pytest.raises(InvalidAvatar, match=key if key != "consent" else "consent|given_by"):
            load_avatar(bundle)

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("jaw_open", 2),
            ("jaw_open", "wide"),
            ("jaw_open", True),
            ("jaw_open", float("nan")),
            ("landmarks", None),
            ("landmarks", [[1, 2, 3]]),
            ("landmarks", [[1, 2]] * 478),
            ("landmarks", [["a", 2, 3]] * 478),
            ("landmarks", [[float("nan"), 2, 3]] * 478),
            ("landmarks", [[5000 + i, 2, 3] for i in range(478)]),
            ("landmarks", [[5, 5, 5]] * 478),
        ],
    )
    def test_face_value_by_value(self, bundle: Path, key: str, value: object) -> None:
        path = bundle / "face.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), key: value}))
        with pytest.raises(InvalidAvatar, match=key):
            load_avatar(bundle)

    def test_when_matte_and_plate_differ_in_size(self, bundle: Path) -> None:
        Image.new("L", (8, 8)).save(bundle / "matte.png")
        with pytest.raises(InvalidAvatar, match="size of plate"):
            load_avatar(bundle)

    def test_and_a_copied_one_is_not(self, bundle: Path, tmp_path: Path) -> None:
        shutil.copytree(bundle, tmp_path / "copy")
        assert load_avatar(tmp_path / "copy").card == load_avatar(bundle).card
