"""What the console calls fields that don't name themselves: one word for one idea, whichever model has it.

Django makes a name out of the attribute, which can't be translated. A field whose model says how it is called keeps
that name; changing a word here needs no migration.
"""

from django.apps import apps
from django.db.models import Field
from django.utils.translation import gettext_lazy as _

FIELDS = {
    "accion": _("action"),
    "actor": _("who"),
    "actor_key": _("key of who did it"),
    "actor_kind": _("kind of actor"),
    "article": _("article"),
    "attempts": _("attempts"),
    "flow": _("flow of work"),
    "lane": _("lane"),
    "subject": _("subject of work"),
    "worker": _("worker"),
    "author": _("author"),
    "author_label": _("author"),
    "batch": _("batch"),
    "body": _("answer"),
    "calendar": _("calendar"),
    "citation": _("citation"),
    "collection": _("collection"),
    "comment": _("comment"),
    "confidence": _("confidence"),
    "created_at": _("created"),
    "dedup_key": _("key against repeats"),
    "detalles": _("details"),
    "dimensions": _("dimensions"),
    "dismissed_by": _("dismissed by"),
    "done_at": _("done"),
    "done_by": _("done by"),
    "duration_ms": _("duration (ms)"),
    "endpoint": _("endpoint"),
    "event": _("event"),
    "expires_at": _("expires"),
    "file": _("file"),
    "fingerprint": _("fingerprint"),
    "finished_at": _("finished"),
    "for_support": _("for support alone"),
    "fragment": _("fragment"),
    "gap": _("gap"),
    "generation": _("generation"),
    "html": _("HTML text"),
    "in_index_at": _("in the index since"),
    "incident": _("incident"),
    "ip": _("address"),
    "is_active": _("active"),
    "key": _("key"),
    "kind": _("kind"),
    "label": _("label"),
    "lang": _("language"),
    "last_error": _("last error"),
    "leased_until": _("held until"),
    "major": _("major"),
    "message_id": _("message"),
    "minor": _("minor"),
    "model": _("model"),
    "name": _("name"),
    "node": _("node"),
    "number": _("number"),
    "ordinal": _("place"),
    "origin": _("origin"),
    "passage": _("passage"),
    "payload": _("content"),
    "queue": _("queue"),
    "record": _("record of the answer"),
    "recurso": _("resource"),
    "relayed_at": _("sent on"),
    "reply_to": _("answer to"),
    "request_id": _("request"),
    "resolved_without_case": _("solved without a case"),
    "resource": _("resource"),
    "result": _("result"),
    "resultado": _("outcome"),
    "results": _("results"),
    "run_at": _("not before"),
    "rung": _("rung"),
    "rung_at": _("last told"),
    "scope": _("who sent it"),
    "score": _("score"),
    "sha256": _("SHA-256 digest"),
    "since": _("since"),
    "slug": _("name in the address"),
    "source": _("source"),
    "state": _("state"),
    "status": _("status"),
    "subject_key": _("key of the person"),
    "suggestion": _("proposal"),
    "system": _("database cluster"),
    "target": _("other incident"),
    "text": _("text"),
    "thread": _("thread"),
    "timestamp": _("moment"),
    "total": _("total"),
    "trace_parent": _("trace"),
    "until": _("until"),
    "uploaded_by": _("uploaded by"),
    "user": _("user"),
    "usuario_id": _("user"),
    "version": _("version"),
    "was_helpful": _("it helped"),
    "watermark": _("watermark"),
}
# Of the library that counts failed sign-ins, which has no Spanish.
AXES = {
    "attempt_time": _("attempt"),
    "failures_since_start": _("failed sign-ins"),
    "get_data": _("data of the address"),
    "http_accept": _("accepted kinds"),
    "ip_address": _("address"),
    "logout_time": _("sign-out"),
    "path_info": _("path"),
    "post_data": _("data sent"),
    "session_hash": _("digest of the session"),
    "user_agent": _("browser"),
}
MODELS = {
    "accounts.attemptcount": (_("attempt count"), _("attempt counts")),
    "integrations.deliverycount": (_("delivery count"), _("delivery counts")),
}


def names_give() -> None:
    """Once all models are there."""
    for model in apps.get_models():
        meta = model._meta
        words = FIELDS | AXES if meta.app_label == "axes" else FIELDS
        for field in meta.fields:
            if field.name in words and (meta.app_label == "axes" or not _names_itself(field)):
                field.verbose_name = words[field.name]
        if meta.label_lower in MODELS:
            meta.verbose_name, meta.verbose_name_plural = MODELS[meta.label_lower]


def _names_itself(field: Field) -> bool:
    _name, _path, _args, given = field.deconstruct()
    return "verbose_name" in given
