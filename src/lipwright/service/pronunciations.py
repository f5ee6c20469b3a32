"""An account's dictionary: words, and how they are said in everything it has spoken."""

from __future__ import annotations

import sqlalchemy as sa

from lipwright.service.database import accounts
from lipwright.service.scene_orders import Pronunciations


def dictionary(engine: sa.Engine, account_id: str) -> Pronunciations:
    """The account's entries, in the order in which they were sent."""
    wanted = sa.select(accounts.c.pronunciations).where(accounts.c.id == account_id)
    with engine.connect() as connection:
        kept = connection.scalar(wanted) or ()
    return tuple((word, said) for word, said in kept)


def keep(engine: sa.Engine, account_id: str, entries: Pronunciations) -> None:
    """Put `entries` in the place of all there were."""
    changed = accounts.update().where(accounts.c.id == account_id)
    with engine.begin() as connection:
        connection.execute(changed.values(pronunciations=[list(entry) for entry in entries]))
