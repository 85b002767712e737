"""The words somebody looks for as a query of PostgreSQL's text search. See core's migration 0002 for the functions."""

from django.contrib.postgres.search import SearchQuery

ALL_WORDS, ANY_WORD = "prs_search_query", "prs_search_any"


def words_query(words: str, function: str = ALL_WORDS) -> SearchQuery:
    """A query made by one of our own functions; Django would wrap any other expression in `plainto_tsquery`."""
    query = SearchQuery(words)
    query.function = function
    return query
