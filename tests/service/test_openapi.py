"""The OpenAPI document is true: whatever it allows is answered as it says, and never with a 5xx."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import checks
from service_world import AVATAR, VOICE, Api, a_body, http_api

from lipwright.service.routes import ROUTES

pytestmark = pytest.mark.slow

EXAMPLES = int(os.environ.get("LIPWRIGHT_TEST_EXAMPLES", "4"))
"""For each operation; raise it for a long run."""
CHECKS = (
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
)
OPERATIONS = sorted({(route.method, route.path) for route in ROUTES if not route.is_alias})
ENDLESS = ("/api/lipsyncs/{id}/events/", "/api/lipsyncs_v2/{id}/events/")


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with http_api(tmp_path_factory.mktemp("schema"), credits=10_000_000) as api:
        yield api


@pytest.fixture(scope="module")
def document(api: Api) -> dict[str, Any]:
    found: dict[str, Any] = api.client.get("/api/schema/").json()
    return found


@pytest.fixture(scope="module")
def task(api: Api) -> str:
    """A task that is there, so that not everything is a 404."""
    made = api.client.post("/api/lipsyncs/preview/", json=a_body())
    api.finish(made)
    return str(made.json()["id"])


def test_every_route_is_described(document: dict[str, Any]) -> None:
    described = {
        (method.upper(), path) for path, verbs in document["paths"].items() for method in verbs
    }
    assert described == set(OPERATIONS)
    for path, verbs in document["paths"].items():
        for operation in verbs.values():
            assert operation["operationId"]
            assert operation["summary"]
            assert {"401", "429"} <= set(operation["responses"]), path


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_what_the_document_allows_is_answered_as_it_says(
    api: Api, document: dict[str, Any], task: str, method: str, path: str
) -> None:
    if path in ENDLESS:
        pytest.skip("an answer without an end; test_cancel.py reads it")
    loaded = schemathesis.openapi.from_dict(document)
    operation = loaded[path][method]
    known = {"creator": AVATAR, "avatar_id": AVATAR, "accent": VOICE, "voice_id": VOICE}

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def check(case: Any) -> None:
        if isinstance(case.body, dict):
            case.body.update({name: known[name] for name in known if name in case.body})
        if method == "GET" and case.path_parameters.get("id"):
            case.path_parameters["id"] = task
        response = case.call(base_url=api.settings.base_url, headers=dict(api.client.headers))
        case.validate_response(response, checks=CHECKS)

    check()
