"""The pages of writing and review, as somebody without JavaScript and as htmx uses them."""

import re
from typing import Any

import pytest

from knowledge.models import Article, Version
from knowledge.services import version_publish, version_submit
from knowledge.writing.services import draft_begin, draft_continue
from knowledge.writing.texts import Draft
from prsystem.accounts.models import Area, RoleGrant, User
from tests.incidents.makers import make_article
from tests.people import actor, browser

pytestmark = pytest.mark.django_db
SLUG = "prensa-sin-presion"
ONE = f"/conocimiento/{SLUG}"
EDITOR = f"{ONE}/versiones/1.0/editar"
TEXTS = {"titulo": "Prensa sin presión", "problema": "No llega.", "causa": "", "solucion": "1. Purgar.", "idioma": ""}
HTMX = {"HTTP_HX_REQUEST": "true"}


def text_of(answer: Any) -> str:
    """The page on one line, without the blanks beside its tags."""
    return re.sub(r"\s*(<|>)\s*", r"\1", " ".join(answer.content.decode().split()))


@pytest.fixture
def draft(prod: Area, luis: User) -> Version:
    return draft_begin(actor=actor(luis), area=prod, draft=Draft(title="Prensa sin presión", problem="No llega."))


class TestStart:
    def test_l1_begins_with_a_title_and_an_outline(self, prod: Area, luis: User) -> None:
        page = browser(luis)
        assert "Artículo nuevo" in text_of(page.get("/conocimiento/nuevo?titulo=Fuga+de+aceite"))
        assert 'value="Fuga de aceite"' in text_of(page.get("/conocimiento/nuevo?titulo=Fuga+de+aceite"))
        sent = {"titulo": "Prensa sin presión", "area": "PROD", "visibilidad": "todos", "plantilla": "falla"}
        assert page.post("/conocimiento/nuevo", sent).headers["Location"] == EDITOR
        version = Version.objects.get()
        assert [word in version.solution for word in ("Seguridad", "Pasos", "Comprobación")] == [True] * 3
        assert version.article.visibility == "todos"
        assert text_of(page.get(EDITOR)).count("<textarea") == 3

    @pytest.mark.parametrize("bad", [{"titulo": ""}, {"titulo": "\u200b"}, {"area": "MANT"}, {"titulo": "a\x00b"}])
    def test_what_cant_be_begun_is_said_at_the_field(
        self, prod: Area, mant: Area, luis: User, bad: dict[str, str]
    ) -> None:
        sent = {"titulo": "Prensa", "area": "PROD", "visibilidad": "area", "plantilla": "blanco", **bad}
        answer = browser(luis).post("/conocimiento/nuevo", sent)
        assert (answer.status_code, Article.objects.count()) == (422, 0)
        assert "form-error" in text_of(answer)

    def test_reporters_have_neither_the_page_nor_its_buttons(self, prod: Area, ana: User) -> None:
        make_article(prod)
        Article.objects.update(visibility="todos")
        page = browser(ana)
        assert page.get("/conocimiento/nuevo").status_code == 403
        for address in ("/conocimiento/", f"{ONE}/", "/conocimiento/?q=nadadenada"):
            shown = text_of(page.get(address))
            assert "/conocimiento/nuevo" not in shown
            assert "/editar" not in shown
            assert "/corregir" not in shown

    def test_writers_find_the_buttons_where_they_look(self, prod: Area, luis: User, marta: User) -> None:
        assert "/conocimiento/nuevo" in text_of(browser(luis).get("/conocimiento/"))  # nothing there yet
        make_article(prod)
        assert f"{ONE}/editar" in text_of(browser(luis).get(f"{ONE}/"))
        assert f"{ONE}/corregir" not in text_of(browser(luis).get(f"{ONE}/"))
        assert f"{ONE}/corregir" in text_of(browser(marta).get(f"{ONE}/"))
        assert "nuevo?titulo=xyzzy%20123" in text_of(browser(luis).get("/conocimiento/?q=xyzzy+123"))

    def test_what_is_known_already_is_offered_with_a_way_to_add(
        self, models: dict[str, str], prod: Area, luis: User, ana: User
    ) -> None:
        from knowledge.services.indexing import index_repair

        make_article(prod, problem="La prensa pierde presión hidráulica y no termina el golpe.")
        index_repair()
        sent = {"titulo": "La prensa pierde presión hidráulica"}
        shown = text_of(browser(luis).post("/conocimiento/nuevo/parecidos", sent))
        assert f'formaction="{ONE}/editar"' in shown
        assert ONE not in text_of(browser(ana).post("/conocimiento/nuevo/parecidos", sent))
        for short in ("", "La", "\x00\x00\x00\x00\x00\x00\x00\x00\x00"):
            assert ONE not in text_of(browser(luis).post("/conocimiento/nuevo/parecidos", {"titulo": short}))


class TestDraft:
    def test_saved_as_one_types_with_the_next_revision(self, draft: Version, luis: User) -> None:
        answer = browser(luis).post(EDITOR, {**TEXTS, "revision": 0}, **HTMX)
        assert 'name="revision" value="1"' in text_of(answer)
        assert "Guardado" in text_of(answer)
        assert Version.objects.get().solution == "1. Purgar."

    def test_saved_by_the_button_without_javascript(self, draft: Version, luis: User) -> None:
        answer = browser(luis).post(EDITOR, {**TEXTS, "revision": 0, "accion": "guardar"}, follow=True)
        assert answer.redirect_chain == [(EDITOR, 302)]
        assert 'name="revision" value="1"' in text_of(answer)
        assert "1. Purgar." in text_of(answer)

    def test_who_is_late_sees_both_texts_and_keeps_the_own_in_the_form(
        self, draft: Version, luis: User, marta: User
    ) -> None:
        browser(luis).post(EDITOR, {**TEXTS, "revision": 0, "solucion": "La de Luis"})
        late = browser(marta).post(EDITOR, {**TEXTS, "revision": 0, "solucion": "La de Marta", "accion": "guardar"})
        assert late.status_code == 409
        shown = text_of(late)
        assert "<del>Luis</del>" in shown
        assert "<ins>Marta</ins>" in shown
        assert ">La de Marta</textarea>" in shown
        assert Version.objects.get().solution == "La de Luis"
        part = browser(marta).post(EDITOR, {**TEXTS, "revision": 0, "solucion": "La de Marta"}, **HTMX)
        assert (part.status_code, part.headers["HX-Retarget"]) == (409, "#conflicto")
        assert "<html" not in text_of(part)

    def test_the_late_one_keeps_both_or_writes_over_what_was_seen(
        self, draft: Version, luis: User, marta: User
    ) -> None:
        browser(luis).post(EDITOR, {**TEXTS, "revision": 0, "solucion": "La de Luis"})
        mine = {**TEXTS, "revision": 0, "solucion": "La de Marta"}
        assert browser(marta).post(EDITOR, {**mine, "accion": "otro"}).headers["Location"].endswith("/1.1/editar")
        assert sorted(Version.objects.values_list("solution", flat=True)) == ["La de Luis", "La de Marta"]
        browser(luis).post(EDITOR, {**TEXTS, "revision": 1, "solucion": "Otra de Luis"})
        seen_before = browser(marta).post(EDITOR, {**mine, "accion": "sobrescribir", "sobre": 1})
        assert seen_before.status_code == 409  # it wasn't this text that was looked at
        assert browser(marta).post(EDITOR, {**mine, "accion": "sobrescribir", "sobre": 2}).status_code == 302
        assert Version.objects.get(minor=0).solution == "La de Marta"

    def test_published_meanwhile_leaves_another_draft_as_the_way(self, draft: Version, luis: User, marta: User) -> None:
        browser(luis).post(EDITOR, {**TEXTS, "revision": 0})
        version_publish(actor=actor(marta), version_id=draft.pk)
        late = browser(luis).post(EDITOR, {**TEXTS, "revision": 1, "solucion": "Tarde"})
        assert late.status_code == 409
        assert 'value="sobrescribir"' not in text_of(late)
        assert 'value="otro"' in text_of(late)

    @pytest.mark.parametrize("bad", [{"titulo": ""}, {"solucion": "x" * 1_000_000}, {"causa": "a\x00b"}])
    def test_bad_text_is_told_and_stays_in_the_form(self, draft: Version, luis: User, bad: dict[str, str]) -> None:
        sent = {**TEXTS, "revision": 0, **bad}
        whole, part = browser(luis).post(EDITOR, sent), browser(luis).post(EDITOR, sent, **HTMX)
        assert (whole.status_code, part.status_code) == (422, 422)
        assert "form-error" in text_of(whole)
        assert "No se guardó" in text_of(part)
        assert next(iter(bad.values())) in text_of(whole)
        assert Version.objects.get().revision == 0

    def test_what_is_incomplete_isnt_handed_in_but_kept(self, draft: Version, luis: User) -> None:
        answer = browser(luis).post(EDITOR, {**TEXTS, "revision": 0, "solucion": "", "accion": "revision"})
        assert (answer.status_code, Version.objects.get().state) == (422, "borrador")
        assert "obligatorio" in text_of(answer)

    def test_rights_that_went_while_writing_lose_no_text(self, draft: Version, luis: User) -> None:
        page = browser(luis)
        RoleGrant.objects.filter(user=luis).delete()
        answer = page.post(EDITOR, {**TEXTS, "revision": 0, "solucion": "Dos horas de trabajo"})
        assert answer.status_code == 404
        assert "Dos horas de trabajo" in text_of(answer)

    def test_the_preview_is_what_readers_will_see_and_script_is_text(self, luis: User) -> None:
        sent = {
            **TEXTS,
            "solucion": "<script>alert(1)</script>\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\n[x](javascript:1)",
        }
        shown = text_of(browser(luis).post("/conocimiento/nuevo/vista", sent))
        assert "<script" not in shown
        assert "&lt;script" in shown
        assert "<td>1</td>" in shown
        assert 'href="javascript' not in shown

    def test_a_table_of_five_thousand_cells_is_a_table(self, luis: User) -> None:
        rows = "\n".join("|" + "a|" * 10 for _row in range(500))
        sent = {**TEXTS, "solucion": f"|{'A|' * 10}\n|{'-|' * 10}\n{rows}"}
        assert text_of(browser(luis).post("/conocimiento/nuevo/vista", sent)).count("<td>") == 5000

    def test_a_link_to_what_one_may_not_read_gives_nothing_away(self, prod: Area, mant: Area, luis: User) -> None:
        make_article(mant, "Canario de mantenimiento")
        sent = {**TEXTS, "solucion": "[ver](/conocimiento/canario-de-mantenimiento/)"}
        shown = text_of(browser(luis).post("/conocimiento/nuevo/vista", sent))
        assert "Canario" not in shown
        assert browser(luis).get("/conocimiento/canario-de-mantenimiento/").status_code == 404

    def test_a_reviewer_is_led_away_from_what_is_closed(self, draft: Version, luis: User, marta: User) -> None:
        browser(luis).post(EDITOR, {**TEXTS, "revision": 0, "accion": "revision"})
        assert browser(luis).get(EDITOR).headers["Location"] == f"{ONE}/versiones/1.0"
        assert browser(marta).get(EDITOR).status_code == 200

    def test_a_draft_behind_says_what_it_would_take_back(self, prod: Area, luis: User, marta: User) -> None:
        made = make_article(prod)
        draft_continue(actor=actor(luis), slug=SLUG)
        browser(marta).post(f"{ONE}/corregir", {**TEXTS, "base": made.number, "causa": "Aire en la línea"})
        editor = f"{ONE}/versiones/1.1/editar"
        assert "Mientras tanto se publicó la versión 1.2" in text_of(browser(luis).get(editor))
        sent = {**TEXTS, "revision": 0, "accion": "publicar"}
        assert browser(marta).post(editor, sent).status_code == 409
        assert browser(luis).post(f"{ONE}/versiones/1.1/sobre", {"sobre": "1.2"}).status_code == 302
        assert "Mientras tanto" not in text_of(browser(luis).get(editor))

    def test_readers_and_day_of_review_are_set_beside_the_text(self, draft: Version, luis: User, marta: User) -> None:
        sent = {"area": "PROD", "visibilidad": "todos", "revisar_el": "2099-01-31", "version": "1.0"}
        assert browser(luis).post(f"{ONE}/ficha", sent).headers["Location"] == EDITOR
        assert Article.objects.values_list("visibility", "review_on").get()[0] == "todos"
        assert browser(luis).post(f"{ONE}/ficha", {**sent, "visibilidad": "nadie"}).status_code == 400

    @pytest.mark.parametrize("act", ["publicar", "revision", "sobrescribir", "otro"])
    def test_what_is_saved_as_one_types_presses_no_button(self, draft: Version, marta: User, act: str) -> None:
        sent = {**TEXTS, "revision": 0, "sobre": 0, "accion": act, "guardado": "auto"}
        assert browser(marta).post(EDITOR, sent, **HTMX).status_code == 200
        assert [(version.state, version.solution) for version in Version.objects.all()] == [("borrador", "1. Purgar.")]
        shown = text_of(browser(marta).get(EDITOR))
        form = shown[shown.index('<form id="texto"') :]
        assert 'hx-trigger="submit"' in form.split(">")[0]
        assert form.index("</form>") < form.index('<div id="guarda"')  # inside, it would send the form's button
        assert 'hx-params="not accion"' in form

    def test_enter_in_a_conflict_overwrites_nothing(self, draft: Version, luis: User, marta: User) -> None:
        browser(luis).post(EDITOR, {**TEXTS, "revision": 0, "solucion": "La de Luis"})
        late = {**TEXTS, "revision": 0, "solucion": "La de Marta"}
        for answer in (browser(marta).post(EDITOR, late), browser(marta).post(EDITOR, late, **HTMX)):
            first = re.findall(r"<button[^>]*form=.texto.[^>]*>", text_of(answer))[0]
            assert 'value="guardar"' in first
        assert 'id="guardado" hx-swap-oob' in text_of(answer)
        again = {**late, "sobre": 1, "accion": "guardar"}
        assert browser(marta).post(EDITOR, again).status_code == 409
        assert Version.objects.get().solution == "La de Luis"

    def test_a_step_that_is_refused_tells_that_the_text_is_kept(self, draft: Version, luis: User) -> None:
        page, sent = browser(luis), {**TEXTS, "solucion": "", "accion": "revision"}
        whole = page.post(EDITOR, {**sent, "revision": 0, "causa": "Aire"})
        part = page.post(EDITOR, {**sent, "revision": 1, "causa": "Agua"}, **HTMX)
        assert (whole.status_code, part.status_code, Version.objects.get().revision) == (422, 422, 2)
        for answer, revision in ((whole, 1), (part, 2)):
            assert "El texto se guardó, pero" in text_of(answer)
            assert "obligatorio" in text_of(answer)
            assert f'name="revision" value="{revision}"' in text_of(answer)
        assert "No se guardó" not in text_of(part)
        assert "__all__" not in text_of(part)
        assert "prs:kept" in part.headers["HX-Trigger"]

    def test_the_end_of_the_session_is_told_to_the_page(self, draft: Version, luis: User) -> None:
        page = browser(luis)
        shown = text_of(page.get(EDITOR))
        assert "Sin guardar" in shown
        assert "prs/writing.js" in shown
        page.logout()
        assert page.post(EDITOR, {**TEXTS, "revision": 0, "guardado": "auto"}, **HTMX).status_code == 401

    def test_the_browser_puts_no_old_text_over_a_new_revision(self, draft: Version, luis: User) -> None:
        shown = text_of(browser(luis).get(EDITOR))
        fields = re.findall(
            r'<(?:textarea|input|select)[^>]*name="(?:titulo|problema|causa|solucion|idioma)"[^>]*>', shown
        )
        assert len(fields) == 5
        assert all('autocomplete="off"' in field for field in fields)

    def test_a_version_that_isnt_there_changes_no_details(self, draft: Version, luis: User) -> None:
        sent = {"area": "PROD", "visibilidad": "todos", "revisar_el": "", "version": "a/b"}
        assert browser(luis).post(f"{ONE}/ficha", sent).status_code == 404
        assert Article.objects.get().visibility == "area"

    def test_who_only_reads_has_no_page_of_a_draft_whatever_is_sent(self, prod: Area, ana: User) -> None:
        make_article(prod)
        Article.objects.update(visibility="todos")
        for title in ("", "Prensa"):
            answer = browser(ana).post(EDITOR, {**TEXTS, "revision": 0, "titulo": title})
            assert answer.status_code == 403
            assert 'id="texto"' not in text_of(answer)


class TestCorrection:
    def test_one_press_publishes_and_a_second_changes_nothing(self, prod: Area, luis: User, marta: User) -> None:
        make_article(prod)
        page = browser(marta)
        assert "Corregir errata" in text_of(page.get(f"{ONE}/corregir"))
        sent = {**TEXTS, "base": "1.0"}
        assert page.post(f"{ONE}/corregir", sent).headers["Location"] == f"{ONE}/"
        assert page.post(f"{ONE}/corregir", sent).status_code == 302
        assert list(Version.objects.values_list("minor", "state")) == [(0, "reemplazada"), (1, "publicada")]
        assert browser(luis).post(f"{ONE}/corregir", sent).status_code == 403

    def test_who_is_late_sees_what_the_other_changed(self, prod: Area, marta: User, eva: User) -> None:
        make_article(prod)
        browser(marta).post(f"{ONE}/corregir", {**TEXTS, "base": "1.0", "solucion": "Una"})
        late = browser(eva).post(f"{ONE}/corregir", {**TEXTS, "base": "1.0", "solucion": "Dos"})
        assert late.status_code == 409
        assert "<ins>Dos</ins>" in text_of(late)
        assert 'name="sobre" value="1.1"' in text_of(late)
        sent = {**TEXTS, "base": "1.0", "solucion": "Dos"}
        assert browser(eva).post(f"{ONE}/corregir", sent).status_code == 409  # Enter: nothing said to overwrite
        first = re.findall(r"<button[^>]*form=.texto.[^>]*>", text_of(late))[0]
        assert "name=" not in first
        assert 'name="base" value="1.0"' in text_of(late)
        assert browser(eva).post(f"{ONE}/corregir", {**sent, "sobre": "1.1"}).status_code == 302

    def test_what_cant_be_corrected_any_more_is_refused_with_the_text(
        self, prod: Area, luis: User, marta: User
    ) -> None:
        make_article(prod)
        page, sent = browser(marta), {**TEXTS, "base": "1.0", "solucion": "Dos horas de trabajo"}
        Article.objects.update(is_archived=True)
        assert page.get(f"{ONE}/corregir").status_code == 409
        archived = page.post(f"{ONE}/corregir", sent)
        Article.objects.update(is_archived=False)
        RoleGrant.objects.filter(user=marta).delete()
        gone = page.post(f"{ONE}/corregir", sent)
        reader = browser(luis).post(f"{ONE}/corregir", sent)
        assert [answer.status_code for answer in (archived, gone, reader)] == [409, 404, 403]
        for answer in (archived, gone, reader):
            assert "Dos horas de trabajo" in text_of(answer)
        assert Version.objects.count() == 1


class TestReview:
    def test_the_tab_counts_and_lists_what_waits(self, draft: Version, luis: User, marta: User, ana: User) -> None:
        browser(luis).post(EDITOR, {**TEXTS, "revision": 0, "accion": "revision"})
        home = text_of(browser(marta).get("/conocimiento/"))
        assert "Por revisar" in home
        assert '<span class="pill c-amber">1</span>' in home
        assert "Prensa sin presión" in text_of(browser(marta).get("/conocimiento/por-revisar"))
        assert "Prensa sin presión" in text_of(browser(luis).get("/conocimiento/borradores"))
        assert browser(luis).get("/conocimiento/por-revisar").status_code == 403
        assert browser(ana).get("/conocimiento/borradores").status_code == 403
        assert "Por revisar" not in text_of(browser(ana).get("/conocimiento/"))

    def test_sent_back_with_a_reason_that_its_author_sees(self, draft: Version, luis: User, marta: User) -> None:
        browser(luis).post(EDITOR, {**TEXTS, "revision": 0, "accion": "revision"})
        page = f"{ONE}/versiones/1.0"
        assert f"{page}/devolver" in text_of(browser(marta).get(page))
        browser(marta).post(f"{page}/devolver", {"motivo": "Falta el par"})
        for address in (page, EDITOR, "/conocimiento/borradores", "/"):
            assert "Falta el par" in text_of(browser(luis).get(address)), address

    def test_several_are_published_together_and_refusals_are_told(
        self, draft: Version, prod: Area, luis: User, marta: User
    ) -> None:
        browser(luis).post(EDITOR, {**TEXTS, "revision": 0, "accion": "revision"})
        learned = make_article(prod, "Sin autor", publish=False)
        empty = make_article(prod, "Retenida", publish=False, solution="Dictar la clave del tablero por teléfono.")
        ids = [draft.pk, learned.pk, empty.pk]
        answer = browser(marta).post("/conocimiento/por-revisar/publicar", {"ids": ids}, follow=True)
        assert "Se publicaron 2 artículos" in text_of(answer)
        assert "Retenida: " in text_of(answer)
        assert browser(luis).post("/conocimiento/por-revisar/publicar", {"ids": ids}).status_code == 403
        assert "Hay que elegir" in text_of(
            browser(marta).post("/conocimiento/por-revisar/publicar", {"ids": ["x"]}, follow=True)
        )

    def test_what_was_not_looked_at_is_not_published_with_the_rest(
        self, draft: Version, luis: User, marta: User
    ) -> None:
        browser(luis).post(EDITOR, {**TEXTS, "revision": 0, "accion": "revision"})
        draft.refresh_from_db()
        seen = f"{draft.pk}:{draft.revision}"
        assert f'value="{seen}"' in text_of(browser(marta).get("/conocimiento/por-revisar"))
        browser(marta).post(EDITOR, {**TEXTS, "solucion": "NO VISTO", "revision": draft.revision})
        answer = browser(marta).post("/conocimiento/por-revisar/publicar", {"ids": [seen]}, follow=True)
        draft.refresh_from_db()
        assert draft.state != Version.State.PUBLISHED and "Prensa" in text_of(answer)
        browser(marta).post("/conocimiento/por-revisar/publicar", {"ids": [f"{draft.pk}:{draft.revision}"]})
        draft.refresh_from_db()
        assert draft.state == Version.State.PUBLISHED

    def test_more_than_fit_at_once_are_told(
        self, draft: Version, prod: Area, luis: User, marta: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        browser(luis).post(EDITOR, {**TEXTS, "revision": 0, "accion": "revision"})
        monkeypatch.setattr("knowledge.writing.views.reviewing.MOST_AT_ONCE", 1)
        ids = [draft.pk, make_article(prod, "Sin autor", publish=False).pk]
        answer = browser(marta).post("/conocimiento/por-revisar/publicar", {"ids": ids}, follow=True)
        assert "Se publican como máximo 1 a la vez: 1 de los elegidos" in text_of(answer)

    def test_discarding_leaves_what_is_published(self, prod: Area, luis: User) -> None:
        make_article(prod)
        draft_continue(actor=actor(luis), slug=SLUG)
        assert browser(luis).post(f"{ONE}/versiones/1.1/descartar").headers["Location"] == f"{ONE}/"
        assert sorted(Version.objects.values_list("state", flat=True)) == ["descartada", "publicada"]

    def test_the_author_is_told_at_home_of_the_publication(self, draft: Version, luis: User, marta: User) -> None:
        browser(luis).post(EDITOR, {**TEXTS, "revision": 0})
        version_submit(actor=actor(luis), version_id=draft.pk)
        browser(marta).post(f"{ONE}/versiones/1.0/publicar")
        assert "Se publicó lo que propuso" in text_of(browser(luis).get("/"))
