"""Validation errors in the words and the shape of Django REST Framework."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

_MESSAGES: Final = {
    "missing": "This field is required.",
    "string_type": "Not a valid string.",
    "string_unicode": "Not a valid string.",
    "string_too_long": "Ensure this field has no more than {max_length} characters.",
    "too_long": "Ensure this field has no more than {max_length} {counted}.",
    "too_short": "Ensure this field has at least {min_length} {counted}.",
    "bool_type": "Must be a valid boolean.",
    "bool_parsing": "Must be a valid boolean.",
    "int_type": "A valid integer is required.",
    "int_parsing": "A valid integer is required.",
    "int_from_float": "A valid integer is required.",
    "float_type": "A valid number is required.",
    "float_parsing": "A valid number is required.",
    "finite_number": "A valid number is required.",
    "greater_than_equal": "Ensure this value is greater than or equal to {ge:g}.",
    "less_than_equal": "Ensure this value is less than or equal to {le:g}.",
}
_NO_OBJECT: Final = ("model_type", "dict_type", "model_attributes_type")
_WHOLE: Final = (*_NO_OBJECT, "whole")
"""Kinds that are about an object, not about one of its fields."""


def field_errors(error: ValidationError, body: object) -> dict[str, Any]:
    """``{"field": ["message"]}``, nested where the fields are.

    A list of objects has one entry for each of them, ``{}`` for the good ones; in a list of
    plain values the wrong ones are named by their number.
    """
    answer: dict[str, Any] = {}
    for found in error.errors(include_url=False):
        path = list(found["loc"])
        if found["type"] in _WHOLE:
            path.append("non_field_errors")
        _insert(answer, path, _message(found), body)
    return answer


def _insert(answer: dict[str, Any], path: Sequence[str | int], message: str, body: object) -> None:
    place: Any = answer
    last = len(path) - 1
    for index, part in enumerate(path[:-1]):
        body = _inside(body, part)
        if isinstance(place, list):
            place = place[int(part)]
        else:
            # a number that is not the last part stands for an object in a list
            in_objects = isinstance(path[index + 1], int) and index + 1 < last
            place = place.setdefault(str(part), _one_each(body) if in_objects else {})
    if isinstance(place, dict):  # and not a refusal of the list as a whole
        place.setdefault(str(path[-1]), []).append(message)


def _inside(body: object, part: str | int) -> object:
    if isinstance(body, Mapping):
        return body.get(part)
    return body[part] if isinstance(body, list) and isinstance(part, int) else None


def _one_each(body: object) -> list[dict[str, Any]]:
    return [{} for _ in body] if isinstance(body, list) else []


def _message(found: ErrorDetails) -> str:
    kind, given = found["type"], found["input"]
    if kind == "literal_error":
        return f'"{given}" is not a valid choice.'
    if kind in _NO_OBJECT:
        return f"Invalid data. Expected a dictionary, but got {type(given).__name__}."
    if kind == "list_type":
        return f'Expected a list of items but got type "{type(given).__name__}".'
    if kind in _MESSAGES:
        counted = "characters" if isinstance(given, str) else "elements"
        return _MESSAGES[kind].format(counted=counted, **found.get("ctx", {}))
    # every other kind is one that `wire` raises, with its message ready
    return found["msg"]
