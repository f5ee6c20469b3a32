"""A video described in a JSON file, for `lipwright render --scenes`."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from lipwright.errors import InvalidRequest
from lipwright.request import Container, RenderRequest

_REQUEST: Final = TypeAdapter(RenderRequest)
_FILES: Final = frozenset({"recording", "image", "video", "track", "logo"})
"""Fields that name files; they are looked for beside the JSON file."""


def read_request(
    path: Path, container: Container, find_avatar: Callable[[str], Path]
) -> RenderRequest:
    """The request that a JSON file holds: the fields of `RenderRequest`, avatars by name.

    Raises:
        InvalidRequest: It is no JSON, or not a request; the message says where.
        UnknownAvatar: A scene names one that is not at hand.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidRequest(f"{path} cannot be read as JSON: {error}.") from error
    try:
        request = _REQUEST.validate_python(_resolved(values, path.parent, find_avatar))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise InvalidRequest(f"{path.name}, {place}: {first['msg']}.") from error
    return replace(request, output=replace(request.output, container=container))


def _resolved(values: Any, folder: Path, find_avatar: Callable[[str], Path]) -> Any:  # noqa: ANN401
    if isinstance(values, list):
        return [_resolved(each, folder, find_avatar) for each in values]
    if not isinstance(values, dict):
        return values
    found = {}
    for name, value in values.items():
        if name == "avatar" and isinstance(value, str):
            found[name] = find_avatar(value)
        elif name in _FILES and isinstance(value, str):
            found[name] = folder / value
        else:
            found[name] = _resolved(value, folder, find_avatar)
    return found
