"""Proposals: asked for, drafted, shown, cited, rated, replayed."""
