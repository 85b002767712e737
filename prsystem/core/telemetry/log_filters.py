"""What other libraries log, made fit to be kept: addresses may carry tokens, and a database that is away needs no
traceback for each request."""

import logging


class WithoutPath(logging.Filter):
    """Django's lines about failed requests, `"%s: %s"` with the path: the phrase stays; our own line has the route."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple) and len(record.args) > 1:
            record.msg, record.args = str(record.args[0]), ()
        if getattr(record, "status_code", 500) == 503:
            return False  # `database.unavailable` has said it
        record.__dict__.pop("request", None)
        return True
