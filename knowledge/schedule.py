"""The jobs of knowledge, and what is done for it by the clock."""

from prsystem.core.jobs.schedule import At, Periodic, Work

_MANUALS = "knowledge.services.manuals"
JOBS = (
    Work("article.index", "knowledge.services.indexing.article_index"),
    Work("manual.read", f"{_MANUALS}.edition_read", when_parked=f"{_MANUALS}.edition_read_fail", seconds=600),
    Work("manual.index", "knowledge.services.indexing.index_slice", subject="index", by_clock=True),
)
BY_CLOCK = (
    Periodic("index-drift", "knowledge.services.indexing.index_request", every=60.0),
    Periodic("reviews-remind", "knowledge.services.lifecycle.reviews_remind", every=At(hour="5", minute="10")),
)
