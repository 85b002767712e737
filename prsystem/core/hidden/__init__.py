"""Text that people don't see never becomes text of ours: `shown` for documents and mails, `without_hidden` for words
that hold a little HTML."""

from .walking import has_hidden, shown, without_hidden

__all__ = ["has_hidden", "shown", "without_hidden"]
