"""Changes of knowledge, search and indexing."""

from .articles import (
    Lesson,
    article_feedback_give,
    article_visibility_set,
    version_learn,
    version_publish,
    version_restore,
)

__all__ = [
    "Lesson",
    "article_feedback_give",
    "article_visibility_set",
    "version_learn",
    "version_publish",
    "version_restore",
]
