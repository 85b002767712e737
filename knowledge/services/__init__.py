"""Changes of knowledge, search and indexing."""

from .articles import (
    Lesson,
    article_owner_set,
    article_visibility_set,
    version_learn,
    version_publish,
    version_restore,
)
from .feedback import article_feedback_give, article_report, failures_judge, outcomes_withdraw, votes_keep
from .holding import edition_release, version_release
from .lifecycle import (
    article_archive,
    article_reviewed,
    article_unarchive,
    version_recall,
    version_reject,
    version_submit,
)
from .noticing import notice_done, notice_give

__all__ = [
    "Lesson",
    "article_archive",
    "article_feedback_give",
    "article_owner_set",
    "article_report",
    "article_reviewed",
    "article_unarchive",
    "article_visibility_set",
    "edition_release",
    "failures_judge",
    "notice_done",
    "notice_give",
    "outcomes_withdraw",
    "version_learn",
    "version_publish",
    "version_recall",
    "version_reject",
    "version_release",
    "version_restore",
    "version_submit",
    "votes_keep",
]
