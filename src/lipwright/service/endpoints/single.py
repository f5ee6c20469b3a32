"""Kinds of tasks that are one file made of one body: all start, are found and end alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from lipwright.service.endpoints import following, tasks
from lipwright.service.endpoints.calls import Call, Reply
from lipwright.service.jobs import Goal, Job
from lipwright.service.orders import Kind, Order
from lipwright.service.urls import Urls
from lipwright.service.wire.fields import Body, read

B = TypeVar("B", bound=Body)


class Asked(Protocol):
    """What the body of such a kind can do."""

    def order(self, account_name: str) -> Order:
        """What is asked for, in our words."""

    def echo(self) -> dict[str, Any]:
        """The fields that every answer repeats."""


@dataclass(frozen=True, slots=True)
class Single(Generic[B]):
    """The tasks of one kind."""

    kind: Kind
    body: type[B]
    """An `Asked`."""
    show: Callable[[Job, Urls], dict[str, Any]]

    def started(self, call: Call) -> object:
        """A new one."""
        asked: Any = read(self.body, call.body, call.known)
        return self._shown(call, self._started(call, asked))

    def _started(self, call: Call, asked: Asked) -> Job:
        order = asked.order(call.account.name)
        return tasks.started(call, self.kind, Goal.VIDEO, order, asked.echo())

    def found(self, call: Call) -> object:
        """The one that the path names."""
        return self._shown(call, tasks.own_job(call, (self.kind,)))

    def listed(self, call: Call) -> Reply:
        """Those that the query wants."""
        return tasks.listed(call, (self.kind,)).reply(self.show, call.service.urls)

    def cancelled(self, call: Call) -> object:
        """The one that the path names, stopped."""
        return self._shown(call, following.cancelled(call, (self.kind,)))

    def deleted(self, call: Call) -> Reply:
        """Nothing: it is gone."""
        return following.deleted(call, (self.kind,))

    def _shown(self, call: Call, job: Job) -> dict[str, Any]:
        return self.show(job, call.service.urls)
