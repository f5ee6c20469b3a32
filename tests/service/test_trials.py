"""A step that may have killed its worker is tried alone, and not for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from lipwright.service.database import open_database
from lipwright.service.settings import Settings
from lipwright.service.trials import Solitude, Trials, WorkersDied


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = open_database(Settings(data_dir=tmp_path))
    yield engine
    engine.dispose()


def test_what_ended_is_no_suspect_however_it_ended(engine: sa.Engine) -> None:
    async def work() -> None:
        trials = Trials(engine, 1)
        async with trials.of("a"):
            pass
        with pytest.raises(ValueError, match="wrong"):
            async with trials.of("a"):
                raise ValueError("wrong")
        async with trials.of("a"):
            tried.append("again")

    tried: list[str] = []
    asyncio.run(work())
    assert tried == ["again"]


def test_after_so_many_deaths_it_is_given_up(engine: sa.Engine) -> None:
    async def work() -> None:
        for _ in range(2):
            Trials(engine, 2)._begin("a")  # and then the worker died
        with pytest.raises(WorkersDied, match="2 workers died"):
            async with Trials(engine, 2).of("a"):
                pass
        async with Trials(engine, 2).of("b"):
            pass

    asyncio.run(work())


def test_a_worker_that_stops_died_of_nothing(engine: sa.Engine) -> None:
    async def work() -> None:
        stopping = Trials(engine, 1)
        async with stopping.of("a"):
            stopping.hand_over()
            async with Trials(engine, 1).of("a"):  # elsewhere, meanwhile
                tried.append("elsewhere")

    tried: list[str] = []
    asyncio.run(work())
    assert tried == ["elsewhere"]


def test_whoever_wants_to_be_alone_waits_for_the_others_and_goes_before_new_ones() -> None:
    seen: list[str] = []

    async def work() -> None:
        place, leave = Solitude(), asyncio.Event()

        async def first() -> None:
            async with place.shared():
                await leave.wait()
                seen.append("first")

        async def suspect() -> None:
            async with place.alone():
                seen.append("alone")
                await asyncio.sleep(0)
                seen.append("still alone")

        async def later() -> None:
            async with place.shared():
                seen.append("later")

        running = [asyncio.create_task(this()) for this in (first, suspect, later)]
        for _ in range(10):
            await asyncio.sleep(0)
        assert seen == []
        leave.set()
        await asyncio.gather(*running)

    asyncio.run(work())
    assert seen == ["first", "alone", "still alone", "later"]


def test_whoever_no_longer_waits_to_be_alone_holds_nobody_up() -> None:
    async def work() -> None:
        place = Solitude()
        async with place.shared():
            waiting = asyncio.create_task(_alone(place))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            async with place.shared():
                seen.append("shared")

    seen: list[str] = []
    asyncio.run(work())
    assert seen == ["shared"]


async def _alone(place: Solitude) -> None:
    async with place.alone():
        pass
