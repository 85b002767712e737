"""The glossary as editors keep it: pages and API, rights, what is refused, and a query to try."""

import pytest
from django.db import IntegrityError

from audit.models import AuditEntry
from knowledge.models import GlossaryTerm
from knowledge.retrieval.glossary import Entry, expansion_of
from knowledge.services import glossary as kept
from prsystem.accounts.models import Area, User
from prsystem.core.errors import Conflict
from tests.people import actor, api, browser, make_user

pytestmark = pytest.mark.django_db
PAGE, API = "/glosario/", "/api/conocimiento/glosario"
SENT = {"termino": "Prensa hidráulica", "nombres": "la gorda\r\nE-77, La Gorda", "area": "PROD", "nota": "Nave 2"}


@pytest.fixture
def editor(prod: Area) -> User:
    return make_user("elena", "editor", areas=[prod])


def term_of(area: Area | None, term: str = "Prensa hidráulica", names: str = "la gorda\nE-77") -> GlossaryTerm:
    return GlossaryTerm.objects.create(term=term, area=area, names=names)


def refused(user: User, **changed: object) -> list[str]:
    """The fields that a form of the page complains about; nothing is kept."""
    before = GlossaryTerm.objects.count()
    answer = browser(user).post(PAGE, {**SENT, **changed})
    assert answer.status_code == 200
    assert GlossaryTerm.objects.count() == before
    return list(answer.context["form"].errors)


def test_an_editor_adds_changes_and_takes_out_a_term(editor: User, prod: Area) -> None:
    client = browser(editor)
    assert client.post(PAGE, SENT, follow=True).status_code == 200
    term = GlossaryTerm.objects.get()
    assert (term.term, term.names, term.area, term.note) == (SENT["termino"], "la gorda\nE-77", prod, "Nave 2")
    assert "la gorda · E-77" in client.get(PAGE).content.decode()

    own = f"{PAGE}{term.pk}/"
    assert 'value="Prensa hidráulica"' in client.get(own).content.decode()
    assert client.post(own, {**SENT, "nombres": "bertha"}).headers["Location"] == PAGE
    assert GlossaryTerm.objects.get().names == "bertha"

    assert client.get(f"{own}quitar").status_code == 405
    assert client.post(f"{own}quitar").headers["Location"] == PAGE
    assert not GlossaryTerm.objects.exists()
    told = AuditEntry.objects.filter(recurso=f"termino:{term.pk}").order_by("pk")
    assert [one.accion for one in told] == [f"glossary_term.{verb}" for verb in ("created", "updated", "deleted")]
    assert told[1].detalles == {"names": {"antes": "la gorda\nE-77", "despues": "bertha"}}


def test_the_same_term_in_other_letters_is_told_apart_only_by_area(editor: User, prod: Area, eva: User) -> None:
    term_of(prod)
    assert refused(editor, termino="PRENSA  hidraulica") == ["termino"]
    assert browser(eva).post(PAGE, {**SENT, "area": "-"}).status_code == 302
    assert refused(eva, area="-") == ["termino"]


def test_two_that_add_the_same_at_once_are_told(editor: User, prod: Area, monkeypatch: pytest.MonkeyPatch) -> None:
    term_of(prod)
    monkeypatch.setattr(kept, "_require_new", lambda term: None)
    with pytest.raises(Conflict) as told:
        kept.term_add(actor=actor(editor), spec=kept.TermSpec("Prensa hidráulica", "bertha", prod))
    assert isinstance(told.value.__cause__, IntegrityError)


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"termino": ""}, ["termino"]),
        ({"termino": "x" * 81}, ["termino"]),
        ({"termino": "\u0301\u0301"}, ["termino"]),
        ({"termino": "…!?"}, ["termino"]),
        ({"termino": "a\x00b"}, ["termino"]),
        ({"nombres": ""}, ["nombres"]),
        ({"nombres": "x\ny"}, ["nombres"]),
        ({"nombres": "prensa hidraulica"}, ["nombres"]),
        ({"nombres": "\u0301\u0301"}, ["nombres"]),
        ({"nombres": "n" * 1001}, ["nombres"]),
        ({"nota": "n" * 201}, ["nota"]),
        ({"area": "CAL"}, ["area"]),
        ({"area": "-"}, ["area"]),
    ],
)
def test_what_can_not_be_kept_is_named(editor: User, changed: dict[str, str], fields: list[str]) -> None:
    assert refused(editor, **changed) == fields


def test_markup_emoji_and_formulas_are_text(editor: User, ana: User) -> None:
    browser(editor).post(PAGE, {**SENT, "termino": "<b>Prensa</b>", "nombres": "🔥🔥\n=1+1\n<script>x</script>"})
    shown = browser(ana).get(PAGE, {"probar": "la 🔥🔥 otra vez"}).content.decode()
    assert "<b>Prensa" not in shown
    assert shown.count("&lt;b&gt;Prensa&lt;/b&gt;") == 2
    assert "<script>x" not in shown


def test_names_that_mean_each_other_end_after_one_step() -> None:
    circle = [Entry("alfa", ("beta",)), Entry("beta", ("gamma",)), Entry("gamma", ("alfa",))]
    assert expansion_of("alfa parada", circle) == ["gamma"]
    assert expansion_of("alfa", [Entry("prensa", ("\u0301\u0301", "--"))]) == []


def test_the_list_is_of_the_site_and_of_one_s_areas(prod: Area, mant: Area, ana: User, editor: User) -> None:
    mine, other, all_of = term_of(prod), term_of(mant, "Torno"), term_of(None, "Banda")
    rows = browser(ana).get(PAGE).context["rows"]
    assert [(term.term, may_edit) for term, _names, may_edit in rows] == [
        ("Banda", False),
        ("Prensa hidráulica", False),
    ]
    assert [may for *_one, may in browser(editor).get(PAGE).context["rows"]] == [False, True]
    assert browser(ana).get(PAGE).context["form"] is None
    client = browser(editor)
    assert [client.get(f"{PAGE}{term.pk}/").status_code for term in (mine, other, all_of)] == [200, 404, 403]
    assert client.post(f"{PAGE}{all_of.pk}/quitar").status_code == 403
    assert browser(ana).post(PAGE, SENT).status_code == 200
    assert GlossaryTerm.objects.count() == 3


def test_the_list_is_searched_without_accents(prod: Area, ana: User) -> None:
    term_of(prod)
    term_of(None, "Banda", "la culebra")

    def found(**asked: str) -> list[str]:
        return [term.term for term, *_more in browser(ana).get(PAGE, asked).context["rows"]]

    assert found(q="HIDRAULICA") == found(q="e-77") == found(area="prod") == ["Prensa hidráulica"]
    assert found(area="-") == ["Banda"]
    assert found(q="%") == []


def test_a_query_can_be_tried(prod: Area, mant: Area, ana: User) -> None:
    term_of(prod)
    term_of(mant, "Torno", "la gorda")
    shown = browser(ana).get(PAGE, {"probar": "La Gorda no sube"})
    assert [(one.term, one.name) for one in shown.context["tried"]] == [("Prensa hidráulica", "la gorda")]
    assert "Torno" not in shown.content.decode()
    assert browser(ana).get(PAGE, {"probar": "prensa hidraulica, la gorda"}).context["tried"] == []
    told = api(ana).get(f"{API}/probar", {"query": "alarma e-77"}).json()
    assert told == {"consulta": "alarma e-77", "tambien": [{"termino": "Prensa hidráulica", "por": "E-77"}]}
    assert api(ana).get(f"{API}/probar").status_code == 400


def test_the_same_by_api(editor: User, ana: User, prod: Area, mant: Area) -> None:
    body = {"termino": "Torno", "nombres": ["el loco", "T-9"], "area": "PROD"}
    assert api(ana).post(API, body).status_code == 403
    assert api(editor).post(API, {**body, "area": "MANT"}).status_code == 403
    assert api(editor).post(API, {**body, "area": None}).status_code == 403
    made = api(editor).post(API, body)
    assert made.status_code == 201
    path = made.headers["Location"].removeprefix("http://testserver")
    expected = {
        "id": path.rsplit("/", 1)[1],
        "termino": "Torno",
        "nombres": ["el loco", "T-9"],
        "area": "PROD",
        "nota": "",
    }
    assert made.json() == api(ana).get(path).json() == expected
    assert api(editor).post(API, body).status_code == 409
    assert api(ana).patch(path, {"nota": "x"}).status_code == 403
    assert api(editor).patch(path, {"area": None}).status_code == 403
    assert api(editor).patch(path, {"nota": "CNC"}).json() == {**expected, "nota": "CNC"}
    assert api(editor).patch(path, {"nombres": [3]}).status_code == 400
    assert api(editor).patch(path, {"area": ""}).status_code == 400
    assert [row["termino"] for row in api(ana).get(API, {"q": "LOCO"}).json()["resultados"]] == ["Torno"]
    assert api(ana).get(API, {"q": "x" * 201}).status_code == 400
    assert api(ana).delete(path).status_code == 403
    assert api(editor).delete(path).status_code == 204
    assert api(ana).get(path).status_code == 404


def test_those_of_another_area_do_not_exist(editor: User, mant: Area) -> None:
    path = f"{API}/{term_of(mant).pk}"
    client = api(editor)
    found = (client.get(path), client.patch(path, {"nota": "x"}), client.delete(path))
    assert [answer.status_code for answer in found] == [404, 404, 404]
