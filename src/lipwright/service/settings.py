"""Every setting, read from the environment (``LIPWRIGHT_…``) once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_data_dir
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from lipwright.request import SCRIPT_LIMIT

PREFIX = "LIPWRIGHT_"
Price = Annotated[float, Field(ge=0)]
Capability = Literal["speech", "render", "preview", "gpu"]


class Settings(BaseSettings):
    """What an operator can choose.  ``docs/http.md`` lists the same names."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    data_dir: Path = Field(
        default_factory=lambda: Path(user_data_dir("lipwright")),
        description="Folder of the SQLite databases, the files and your own avatars.",
    )
    database_url: str = Field(
        default="",
        repr=False,  # it holds a password
        description="`postgresql://…`; empty is SQLite in the data folder.",
    )
    storage_url: str = Field(
        default="",
        description="`s3://bucket/prefix`, with the usual `AWS_…` variables for region, endpoint "
        "and credentials; empty is `files` in the data folder.",
    )
    storage_public_endpoint: str = Field(
        default="",
        description="Endpoint by which clients reach the bucket, if it is not the workers' own.",
    )
    link_lifetime_s: int = Field(
        default=604_800, ge=1, description="How long the address of a file is valid, in seconds."
    )
    retention_days: float = Field(
        default=0,
        ge=0,
        description="Finished tasks and their files are removed after so many days; 0 is never.",
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port to listen on.")
    public_url: str = Field(
        default="",
        description="How clients reach this server, for URLs in answers; empty is host and port.",
    )
    script_limit: int = Field(
        default=3600, ge=1, le=SCRIPT_LIMIT, description="Longest script, in characters; to 8000."
    )
    credits: int = Field(default=10_000, ge=0, description="What a new account starts with.")
    video_price: int = Field(
        default=5, ge=0, description="Credits for each started 30 s of a finished video."
    )
    preview_price: int = Field(
        default=0,
        ge=0,
        description="Credits for each started 30 s of a preview; its render costs that much less.",
    )
    speech_price: int = Field(
        default=1, ge=0, description="Credits for each started 30 s of a `text_to_speech` file."
    )
    aurora_price: float = Field(
        default=1,
        ge=0,
        description="Credits for each started second of a video with `model_version` `aurora_v1`.",
    )
    aurora_fast_price: float = Field(
        default=0.5,
        ge=0,
        description="Credits for each started second with `aurora_v1_fast`, rounded up at the end.",
    )
    aurora_v2_prices: tuple[Price, Price, Price, Price] = Field(
        default=(0.4, 0.7, 1.4, 2.8),
        description="Credits for each started second with `aurora_v2`, rounded up at the end, at "
        "480p, 720p, 1080p and 2k, as a JSON list.",
    )
    consent_required: bool = Field(
        default=True,
        description="Whoever brings a face must say who allowed its use; turn it off only where "
        "that is recorded elsewhere.",
    )
    avatar_limit: int = Field(
        default=100, ge=0, description="Most avatars that one account may make by the API."
    )
    create_status: Literal[200, 201] = Field(
        default=201, description="HTTP status of a successful create; some old clients want 200."
    )
    preview_webhooks: bool = Field(
        default=False, description="Also call the webhook when a preview is ready (`pending`)."
    )
    rate_per_minute: int = Field(
        default=6000,
        ge=0,
        description="Requests a minute of one key at one API process; 0 is no limit.",
    )
    unfinished_limit: int = Field(
        default=1000, ge=0, description="Tasks of one key under way at once; 0 is no limit."
    )
    key_grace_s: float = Field(
        default=86_400,
        ge=0,
        description="How long an old key or webhook secret works after a rotation, in seconds.",
    )
    list_limit: int = Field(
        default=1000, ge=1, description="Most tasks in one list; the newest are kept."
    )
    body_limit: int = Field(default=1 << 20, ge=1024, description="Largest request body, in bytes.")
    upload_limit: int = Field(default=1 << 30, ge=1, description="Largest uploaded file, in bytes.")
    upload_quota: int = Field(
        default=10 << 30, ge=1, description="Uploads of one account together, in bytes."
    )
    upload_kept_s: float = Field(
        default=604_800, gt=0, description="How long an upload is kept, in seconds."
    )
    trusted_hosts: tuple[str, ...] = Field(
        default=(),
        description="Host names, addresses or networks that may be fetched from and called "
        "although they are private, as a JSON list.",
    )
    fetch_limit: int = Field(
        default=50 << 20, ge=1, description="Largest file fetched from a caller's URL, in bytes."
    )
    fetch_timeout_s: float = Field(
        default=30, gt=0, description="Longest time for one fetch, in seconds."
    )
    webhook_timeout_s: float = Field(
        default=15, gt=0, description="Longest wait for a webhook receiver, in seconds."
    )
    webhook_retries_s: tuple[float, ...] = Field(
        default=(5, 60, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400),
        description="Pauses before the second, third, … try of a webhook, in seconds; three days.",
    )
    workers: int = Field(
        default=1,
        ge=0,
        description="Worker processes that `lipwright serve` runs beside the API; 0 is none.",
    )
    queues: tuple[Capability, ...] = Field(
        default=("speech", "render", "preview", "gpu"),
        min_length=1,
        description="What a worker serves, as a JSON list of `speech`, `render`, `preview`, `gpu`.",
    )
    gpu_steps: tuple[Literal["speak", "draw", "join"], ...] = Field(
        default=(),
        description="Steps of finished videos that only workers with the queue `gpu` do.",
    )
    concurrency: int = Field(
        default=2, ge=1, description="Render processes at the same time; one a core."
    )
    renderer: Literal["pipeline", "card"] = Field(
        default="pipeline",
        description="`card` draws a plain card quickly instead of a talking avatar, for trials.",
    )
    step_timeout_s: float = Field(
        default=1800, gt=0, description="Longest time for one render process, in seconds."
    )
    mouth_model: Path | None = Field(
        default=None,
        description="ONNX generator (mel window and masked face in, face out) that draws the "
        "mouths of videos, instead of Lipwright's own way. On every worker at the same place.",
    )
    child_memory_mb: int = Field(
        default=4096, ge=512, description="Address space of one render process, in MB."
    )
    disk_floor_mb: int = Field(
        default=1024,
        ge=0,
        description="With less free disk, in MB, a worker starts nothing new, and with SQLite or a "
        "folder as storage the API takes no new tasks and uploads (`503`).",
    )
    deaths_limit: int = Field(
        default=3,
        ge=1,
        description="A step during which so many workers died one after the other is given up; "
        "what dies with its own render process only is tried three times anyway.",
    )
    outage_s: float = Field(
        default=1800,
        gt=0,
        description="How long a step waits for a database or storage that is away, in seconds.",
    )
    drain_s: float = Field(
        default=20,
        ge=0,
        description="How long a worker told to stop lets steps finish before it hands them over.",
    )
    poll_s: float = Field(
        default=0.2,
        gt=0,
        description="How often a worker looks for new previews, in seconds; for the rest less.",
    )
    beat_s: float = Field(
        default=5, gt=0, description="How often a worker says that it lives, in seconds."
    )
    silence_s: float = Field(
        default=20,
        gt=0,
        description="A worker silent for so many seconds is dead; others take over its work.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="What goes to the log, on stderr, as JSON lines."
    )

    worker_port: int = Field(
        default=0,
        ge=0,
        le=65535,
        description="Port of a worker's own `/healthz` and `/metrics`; 0 is none.",
    )
    metrics_token: SecretStr = Field(
        default=SecretStr(""),
        description="What `/metrics` wants as bearer token; empty: only this machine may read it.",
    )
    otlp_endpoint: str = Field(
        default="",
        description="Where OpenTelemetry spans go, such as `http://collector:4318`; "
        "needs `pip install 'lipwright[otel]'`.",
    )

    @property
    def base_url(self) -> str:
        """Start of every URL handed out, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def records_url(self) -> str:
        """SQLAlchemy URL of accounts, jobs and credits."""
        if not self.database_url:
            return f"sqlite:///{self.data_dir.absolute() / 'lipwright.sqlite'}"
        return self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)

    @property
    def keeps_here(self) -> bool:
        """Whether anything is kept on this machine: the database, or the files."""
        return not (self.database_url and self.storage_url)

    @property
    def workflows_url(self) -> str:
        """SQLAlchemy URL of the workflow engine's own tables."""
        if not self.database_url:
            # a file of its own, so that its polling never waits behind our transactions
            return f"sqlite:///{self.data_dir.absolute() / 'workflows.sqlite'}"
        return self.records_url

    def environ(self) -> dict[str, str]:
        """These settings as environment variables, for a process started with them."""
        chosen = self.model_dump(mode="json", exclude_defaults=True)
        for name in chosen:
            if isinstance(secret := getattr(self, name), SecretStr):
                chosen[name] = secret.get_secret_value()
        return {
            PREFIX + name.upper(): value if isinstance(value, str) else json.dumps(value)
            for name, value in chosen.items()
        }
