"""Files of jobs, in a folder of this machine or in a bucket that many machines share."""

from __future__ import annotations

from lipwright.service.settings import Settings
from lipwright.service.storage.bucket import BucketStore
from lipwright.service.storage.folder import FolderStore
from lipwright.service.storage.memory import InMemoryStore
from lipwright.service.storage.store import (
    KINDS_OF_FILES,
    StorageUnavailable,
    Store,
    content_type,
)

__all__ = [
    "KINDS_OF_FILES",
    "BucketStore",
    "FolderStore",
    "InMemoryStore",
    "StorageUnavailable",
    "Store",
    "content_type",
    "open_store",
]


def open_store(settings: Settings) -> Store:
    """The store that the settings name; nothing is asked of it yet."""
    if settings.storage_url:
        return BucketStore.open(settings.storage_url, settings.storage_public_endpoint)
    return FolderStore(settings.data_dir / "files")
