"""The files under deploy/ name things that exist."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from lipwright.service.settings import Settings

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
MANIFESTS: list[dict[str, Any]] = list(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text()))
PROBES = {"/healthz", "/readyz"}


def deployments() -> list[dict[str, Any]]:
    return [found for found in MANIFESTS if found["kind"] == "Deployment"]


@pytest.mark.parametrize(
    "path", [path for path in DEPLOY.iterdir() if path.is_file()], ids=lambda path: path.name
)
def test_every_setting_in_it_is_one(path: Path) -> None:
    names = set(re.findall(r"LIPWRIGHT_([A-Z_]+)", path.read_text()))
    assert names <= {name.upper() for name in Settings.model_fields}


def test_compose_gives_each_service_what_it_needs() -> None:
    services = COMPOSE["services"]
    assert set(services) == {"api", "worker", "postgres", "bucket", "bucket-made"}
    for name, service in services.items():
        for needed in service.get("depends_on", {}):
            assert needed in services, f"{name} needs {needed}"
        assert set(service.get("volumes", [])) <= {
            f"{volume}:{path.split(':')[1]}"
            for volume in COMPOSE["volumes"]
            for path in service.get("volumes", [])
        }
    for name in ("api", "worker"):
        environment = services[name]["environment"]
        chosen = {
            key.removeprefix("LIPWRIGHT_").lower(): value
            for key, value in environment.items()
            if key.startswith("LIPWRIGHT_") and "$" not in value
        }
        assert Settings.model_validate(chosen)
        assert "postgresql://" in environment["LIPWRIGHT_DATABASE_URL"]
    assert services["api"]["environment"]["LIPWRIGHT_WORKERS"] == "0"


def test_every_secret_of_compose_stands_in_the_example() -> None:
    wanted = set(re.findall(r"\$\{([A-Z_]+)", (DEPLOY / "compose.yaml").read_text()))
    example = set(re.findall(r"^([A-Z_]+)=", (DEPLOY / "example.env").read_text(), re.M))
    assert wanted == example


def test_whoever_stops_a_worker_gives_it_time_to_drain() -> None:
    drain_s = Settings().drain_s
    grace = COMPOSE["services"]["worker"]["stop_grace_period"]
    assert int(grace.removesuffix("s")) > drain_s + 5
    worker = next(d for d in deployments() if d["metadata"]["name"] == "lipwright-worker")
    assert worker["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] > drain_s + 5


@pytest.mark.parametrize("found", deployments(), ids=lambda found: found["metadata"]["name"])
def test_a_deployment_selects_its_own_pods_and_probes_what_exists(found: dict[str, Any]) -> None:
    template = found["spec"]["template"]
    assert found["spec"]["selector"]["matchLabels"] == template["metadata"]["labels"]
    (container,) = template["spec"]["containers"]
    ports = {port["name"] for port in container["ports"]}
    for kind in ("livenessProbe", "readinessProbe"):
        if kind in container:
            probe = container[kind]["httpGet"]
            assert probe["path"] in PROBES
            assert probe["port"] in ports
    volumes = {volume["name"] for volume in template["spec"]["volumes"]}
    assert {mount["name"] for mount in container["volumeMounts"]} == volumes
    assert template["spec"]["securityContext"]["runAsNonRoot"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    for source in container["envFrom"]:
        ((_, reference),) = source.items()
        assert reference["name"] == "lipwright"


def test_the_service_leads_to_the_api() -> None:
    service = next(found for found in MANIFESTS if found["kind"] == "Service")
    api = next(d for d in deployments() if d["metadata"]["name"] == "lipwright-api")
    assert service["spec"]["selector"] == api["spec"]["selector"]["matchLabels"]


def test_the_image_copies_what_the_package_is_built_from() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    for name in re.findall(r"^COPY (?!--from)(.*) \./?\S*$", text, re.M):
        for part in name.split():
            assert (ROOT / part).exists(), part
    assert "USER 10001" in text
