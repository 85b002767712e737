"""What is measured, in the order of a whole run."""

from collections.abc import Callable

from ..figures import Figure
from ..servers import Bench
from . import detail, fairness, indexing, lists, outage, report, sealing, search, suggestion, sweeping, webhooks, wiped

Suite = Callable[[Bench], list[Figure]]

SUITES: dict[str, Suite] = {
    "report": report.run,
    "outage": outage.run,
    "seal": sealing.run,
    "suggestion": suggestion.run,
    "turns": fairness.run,
    "index": indexing.run,
    "search": search.run,
    "list": lists.run,
    "detail": detail.run,
    "sweep": sweeping.run,
    "webhooks": webhooks.run,
    "wiped": wiped.run,
}
