"""Endpoints, deliveries, attempts and allowed private targets in the console."""

from time import monotonic, sleep
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from prsystem.core.console.base import AuditedAdmin, ReadOnlyAdmin, ReadOnlyInline, Values
from prsystem.core.console.pages import console_page
from prsystem.core.errors import NotAllowed
from prsystem.core.outgoing.addresses import NEEDS_ALLOWANCE
from prsystem.core.web.middleware import actor_of
from prsystem.core.web.step_up import StepUpAdmin

from . import events, services
from .models import AllowedTarget, Attempt, DeadLetter, Delivery, DeliveryCount, Endpoint

WAIT_SECONDS, LOOK_SECONDS = 5, 0.2


class EndpointForm(forms.ModelForm):
    events = forms.MultipleChoiceField(
        label=_("events"),
        choices=events.CHOICES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen means all."),
    )

    class Meta:
        model = Endpoint
        fields = ("name", "url", "events", "shape", "template", "is_ordered")


@admin.register(Endpoint)
class EndpointAdmin(StepUpAdmin, AuditedAdmin):
    """Never removed: it is switched off. Its secret is shown once, when it is made or rotated."""

    entity = "webhook"
    form = EndpointForm
    may_delete = False
    list_display = ("name", "shape", "state", "reason", "failing_since", "previous_until")
    list_filter = ("state", "reason", "shape")
    search_fields = ("name",)
    readonly_fields = ("state", "reason", "failing_since", "previous_until", "created_at")
    actions = ("send_test", "rotate_secret", "switch_on", "switch_off", "resend_day", "resend_week")

    def save_model(self, request: HttpRequest, obj: Endpoint, form: forms.ModelForm, change: bool) -> None:
        secret = "" if change else services.endpoint_give_secret(obj)
        super().save_model(request, obj, form, change)
        if secret:
            self._show(request, obj, secret)

    def record(self, request: HttpRequest, verb: str, obj: Model, details: Values) -> None:
        """Paths of chat webhooks are secrets: only scheme and host go into the trail."""
        shown = {
            name: {side: services.shown_url(url) if url else url for side, url in values.items()}
            for name, values in details.items()
            if name == "url"
        }
        super().record(request, verb, obj, {**details, **shown})

    def _show(self, request: HttpRequest, obj: Endpoint, secret: str) -> None:
        text = _("Secret of %(name)s, shown only now: %(secret)s")
        self.message_user(request, text % {"name": obj.name, "secret": secret}, messages.WARNING)

    @admin.action(description=_("Send a test event"))
    def send_test(self, request: HttpRequest, queryset: QuerySet[Endpoint]) -> HttpResponse:
        """Leads to the page of what came of it."""
        actor = actor_of(request)
        sent = [services.endpoint_test(actor=actor, endpoint_id=endpoint.pk).pk for endpoint in queryset]
        query = urlencode({"entrega": sent}, doseq=True)
        return redirect(f"{reverse('admin:integrations_endpoint_test')}?{query}")

    def get_urls(self) -> list[URLPattern]:
        page = path("prueba/", self.admin_site.admin_view(self.test_page), name="integrations_endpoint_test")
        return [page, *super().get_urls()]

    def test_page(self, request: HttpRequest) -> HttpResponse:
        """What came of tests; it waits a few seconds for their first attempts."""
        if not self.has_view_permission(request):
            raise NotAllowed()
        ids = [int(given) for given in request.GET.getlist("entrega")[:50] if given.isdecimal() and len(given) < 19]
        tests = Delivery.objects.select_related("endpoint").prefetch_related("log").filter(pk__in=ids).order_by("pk")
        until = monotonic() + WAIT_SECONDS
        while any(test.waits_for_its_turn for test in tests) and monotonic() < until:
            sleep(LOOK_SECONDS)
            tests = tests.all()
        context = {"tests": tests, "needs_allowance": NEEDS_ALLOWANCE}
        return console_page(request, "admin/integrations/endpoint/tests.html", _("Test of the webhook"), context)

    @admin.action(description=_("Rotate the secret (the old one signs for 24 hours more)"))
    def rotate_secret(self, request: HttpRequest, queryset: QuerySet[Endpoint]) -> None:
        for endpoint in queryset:
            secret = services.endpoint_rotate_secret(actor=actor_of(request), endpoint_id=endpoint.pk)
            self._show(request, endpoint, secret)

    @admin.action(description=_("Switch on"))
    def switch_on(self, request: HttpRequest, queryset: QuerySet[Endpoint]) -> None:
        for endpoint in queryset:
            services.endpoint_enable(actor=actor_of(request), endpoint_id=endpoint.pk)

    @admin.action(description=_("Switch off"))
    def switch_off(self, request: HttpRequest, queryset: QuerySet[Endpoint]) -> None:
        for endpoint in queryset:
            services.endpoint_disable(actor=actor_of(request), endpoint_id=endpoint.pk)

    @admin.action(description=_("Resend everything of the last 24 hours"))
    def resend_day(self, request: HttpRequest, queryset: QuerySet[Endpoint]) -> None:
        self._resend(request, queryset, 1)

    @admin.action(description=_("Resend everything of the last 7 days"))
    def resend_week(self, request: HttpRequest, queryset: QuerySet[Endpoint]) -> None:
        self._resend(request, queryset, 7)

    def _resend(self, request: HttpRequest, queryset: QuerySet[Endpoint], days: int) -> None:
        count = sum(
            services.deliveries_resend_last(actor=actor_of(request), endpoint_id=endpoint.pk, days=days)
            for endpoint in queryset
        )
        _say_resent(self, request, count)


def _say_resent(page: admin.ModelAdmin, request: HttpRequest, count: int) -> None:
    text = ngettext("%(n)d event will be sent again.", "%(n)d events will be sent again.", count)
    page.message_user(request, text % {"n": count}, messages.SUCCESS if count else messages.WARNING)


class AttemptInline(ReadOnlyInline):
    model = Attempt
    fields = readonly_fields = ("number", "at", "result", "status", "error", "duration_ms", "answer")
    show_change_link = False


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = (
        "message_id",
        "event",
        "endpoint",
        "state",
        "attempts",
        "last_status",
        "last_error",
        "next_attempt_at",
    )
    list_filter = ("state", "endpoint", "event__event", "created_at")
    list_select_related = ("event", "endpoint")
    search_fields = ("message_id__exact", "resource__exact")
    date_hierarchy = "created_at"
    inlines = (AttemptInline,)
    actions = ("resend",)

    @admin.action(description=_("Resend the selected ones"))
    @transaction.atomic
    def resend(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        ids = list(queryset.values_list("pk", flat=True))
        _say_resent(self, request, services.deliveries_resend(actor=actor_of(request), delivery_ids=ids))


@admin.register(DeadLetter)
class DeadLetterAdmin(DeliveryAdmin):
    """What was given up: the owner looks here."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(state=Delivery.State.DEAD)


@admin.register(AllowedTarget)
class AllowedTargetAdmin(StepUpAdmin, AuditedAdmin):
    entity = "allowed_target"
    list_display = ("host", "networks", "ports", "note")
    search_fields = ("host",)


@admin.register(Attempt)
class AttemptAdmin(ReadOnlyAdmin):
    """Every attempt at every delivery, newest first."""

    list_display = ("delivery", "number", "result", "status", "duration_ms", "at")
    list_filter = ("result", "delivery__endpoint")
    search_fields = ("delivery__message_id", "error")
    list_select_related = ("delivery",)


@admin.register(DeliveryCount)
class DeliveryCountAdmin(ReadOnlyAdmin):
    """What the metrics count per endpoint and result."""

    list_display = ("endpoint", "result", "total")
    list_filter = ("endpoint",)
    search_fields = ("endpoint__name", "result")
