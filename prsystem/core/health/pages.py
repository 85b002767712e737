"""The health of the system in the console: how everything is, what to do about it, failed work tried again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from prsystem.core.console.pages import console_page
from prsystem.core.jobs.retrying import AT_ONCE, jobs_retry, retried_text
from prsystem.core.models import Job

from .panels import ERROR, WARNING, panels


def health(request: HttpRequest) -> HttpResponse:
    """Every panel, and the worst state above them."""
    found = panels()
    states = {row.state for panel in found for row in panel.rows}
    worst = ERROR if ERROR in states else WARNING if WARNING in states else "ok"
    troubles = [row for panel in found for row in panel.rows if row.state in (ERROR, WARNING)]
    context = {"panels": found, "worst": worst, "troubles": troubles, "at": timezone.now()}
    return console_page(request, "admin/health.html", _("Health of the system"), context)


@require_POST
def health_retry(request: HttpRequest) -> HttpResponse:
    """Try the failed jobs again, the oldest AT_ONCE of them."""
    parked = Job.objects.filter(state=Job.State.PARKED).order_by("pk")[:AT_ONCE]
    count = jobs_retry(request, parked)
    messages.add_message(request, messages.SUCCESS if count else messages.WARNING, retried_text(count))
    return redirect("admin:health")
