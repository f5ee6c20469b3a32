"""Orders -> what the library is asked for, with the files on this machine's disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lipwright.errors import RenderFailed, UnknownAvatar, UnknownVoice
from lipwright.request import (
    PREVIEW_SHORT_SIDE_PX,
    Background,
    CallToAction,
    Ending,
    Music,
    Output,
    RenderRequest,
    RevoiceRequest,
    Scene,
)
from lipwright.service.catalogue import Catalogue
from lipwright.service.jobs import Goal, Job
from lipwright.service.orders import FOOTAGE, MUSIC, RECORDING, RevoiceOrder, VideoOrder
from lipwright.service.scene_orders import (
    BACKGROUND,
    LOGO,
    BackgroundOrder,
    CallOrder,
    EndingOrder,
    MusicOrder,
    SceneOrder,
    asset_name,
)
from lipwright.service.storage import Store

PORTRAIT_AVATAR: Final = "avatar"


def avatar_key(avatar_id: str) -> str:
    """Where the store keeps an avatar that was made by the API."""
    return f"avatars/{avatar_id}"


@dataclass(frozen=True, slots=True)
class Requests:
    """Makes requests of orders."""

    catalogue: Catalogue
    store: Store

    def video(self, job: Job, order: VideoOrder, folder: Path) -> RenderRequest:
        """The video of a job.

        Args:
            job: Its files are taken from the store.
            order: The job's.
            folder: Where a store that keeps files elsewhere puts copies.
        """
        if order.aspect is None:
            raise RenderFailed("The picture's shape is not known yet.")
        small = job.goal is Goal.PREVIEW
        output = Output(
            aspect=order.aspect,
            short_side_px=PREVIEW_SHORT_SIDE_PX if small else order.short_side_px,
            container=order.container,
            captions_with_alpha=order.captions_with_alpha,
        )
        scenes = tuple(
            self._scene(job, index, scene, folder) for index, scene in enumerate(order.scenes)
        )
        music = self._music(job, order.music, folder)
        return RenderRequest(scenes, music, output, self._ending(job, order.ending, folder))

    def revoice(self, job: Job, order: RevoiceOrder, folder: Path) -> RevoiceRequest:
        """The clip of a job, and what it shall say.

        Raises:
            UnknownVoice: It was removed.
        """

        def fetched(name: str) -> Path:
            return self.store.get(f"work/{job.id}/{name}", folder)

        return RevoiceRequest(
            footage=fetched(FOOTAGE),
            script=order.script,
            recording=fetched(RECORDING) if order.recording_url else None,
            voice=self.voice(order.voice_id),
            sync_mode=order.sync_mode,
            face=order.face,
        )

    def _ending(self, job: Job, order: EndingOrder | None, folder: Path) -> Ending | None:
        if order is None:
            return None

        def fetched(kind: str) -> Path:
            return self.store.get(f"work/{job.id}/ending.{kind}", folder)

        background = _background(order.background, fetched)
        return Ending(background, _call(order.call, fetched), order.duration_s)

    def _music(self, job: Job, order: MusicOrder | None, folder: Path) -> Music | None:
        if order is None:
            return None
        track = self.store.get(f"work/{job.id}/{MUSIC}", folder) if order.url else None
        return Music(track=track, bed=order.bed, volume=order.volume)

    def _scene(self, job: Job, index: int, order: SceneOrder, folder: Path) -> Scene:
        def fetched(kind: str) -> Path:
            return self.store.get(f"work/{job.id}/{asset_name(index, kind)}", folder)

        if order.avatar_id is None:
            avatar = self.files(f"work/{job.id}/{asset_name(index, PORTRAIT_AVATAR)}", folder)
        else:
            avatar = self.avatar(order.avatar_id, folder)
        return Scene(
            avatar=avatar,
            script=order.script,
            recording=fetched("recording") if order.recording_url else None,
            silence_s=order.silence_s,
            voice=self.voice(order.voice_id),
            speaking_rate=order.speaking_rate,
            pronunciations=order.pronunciations,
            volume=order.volume,
            captions=order.captions,
            background=_background(order.background, fetched) if order.background else None,
            placement=order.placement,
            layout=order.layout,
            call_to_action=_call(order.call, fetched),
            transition_in=order.transition_in,
            transition_out=order.transition_out,
        )

    def avatar(self, avatar_id: str, folder: Path) -> Path:
        """An avatar's bundle.

        Raises:
            UnknownAvatar: It was removed.
        """
        persona = self.catalogue.persona(avatar_id)
        if persona is not None:
            return persona.folder
        try:
            return self.files(avatar_key(avatar_id), folder)
        except FileNotFoundError:
            raise UnknownAvatar(f"The avatar {avatar_id} was removed.") from None

    def voice(self, voice_id: str | None) -> str | None:
        """A voice's name.

        Raises:
            UnknownVoice: It was removed.
        """
        if voice_id is None:
            return None
        name = self.catalogue.voice_name(voice_id)
        if name is None:
            raise UnknownVoice(f"The voice {voice_id} was removed.")
        return name

    def files(self, prefix: str, folder: Path) -> Path:
        """A folder with every file directly below a key.

        Raises:
            FileNotFoundError: There is none.
        """
        place = folder / prefix.replace("/", "-")
        place.mkdir(exist_ok=True)
        paths = [self.store.get(f"{prefix}/{name}", place) for name in self.store.names(prefix)]
        if not paths:
            raise FileNotFoundError(prefix)
        return paths[0].parent


def _background(order: BackgroundOrder, fetched: Callable[[str], Path]) -> Background:
    file = fetched(BACKGROUND) if order.url else None
    return Background(
        color=order.color,
        image=None if order.is_video else file,
        video=file if order.is_video else None,
        fit=order.fit,
        effect=order.effect,
    )


def _call(order: CallOrder | None, fetched: Callable[[str], Path]) -> CallToAction | None:
    if order is None:
        return None
    return CallToAction(
        logo=fetched(LOGO) if order.logo_url else None,
        logo_scale=order.logo_scale,
        logo_offset=order.logo_offset,
        text=order.text,
        captions=order.captions,
        blur_behind=order.blur_behind,
        transition_in=order.transition_in,
        transition_out=order.transition_out,
    )
