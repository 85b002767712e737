"""Nesting is counted before the sanitiser sees the markup."""

import pytest

from integrations.mail.parsing import plain_from_html
from prsystem.core.text.markup import MAX_DEPTH, bounded, is_too_deep


@pytest.mark.parametrize("markup", ["<b>", "<DIV class=x>", "<ul><li>", "<b></i>", "<table><tr><td>"])
def test_what_stays_open_is_deep_whatever_closes_wrongly(markup: str) -> None:
    assert is_too_deep(markup * (MAX_DEPTH + 1))
    assert not is_too_deep(markup * MAX_DEPTH)


@pytest.mark.parametrize("markup", ["<p>uno", "<br>", "<li>x", "<div><b>x</b></div>", "a < b ", "<img src=x>"])
def test_what_closes_itself_or_is_closed_does_not_nest(markup: str) -> None:
    assert not is_too_deep(markup * 5_000)


def test_the_words_of_a_mail_that_nests_too_deep_are_kept_without_tags() -> None:
    assert bounded("<p>Hola</p>") == "<p>Hola</p>"
    assert plain_from_html("<div>" * 100_000 + "La prensa <b>no</b> arranca &lt;hoy&gt;").split() == [
        *("La", "prensa", "no", "arranca", "<hoy>")
    ]
