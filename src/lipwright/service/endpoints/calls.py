"""What endpoints get, and what they use."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from lipwright.service.auth import Account
from lipwright.service.catalogue import Catalogue
from lipwright.service.disk import Disk
from lipwright.service.dispatch import Dispatch
from lipwright.service.health import Health
from lipwright.service.jobs import Goal, Job, State
from lipwright.service.limits import Throttle
from lipwright.service.orders import Kind
from lipwright.service.problems import not_found
from lipwright.service.records import Records
from lipwright.service.replies import Replies
from lipwright.service.selections import Phase, Selection
from lipwright.service.settings import Settings
from lipwright.service.storage import Store
from lipwright.service.uploads import Uploads
from lipwright.service.urls import Urls
from lipwright.service.watchers import Watchers
from lipwright.service.wire.fields import Known


@dataclass(frozen=True, slots=True)
class Service:
    """Everything that endpoints use."""

    settings: Settings
    engine: sa.Engine
    records: Records
    catalogue: Catalogue
    store: Store
    dispatch: Dispatch
    urls: Urls
    health: Health
    disk: Disk
    scratch: Path
    """Where a store that keeps files elsewhere puts copies."""
    watchers: Watchers = field(default_factory=Watchers)
    throttle: Throttle = field(default_factory=Throttle)

    @property
    def replies(self) -> Replies:
        """Answers kept under the callers' keys."""
        return Replies(self.engine)

    @property
    def uploads(self) -> Uploads:
        """Callers' files."""
        return Uploads(self.engine, self.store, self.scratch, self.settings)


@dataclass(frozen=True, slots=True)
class Call:
    """One authenticated request."""

    service: Service
    account: Account
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: object
    url: str
    """Path of the request, for links to other pages."""
    headers: Mapping[str, str] = field(default_factory=dict)
    seed: uuid.UUID = field(default_factory=uuid.uuid4)
    """What ids of new things are made from; the same when the caller asks the same again."""

    def new_id(self, index: int = 0) -> uuid.UUID:
        """Id of the first, second, … thing that this request makes."""
        return self.seed if index == 0 else uuid.uuid5(self.seed, str(index))

    @property
    def unfinished_limit(self) -> int:
        """Most tasks that this key may have under way; 0 is no limit."""
        own = self.account.limits.unfinished
        return self.service.settings.unfinished_limit if own is None else own

    @property
    def own_avatars(self) -> list[Job]:
        """Finished avatars that this account made by the API."""
        made = Selection(
            kinds=(Kind.AVATAR,),
            limit=self.service.settings.list_limit,
            phases=(Phase(Goal.VIDEO, State.SUCCEEDED),),
        )
        return self.service.records.jobs(self.account.id, made)

    @property
    def path_id(self) -> str:
        """The id in the path, in its usual form.

        Raises:
            Problem: 404; it is no id, so there is no such thing.
        """
        if not is_uuid(self.path["id"]):
            raise not_found()
        return str(uuid.UUID(self.path["id"]))

    @property
    def known(self) -> Known:
        """What the body may refer to."""
        catalogue = self.service.catalogue
        own = frozenset(job.id for job in self.own_avatars)
        return Known(
            avatars=own | frozenset(persona.card.id for persona in catalogue.personas()),
            voices=frozenset(voice.id for voice in catalogue.voices()),
            script_limit=self.service.settings.script_limit,
            consent_required=self.service.settings.consent_required,
        )


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that is more than a JSON value with the route's usual status."""

    body: object = None
    """JSON, unless `media_type` says otherwise; then text, a file, or text that comes bit by bit.
    None is no body at all."""
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = "application/json"
    secrets: tuple[str, ...] = ()
    """Fields of the body that are shown this once, and not when the same is asked again."""


Endpoint = Callable[[Call], object]
"""Gives a JSON value, or a `Reply`."""


def is_uuid(text: str) -> bool:
    """Whether it is an id at all; anything else need not go to the database."""
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
