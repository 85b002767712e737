"""Traces for the OpenTelemetry collector that OTEL_EXPORTER_OTLP_ENDPOINT names. Without it nothing is loaded or made.

Spans: requests by route, queries by their verb and table, jobs by kind, calls to Chroma and the model nodes by host.
What a span carries is named here and nothing else: no paths or parameters, statements, headers, contents or texts of
errors. A job goes on with the trace of the request that made it; nothing is told to the targets of webhooks.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db.backends.signals import connection_created
from django.http import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, Tracer

Attributes = dict[str, str | int]

UNTRACED = ("/metrics", "/api/health")
_VERB = re.compile(r"[A-Za-z]+")
_TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE)\s+\"?(\w+)", re.I)
_tracer: "Tracer | None" = None


def start() -> "TracerProvider | None":
    """Make the tracer of this process, and of those that it forks; None where no collector is named."""
    global _tracer
    if not settings.TRACES_ENDPOINT:
        return None
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    from prsystem.core.bounds.exporting import BoundedSession

    exporter = OTLPSpanExporter(
        endpoint=f"{settings.TRACES_ENDPOINT}/v1/traces",
        headers=settings.TRACES_HEADERS,
        timeout=settings.TRACES_TIMEOUT_SECONDS,
        session=BoundedSession(settings.TRACES_TIMEOUT_SECONDS),
    )
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: settings.TRACES_SERVICE}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    _tracer = provider.get_tracer("prsystem")
    connection_created.connect(follow_queries, dispatch_uid="tracing")
    return provider


def stop(provider: "TracerProvider") -> None:
    """Send what is left and trace no more."""
    global _tracer
    _tracer = None
    connection_created.disconnect(dispatch_uid="tracing")
    provider.shutdown()


def parsed_headers(text: str) -> dict[str, str]:
    """`name=value,other=value`, percent-encoded, as OTEL_EXPORTER_OTLP_HEADERS has it."""
    pairs = [item.partition("=") for item in text.split(",") if item.strip()]
    return {name.strip().lower(): unquote(value.strip()) for name, _sign, value in pairs}


@contextmanager
def _span(name: str, kind: str, attributes: Attributes, parent: str = "") -> Iterator["Span | None"]:
    """A span under the current one, or under the `traceparent` given; None where nothing is traced.

    What goes wrong inside is told by its type alone.
    """
    if _tracer is None:
        yield None
        return
    from opentelemetry.trace import SpanKind
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    context = TraceContextTextMapPropagator().extract({"traceparent": parent}) if parent else None
    begun = _tracer.start_as_current_span(
        name,
        context=context,
        kind=SpanKind[kind],
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    )
    with begun as span:
        try:
            yield span
        except Exception as error:
            failed(error)
            raise


def failed(error: BaseException) -> None:
    """The work of the current span went wrong."""
    if _tracer is None:
        return
    from opentelemetry.trace import StatusCode, get_current_span

    span = get_current_span()
    span.set_attribute("error.type", type(error).__qualname__)
    span.set_status(StatusCode.ERROR)


def traceparent() -> str:
    """Where the current span is, in the form of W3C Trace Context; empty where nothing is traced."""
    if _tracer is None:
        return ""
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    carrier: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carrier)
    return carrier.get("traceparent", "")


def add_ids(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """For structlog: the ids of the current span, so that a line of the log leads to its trace."""
    _version, trace_id, span_id, *_flags = traceparent().split("-") if _tracer else ("", "", "")
    return {**event, "trace_id": trace_id, "span_id": span_id} if trace_id else event


class TracingMiddleware:
    """A span for each request but those of probes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.TRACES_ENDPOINT:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(UNTRACED):
            return self.get_response(request)
        from .request_log import METHODS, route_of

        method = request.method if request.method in METHODS else "_OTHER"
        about: Attributes = {"http.request.method": method, "url.scheme": request.scheme or ""}
        with _span(method, "SERVER", about, request.headers.get("traceparent", "")) as span:
            response = self.get_response(request)
            if span is not None:
                _tell_answer(span, method, route_of(request), response)
                span.set_attribute("prs.request_id", getattr(request, "request_id", ""))
            return response


def _tell_answer(span: "Span", method: str, route: str, response: HttpResponse) -> None:
    from opentelemetry.trace import StatusCode

    span.update_name(f"{method} {route}")
    span.set_attributes({"http.route": route, "http.response.status_code": response.status_code})
    if response.status_code >= 500:
        span.set_status(StatusCode.ERROR)


@contextmanager
def job(kind: str, job_id: int, parent: str) -> Iterator[None]:
    """The span of a job, in the trace of what made it."""
    with _span(f"job {kind}", "CONSUMER", {"prs.job.kind": kind, "prs.job.id": job_id}, parent):
        yield


@contextmanager
def call(method: str, host: str, port: int) -> Iterator[tuple[dict[str, str], Callable[[int], None]]]:
    """The span of a call to another server: the headers to send, and whom to tell the status."""
    about: Attributes = {"http.request.method": method, "server.address": host, "server.port": port}
    with _span(method, "CLIENT", about) as span:
        header = traceparent()
        tell = partial(span.set_attribute, "http.response.status_code") if span else _untold
        yield ({"traceparent": header} if header else {}, tell)


def _untold(_status: int) -> None:
    return


def follow_queries(connection: Any, **_signal: Any) -> None:
    """Trace what this connection is asked from now on."""
    if _query not in connection.execute_wrappers:
        connection.execute_wrappers.append(_query)


def _query(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """A span for a query within a traced request or job; never one of its own."""
    if not traceparent():
        return execute(sql, params, many, context)
    verb, table = _VERB.search(str(sql)), _TABLE.search(str(sql))
    operation = verb.group().upper() if verb else "SQL"
    about: Attributes = {"db.system.name": "postgresql", "prs.database": context["connection"].alias}
    about["db.operation.name"] = operation
    if table:
        about["db.collection.name"] = table.group(1)
    with _span(" ".join([operation, *([table.group(1)] if table else [])]), "CLIENT", about):
        return execute(sql, params, many, context)
