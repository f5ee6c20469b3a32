"""OpenTelemetry spans, for whoever collects them: one a request, one a step."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from importlib.util import find_spec

from lipwright.errors import InvalidRequest
from lipwright.service.settings import Settings

_NAME = "lipwright"
_on: list[bool] = []
"""Not empty once spans are collected; without them nothing of the library is imported."""


def set_up(settings: Settings) -> None:
    """Send spans to the collector of the settings, if they name one.

    Raises:
        InvalidRequest: The extra is not installed.
    """
    if not settings.otlp_endpoint:
        return
    if find_spec("opentelemetry.exporter") is None or find_spec("opentelemetry.sdk") is None:
        raise InvalidRequest("LIPWRIGHT_OTLP_ENDPOINT needs pip install 'lipwright[otel]'.")
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": _NAME}))
    address = settings.otlp_endpoint.rstrip("/") + "/v1/traces"
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=address)))
    trace.set_tracer_provider(provider)
    _on.append(True)


def span(name: str, **attributes: str) -> AbstractContextManager[object]:
    """A span around a block; nothing if nobody collects them."""
    if not _on:
        return nullcontext()
    from opentelemetry import trace

    found: AbstractContextManager[object] = trace.get_tracer(_NAME).start_as_current_span(
        name, attributes=attributes
    )
    return found
