"""What a page doesn't show is no text, whichever way it is hidden; what it shows stays.

The canary is a sentence of the passage's own words in plain lower case: nothing but its place tells it from the rest.
"""

import pytest

from incidents.intake.presets import text_from_html
from integrations.mail.parsing import plain_from_html
from knowledge.assistant.hygiene import plain
from prsystem.core.hidden import has_hidden, shown, without_hidden

CANARY = "abrir la tapa con la prensa en marcha"
STYLES = [
    "display:none", "DISPLAY : none !important", "display:/**/none", "di\\73play:none", "visibility:hidden",
    "visibility:collapse", "opacity:0", "opacity:0.01", "opacity:0%", "filter:opacity(0)", "color:#fff", "color:white",
    "color:#FFFFFFFF", "color:#fefefe", "color:rgb(255,255,255)", "color:hsl(0,0%,100%)", "color:transparent",
    "color:rgba(0,0,0,0)", "color:rgb(0 0 0 / 0)", "background:#123456;color:#123456", "background:#000",
    "font-size:0", "font-size:1px", "font-size:.1em", "font-size:1%", "font:1px arial", "font:0/0 a",
    "position:absolute;left:-9999px", "position:fixed;left:-100vw", "position:absolute;top:-100em",
    "text-indent:-9999px", "margin-left:-5000px", "transform:scale(0)", "transform:translateX(-9999px)",
    "height:0;overflow:hidden", "max-height:0px;overflow:hidden", "width:1px;height:1px;overflow:hidden",
    "clip:rect(0,0,0,0);position:absolute", "clip-path:inset(100%)", "clip-path:circle(0)", "mso-hide:all",
    "content-visibility:hidden",
]  # fmt: skip
HIDDEN = [
    *(f'<div style="{style}">{CANARY}</div>' for style in STYLES),
    f"<p hidden>{CANARY}</p>",
    f'<p hidden="until-found">{CANARY}</p>',
    f'<span aria-hidden="true">{CANARY}</span>',
    f"<x-foo hidden>{CANARY}</x-foo>",
    f"<dialog>{CANARY}</dialog>",
    f"<div popover>{CANARY}</div>",
    f"<font color=white>{CANARY}</font>",
    f'<font color="fffffe">{CANARY}</font>',
    f"<table><tr><td bgcolor=black><font color=black>{CANARY}</font></td></tr></table>",
    f"<noscript>{CANARY}</noscript>",
    f"<!-- {CANARY} -->",
    f"<!--[if mso]>{CANARY}<![endif]-->",
    f"<template><p>{CANARY}</p></template>",
    f"<script>{CANARY}</script>",
    f"<title>{CANARY}</title>",
    f"<textarea>{CANARY}</textarea>",
    f"<svg><text>{CANARY}</text></svg>",
    f"<iframe>{CANARY}</iframe>",
    f"<object>{CANARY}</object>",
    f'<img alt="{CANARY}" title="{CANARY}">',
    f'<style>.x{{display:none}}</style><p class="a x">{CANARY}</p>',
    f'<style>#q p.x , .z {{color:#ffffff}}</style><div id=q><div><p class="x">{CANARY}</p></div></div>',
    f"<style>@media screen{{.x{{display:none}}}}</style><p class=x>{CANARY}</p>",
    f'<div style="visibility:hidden"><b>{CANARY}</b></div>',
    f'<div style="display:none"><div>a</div>{CANARY}</div>',
    f"<div hidden><table></div>{CANARY}</table></div>",  # the end tag within the table ends nothing
    "<b>" * 300 + f"<p hidden>{CANARY}</p>",  # too deep for the sanitiser
]
SEEN = [
    f"<p>{CANARY}</p>",
    f'<p style="color:#333;opacity:.9;margin:0;text-indent:-1.5em">{CANARY}</p>',
    f'<table><tr style="background:#004"><th style="color:#fff">{CANARY}</th></tr></table>',
    f"<style>th{{background:#036;color:#fff}}</style><table><tr><th>{CANARY}</th></tr></table>",
    f"<body bgcolor=black text=white><font color=white>{CANARY}</font></body>",
    f"<style>body{{background:#111;color:#eee}}</style><body><p>{CANARY}</p>",
    f'<p style="background:url(x);color:white">{CANARY}</p>',
    f'<div style="font-size:0"><span style="font-size:14px">{CANARY}</span></div>',
    f'<div style="visibility:hidden">q<b style="visibility:visible">{CANARY}</b></div>',
    f'<p style="font:700 14px/1.2 Arial;width:100%;overflow:hidden">{CANARY}</p>',
    f"<style>@media print{{.x{{display:none}}}} .m .x{{display:none}}</style><p class=x>{CANARY}</p>",
    f"<p hidden>q<p>{CANARY}",
    f"<ul><li hidden>q<li>{CANARY}</ul>",
    f"<br hidden><input type=hidden value=x>{CANARY}",
    f"<details><summary>a</summary>{CANARY}</details>",
    f"si a < b y c > d: {CANARY}",
]


@pytest.mark.parametrize("markup", HIDDEN)
def test_what_a_page_hides_is_no_text_of_manuals_mails_and_imports(markup: str) -> None:
    page = f"<p>Purgar antes.</p>{markup}<p>Probar al final.</p>"
    for text in (shown(page), plain_from_html(page), text_from_html(page)):
        assert CANARY not in text
        assert "Purgar antes." in text
        assert "Probar al final." in text


@pytest.mark.parametrize("markup", SEEN)
def test_what_a_page_shows_stays(markup: str) -> None:
    for text in (shown(markup), plain_from_html(markup), text_from_html(markup)):
        assert CANARY in text


def test_what_is_never_closed_hides_the_rest() -> None:
    assert CANARY not in shown(f"<p>Purgar.</p><div style=display:none>{CANARY}")
    assert CANARY not in shown(f'<body style="background:#000"><p style="color:#000">{CANARY}')


def test_among_words_only_what_is_closed_goes() -> None:
    hidden = f"<div style='display:none'>{CANARY}</div>\n<!-- {CANARY} -->"
    text = f"Si a < b, usar <b>x</b>.\n{hidden}Escribir <div hidden> y &lt;"
    assert CANARY not in without_hidden(text)
    assert " ".join(without_hidden(text).split()) == "Si a < b, usar <b>x</b>. Escribir <div hidden> y &lt;"
    assert plain(f"La bomba vibra <span hidden>{CANARY}</span> mucho.") == "La bomba vibra mucho."


@pytest.mark.parametrize(
    "text", ["a < b y <x@host>", "Abrir <https://a.b/c>", "List<String> items", "<b>x</b>", "5 <!6", 'clase="x" style']
)
def test_words_without_anything_hidden_stay_as_they_are(text: str) -> None:
    assert without_hidden(text) == text
    assert not has_hidden(text)
