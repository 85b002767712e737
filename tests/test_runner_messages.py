"""Messages are found in code and templates, so that a missing translation fails the checks."""

from pathlib import Path

import polib

from prsystem.runner.catalogues import compile_catalogues
from prsystem.runner.messages import problems, python_messages, template_messages


def test_python_messages_are_literals_of_gettext_calls() -> None:
    source = 'x = _("one"); ngettext("%(n)s file", "%(n)s files", n); pgettext("menu", "Open"); print("no"); _(name)'
    assert python_messages(source) == {"one", "%(n)s file", "%(n)s files", "Open"}


def test_template_messages_of_all_tags() -> None:
    source = (
        "{% load i18n %}{% translate \"Claim it's\" %}<p>{{ _('Queue') }}</p>"
        "{% blocktranslate with n=x %}Hello (you) {{ n }}{% endblocktranslate %}"
        "{% blocktranslate count c=n %}{{ c }} case{% plural %}{{ c }} cases{% endblocktranslate %}"
        '{% include "a.html" with title=_("Title") %}plain text'
    )
    expected = {"Claim it's", "Queue", "Hello (you) %(n)s", "%(c)s case", "%(c)s cases", "Title"}
    assert template_messages(source) == expected


def test_compiled_catalogue_is_renewed_and_leaves_fuzzy_out(tmp_path: Path) -> None:
    folder = tmp_path / "es" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    po = polib.POFile()
    po.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    po.append(polib.POEntry(msgid="Claim", msgstr="Tomar"))
    po.append(polib.POEntry(msgid="Close", msgstr="Cerrar", flags=["fuzzy"]))
    po.save(str(folder / "django.po"))

    assert compile_catalogues(tmp_path) == 1
    assert compile_catalogues(tmp_path) == 0
    compiled = {entry.msgid: entry.msgstr for entry in polib.mofile(str(folder / "django.mo"))}
    assert compiled == {"Claim": "Tomar"}
    assert problems(folder / "django.po", {"Claim", "Close", "New"}) == ["missing: 'New'", "not translated: 'Close'"]
