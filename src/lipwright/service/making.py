"""Orders that one heavy step fulfils: spoken files, avatars, and the avatars of portraits."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from lipwright.avatar import AvatarCard, Consent
from lipwright.errors import ConsentMissing, InvalidRequest, RenderFailed
from lipwright.request import Aspect, Scene
from lipwright.service.catalogue import Catalogue
from lipwright.service.child import Task
from lipwright.service.crew import Crew
from lipwright.service.forecast import Step
from lipwright.service.jobs import Job, Word
from lipwright.service.noting import noted
from lipwright.service.orders import (
    CONSENT_CLIP,
    SOURCE,
    AvatarOrder,
    Permission,
    RevoiceOrder,
    SpeechOrder,
    VideoOrder,
)
from lipwright.service.pace import Tally
from lipwright.service.pacing import repeated
from lipwright.service.records import Records
from lipwright.service.requests import PORTRAIT_AVATAR, Requests, avatar_key
from lipwright.service.scene_orders import asset_name
from lipwright.service.settings import Settings
from lipwright.service.storage import Store

LICENCE: Final = "as agreed with the person"
NO_CONSENT: Final = "None was recorded: this installation does not ask for consent."
CLIP_CONSENT: Final = "Given in a clip, which is kept with the avatar."


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes what is not a video; every method may be done again."""

    settings: Settings
    records: Records
    store: Store
    catalogue: Catalogue
    crew: Crew
    scratch: Path

    async def make(self, job: Job) -> dict[str, Any]:
        """Make what the order asks for; the report."""
        tally = Tally()

        def report() -> None:
            self.records.pace.advance(job, Step.MAKE, tally.done)

        await asyncio.to_thread(report)
        async with repeated(report):
            return await self._made(job, tally)

    async def _made(self, job: Job, tally: Tally) -> dict[str, Any]:
        with TemporaryDirectory(dir=self.scratch) as name:
            folder = Path(name)
            match job.order:
                case SpeechOrder() as order:
                    return await self._speech(job, order, folder)
                case AvatarOrder() as order:
                    return await self._avatar(job, order, folder, tally)
                case RevoiceOrder():
                    raise RenderFailed("A clip is filmed, not made.")
                case VideoOrder() as order:
                    return await self._portraits(job, order, folder)

    async def _speech(self, job: Job, order: SpeechOrder, folder: Path) -> dict[str, Any]:
        path = folder / "output.mp3"
        voice = Requests(self.catalogue, self.store).voice(order.voice_id)
        scene = Scene(
            script=order.script,
            voice=voice or self.catalogue.default_voice(None).name,
            speaking_rate=order.speaking_rate,
            pronunciations=order.pronunciations,
        )
        said = await self.crew.attempt(self._task("say", scene=scene, output=path))
        words = [Word(**word) for word in said["words"]]
        await asyncio.to_thread(self.store.put, f"public/{job.id}/{path.name}", path)
        await asyncio.to_thread(self.records.spoken, job, words, said["duration_s"])
        return {}

    async def _avatar(
        self, job: Job, order: AvatarOrder, folder: Path, tally: Tally
    ) -> dict[str, Any]:
        card = AvatarCard(
            id=job.id,
            name=order.name,
            gender=order.gender,
            default_voice=self.catalogue.default_voice(order.gender).name,
            licence=LICENCE,
            consent=_consent(order.permission),
            age_range=order.age_range,
            style=order.style,
            location=order.location,
        )
        source = await asyncio.to_thread(self._file, job, SOURCE, folder)
        bundle, pictures = folder / "bundle", folder / "pictures"
        async with noted(self.store, job.id, folder) as notes:
            files = {"source": source, "avatar": bundle, "output": pictures, "notes": notes}
            task = self._task("avatar", card=card, **files)
            made: dict[str, Any] = await self.crew.attempt(task, tally.advance)
        if order.permission.clip_url:
            clip = await asyncio.to_thread(self._file, job, CONSENT_CLIP, folder)
            shutil.copyfile(clip, bundle / "consent-clip")
        await asyncio.to_thread(self._keep, pictures, f"public/{job.id}")
        await asyncio.to_thread(self._keep, bundle, avatar_key(job.id))
        return made

    async def _portraits(self, job: Job, order: VideoOrder, folder: Path) -> dict[str, Any]:
        """Avatars for this video alone; the first one's shape is the video's."""
        made: list[dict[str, Any]] = []
        for index, scene in enumerate(order.scenes):
            if scene.portrait_url is None:
                continue
            card = AvatarCard(
                id=job.id,
                name=f"Portrait {index + 1}",
                gender="nb",
                default_voice=self.catalogue.default_voice(None).name,
                licence=LICENCE,
                consent=_consent(order.permission),
            )
            source = await asyncio.to_thread(self._file, job, asset_name(index, "portrait"), folder)
            bundle = folder / f"bundle-{index}"
            made.append(
                await self.crew.attempt(
                    self._task("avatar", source=source, card=card, avatar=bundle)
                )
            )
            key = f"work/{job.id}/{asset_name(index, PORTRAIT_AVATAR)}"
            await asyncio.to_thread(self._keep, bundle, key)
        if made and made[0]["aspect"] is None:
            raise InvalidRequest("The image is a clip; send a picture.")
        if order.aspect is None and made:
            shaped = order.shaped(Aspect(made[0]["aspect"]))
            await asyncio.to_thread(self.records.amend, job, shaped)
        return {}

    def _file(self, job: Job, name: str, folder: Path) -> Path:
        try:
            return self.store.get(f"work/{job.id}/{name}", folder)
        except FileNotFoundError:
            raise InvalidRequest("The file that came with the request is gone.") from None

    def _keep(self, folder: Path, key: str) -> None:
        for path in sorted(folder.iterdir()):
            self.store.put(f"{key}/{path.name}", path)

    def _task(self, verb: Any, **values: Any) -> Task:  # noqa: ANN401 - the fields of `Task`
        return Task(
            verb=verb,
            memory_mb=self.settings.child_memory_mb,
            step_s=self.settings.step_timeout_s,
            **values,
        )


def _consent(permission: Permission | None) -> Consent:
    if permission is None:
        raise ConsentMissing
    statement = permission.statement or (CLIP_CONSENT if permission.clip_url else NO_CONSENT)
    return Consent(statement, permission.given_by, permission.recorded_at)
