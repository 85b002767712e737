"""Webhooks and model nodes on the health page of the console."""

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from prsystem.core.health.panels import ERROR, OFF, OK, WARNING, Panel, Row
from prsystem.runtime.selectors import get_setting

from .webhooks.models import Delivery, Endpoint
from .webhooks.store import SENDER_LOCK

COUNTED = 10_000


def webhooks_panel() -> Panel:
    """The sender, what waits for it, and what was given up."""
    deliveries, dead = reverse("admin:integrations_delivery_changelist"), Delivery.objects.filter(state="dead")
    waiting = Delivery.objects.filter(state=Delivery.State.PENDING)[:COUNTED].count()
    given_up = dead[:COUNTED].count()
    off = Endpoint.objects.filter(state=Endpoint.State.DISABLED).count()
    switched_off = f"{reverse('admin:integrations_endpoint_changelist')}?state__exact=disabled"
    rows = [
        _sender(),
        Row(_("Deliveries that wait"), waiting, url=f"{deliveries}?state__exact=pending"),
        Row(
            _("Deliveries given up"),
            given_up,
            WARNING if given_up else OK,
            _("Mend the receiver, then send them again from their list."),
            reverse("admin:integrations_deadletter_changelist"),
        ),
        Row(_("Endpoints switched off"), off, url=switched_off),
    ]
    return Panel(_("Webhooks"), rows)


def _sender() -> Row:
    if not get_setting("webhooks.enabled"):
        return Row(_("Sender"), _("switched off in the settings"), OFF)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND classid::bigint = %s AND objid::bigint = %s)",
            [SENDER_LOCK >> 32, SENDER_LOCK & 0xFFFFFFFF],
        )
        works = cursor.fetchone()[0]
    advice = _("No sender holds the lock. Start it; nothing is lost meanwhile.")
    return Row(_("Sender"), _("works") if works else _("stands still"), OK if works else ERROR, advice)


def nodes_panel() -> Panel:
    """Each model node: whether it answers, what it has loaded, what it has in hand."""
    from .ollama.cluster import get_cluster

    cluster = get_cluster()
    if not cluster.has_nodes:
        text, page = _("none: solutions are extractive"), reverse("admin:integrations_modelnode_changelist")
        return Panel(_("Model nodes"), [Row(_("Nodes"), text, OFF, url=page)])
    inflight = cluster.inflight()
    advice = _("Look at Ollama on this node: is it on, and has it the models?")
    rows = []
    for view in cluster.views():
        facts = {"loaded": ", ".join(sorted(view.loaded)) or "—", "count": inflight[view.name]}
        text = _("loaded: %(loaded)s; in hand: %(count)d") % facts if view.is_healthy else _("doesn't answer")
        rows.append(Row(view.name, text, OK if view.is_healthy else ERROR, advice))
    return Panel(_("Model nodes"), rows)
