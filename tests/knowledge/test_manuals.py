"""Manuals from upload to citation: rights, editions, duplicates, deletion, by page and API."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.models import AuditEntry
from incidents.models import Citation
from incidents.suggestions.proposal import proposal_of
from integrations import antivirus
from knowledge.models import Article, IndexGeneration, Manual, ManualEdition, Passage, PassageVector, Version
from knowledge.services import version_recall
from knowledge.services.manuals import edition_read_fail
from knowledge.services.twins import twins_of
from prsystem.accounts.models import Area, User
from prsystem.core.models import Job
from tests.incidents.makers import make_incident, make_suggestion
from tests.jobs import run_jobs
from tests.people import actor, api, browser, make_user

from .documents import docx, encrypted_pdf, pdf

pytestmark = pytest.mark.django_db
SHELF = "/api/conocimiento/manuales"
SEALS = "Cambiar el sello del cilindro hidráulico: cerrar la válvula V3 y purgar la presión antes de abrir."
FILTER = "El filtro de aceite se cambia cada 500 horas; el código del repuesto es FA-2207, en el almacén."
MARKDOWN = f"# Sellos\n\n{SEALS}\n\n# Filtro\n\n{FILTER}\n"


@pytest.fixture
def editor(prod: Area) -> User:
    return make_user("elena", "editor", areas=[prod])


def send(user: User, content: bytes | str, name: str, path: str = SHELF, **fields: Any) -> Any:
    raw = content.encode() if isinstance(content, str) else content
    body = {"archivo": SimpleUploadedFile(name, raw), **fields}
    return api(user).post(path, body, format="multipart")


def added(user: User, content: bytes | str = "", name: str = "prensa.pdf", **fields: Any) -> Manual:
    response = send(user, content or pdf(SEALS, FILTER), name, area="PROD", **{"nombre": "Prensa H-200", **fields})
    assert response.status_code == 202, response.content
    run_jobs("manual.read", "manual.index")
    return Manual.objects.get(slug=response.headers["Location"].rsplit("/", 1)[1])


def hits(user: User, query: str) -> list[dict[str, Any]]:
    return api(user).get("/api/conocimiento/buscar", {"query": query}).json()["resultados"]


def test_a_manual_is_found_by_page(editor: User, ana: User) -> None:
    manual = added(editor)
    found = hits(ana, "código FA-2207")[0]
    assert (found["titulo"], found["articulo"]) == ("Prensa H-200, p. 2", f"manual-{manual.pk}-p-2")
    assert (
        "Cambiar el sello del cilindro" in browser(ana).get(f"/conocimiento/manuales/{manual.slug}/").content.decode()
    )
    told = api(ana).get(f"{SHELF}/{manual.slug}").json()
    assert [(part["lugar"], part["pagina"]) for part in told["partes"]] == [("p. 1", 1), ("p. 2", 2)]
    assert told["ediciones"][0]["estado"] == "en_uso"
    page = browser(ana).get(found["url"]).content.decode()
    assert f"/conocimiento/manuales/{manual.slug}/archivo/1#page=2" in page
    assert AuditEntry.objects.filter(accion="manual.published").count() == 1


def test_the_pieces_of_a_page_are_one_hit(editor: User, ana: User) -> None:
    added(editor, pdf("\n".join([SEALS] * 40), FILTER))
    assert Article.objects.filter(manual_part__page=1).count() > 1
    assert [hit["titulo"] for hit in hits(ana, "cambiar el sello del cilindro hidráulico")].count(
        "Prensa H-200, p. 1"
    ) == 1


def test_a_manual_says_how_far_it_is_indexed_and_is_found_by_words_before(editor: User, ana: User) -> None:
    manual = added(editor, MARKDOWN, "prensa.md")
    path, page = f"{SHELF}/{manual.slug}", f"/conocimiento/manuales/{manual.slug}/"
    PassageVector.objects.all().delete()
    IndexGeneration.objects.all().delete()
    assert api(ana).get(path).json()["indexado"] == 0
    active = IndexGeneration.objects.create(fingerprint="f", model="m", dimensions=1, collection="c", is_active=True)
    rows = [PassageVector(passage=one, generation=active, vector=b"\0\0\0\0") for one in Passage.objects.all()]
    PassageVector.objects.bulk_create(rows)
    assert api(ana).get(path).json()["indexado"] == 100
    assert "Indexado" not in browser(ana).get(page).content.decode()
    PassageVector.objects.filter(passage__text__contains="FA-2207").delete()
    assert api(ana).get(path).json()["indexado"] == 50
    assert "Indexado 50 %" in browser(ana).get(page).content.decode()
    assert hits(ana, "código FA-2207")[0]["titulo"] == "Prensa H-200 › Filtro"
    Passage.objects.all().delete()
    assert api(ana).get(path).json()["indexado"] == 0


def test_an_answer_cites_the_page_and_opens_the_document_there(editor: User, ana: User) -> None:
    manual = added(editor)
    version = Version.objects.get(article__slug=f"manual-{manual.pk}-p-2")
    incident = make_incident(ana)
    proposal = proposal_of(make_suggestion(incident, version), ana.rights, {})
    assert proposal is not None
    cited = proposal.citations[0]
    assert cited.title == "Prensa H-200, p. 2"
    assert cited.document_url == f"/conocimiento/manuales/{manual.slug}/archivo/1#page=2"
    told = api(ana).get(f"/api/incidencias/{incident.pk}/sugerencia").json()["citas"][0]
    assert (told["titulo"], told["documento_url"]) == (cited.title, cited.document_url)
    page = browser(ana).get(f"/incidencias/{incident.number}/").content.decode()
    assert f'<a class="document" href="{cited.document_url}">' in page  # above the card's own link
    file = browser(ana).get(cited.document_url)
    assert file.headers["Content-Type"] == "application/pdf"
    assert "default-src 'none'" in file.headers["Content-Security-Policy"]


def test_headings_are_the_places_of_what_has_no_pages(editor: User, ana: User) -> None:
    manual = added(editor, MARKDOWN, "prensa.md")
    assert hits(ana, "código FA-2207")[0]["titulo"] == "Prensa H-200 › Filtro"
    file = browser(ana).get(f"/conocimiento/manuales/{manual.slug}/archivo/1")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in file.headers["Content-Security-Policy"]


def test_only_those_who_may_read_it_find_it(editor: User, ana: User, luis: User, mant: Area) -> None:
    stranger = make_user("nora", "l3", areas=[mant])
    manual = added(editor)
    hidden = added(editor, docx(("Sellos", True), (SEALS, False)), "interno.docx", visibilidad="soporte")
    for user, seen in ((ana, {manual.slug}), (luis, {manual.slug, hidden.slug}), (stranger, set())):
        listed = api(user).get(SHELF).json()["resultados"]
        assert {row["manual"] for row in listed} == seen
        assert bool(hits(user, "sello del cilindro")) == bool(seen)
        status = 200 if hidden.slug in seen else 404
        assert api(user).get(f"{SHELF}/{hidden.slug}").status_code == status
        assert api(user).get(f"{SHELF}/{hidden.slug}/ediciones/1").status_code == status


def test_who_may_read_it_can_be_changed_later(editor: User, ana: User, luis: User) -> None:
    manual = added(editor)
    path = f"{SHELF}/{manual.slug}"
    assert api(luis).patch(path, {"visibilidad": "todos"}, format="json").status_code == 403
    assert api(editor).patch(path, {"visibilidad": "nadie"}, format="json").json()["errores"].keys() == {"visibilidad"}
    assert hits(ana, "sello del cilindro")
    told = api(editor).patch(path, {"visibilidad": "soporte"}, format="json").json()
    assert told["visibilidad"] == "soporte"
    assert api(ana).get(path).status_code == 404
    assert (hits(ana, "sello del cilindro"), bool(hits(luis, "sello del cilindro"))) == ([], True)
    entry = AuditEntry.objects.get(accion="manual.visibility_changed")
    assert entry.detalles["visibilidad"] == {"antes": "area", "despues": "soporte"}
    page = browser(editor).post(f"/conocimiento/manuales/{manual.slug}/visibilidad", {"visibilidad": "area"})
    assert page.status_code == 302
    send(editor, pdf(SEALS, FILTER, SEALS), "b.pdf", f"{path}/ediciones")
    run_jobs("manual.read", "manual.index")
    assert set(Article.objects.filter(manual_part__manual=manual).values_list("visibility", flat=True)) == {"area"}


def test_only_those_who_publish_in_the_area_upload_and_delete(editor: User, luis: User, marta: User) -> None:
    assert send(luis, MARKDOWN, "a.md", area="PROD").status_code == 403
    assert api().post(SHELF, {}).status_code == 401
    manual = added(editor)
    assert send(luis, MARKDOWN, "a.md", f"{SHELF}/{manual.slug}/ediciones").status_code == 403
    assert api(luis).delete(f"{SHELF}/{manual.slug}").status_code == 403
    assert api(marta).delete(f"{SHELF}/{manual.slug}").status_code == 204


def test_a_new_edition_replaces_the_old_one(editor: User, ana: User) -> None:
    manual = added(editor)
    first = Version.objects.get(article__slug=f"manual-{manual.pk}-p-2")
    send(editor, pdf(SEALS, FILTER.replace("500", "250"), SEALS), "b.pdf", f"{SHELF}/{manual.slug}/ediciones")
    run_jobs("manual.read", "manual.index")
    told = api(ana).get(f"{SHELF}/{manual.slug}").json()
    assert [edition["estado"] for edition in told["ediciones"]] == ["en_uso", "reemplazada"]
    numbers = dict(Version.objects.filter(state="publicada").values_list("article__slug", "minor"))
    assert numbers == {f"manual-{manual.pk}-p-1": 0, f"manual-{manual.pk}-p-2": 1, f"manual-{manual.pk}-p-3": 0}
    assert "250 horas" in hits(ana, "código FA-2207")[0]["fragmento"]
    old = browser(ana).get(f"/conocimiento/{first.article.slug}/versiones/1.0").content.decode()
    assert "/archivo/1#page=2" in old
    send(editor, pdf(SEALS), "c.pdf", f"{SHELF}/{manual.slug}/ediciones")
    run_jobs("manual.read", "manual.index")
    assert hits(ana, "código FA-2207") == []
    assert Article.objects.filter(manual_part__manual=manual, is_archived=True).count() == 2


def test_an_edition_that_can_not_be_read_changes_nothing(
    editor: User, ana: User, django_capture_on_commit_callbacks: Any
) -> None:
    manual = added(editor)
    send(editor, encrypted_pdf(SEALS), "b.pdf", f"{SHELF}/{manual.slug}/ediciones")
    name = ManualEdition.objects.get(number=2).file.name
    with django_capture_on_commit_callbacks(execute=True):
        run_jobs("manual.read")
    page = browser(editor).get(f"/conocimiento/manuales/{manual.slug}/")
    assert "contraseña" in page.content.decode()
    assert [edition["estado"] for edition in api(ana).get(f"{SHELF}/{manual.slug}").json()["ediciones"]] == ["en_uso"]
    assert hits(ana, "código FA-2207")
    failed = ManualEdition.objects.get(state="fallida")
    assert (failed.file.name, failed.file.storage.exists(name)) == ("", False)
    edition_read_fail(failed.pk)
    assert ManualEdition.objects.get(pk=failed.pk).fault == "encrypted"


def test_a_reader_that_crashed_every_time_is_told(editor: User) -> None:
    send(editor, pdf(SEALS), "a.pdf", area="PROD")
    edition = ManualEdition.objects.get()
    edition_read_fail(edition.pk)
    assert (ManualEdition.objects.get().state, ManualEdition.objects.get().fault) == ("fallida", "unreadable")


def test_the_same_file_is_told(editor: User, mant: Area) -> None:
    added(editor)
    again = send(editor, pdf(SEALS, FILTER), "otro.pdf", area="PROD")
    assert again.status_code == 409
    assert "«Prensa H-200», edición 1" in again.json()["detail"]
    other = make_user("olga", "editor", areas=[mant])
    assert send(other, pdf(SEALS, FILTER), "otro.pdf", area="MANT").status_code == 202
    assert send(editor, MARKDOWN, "a.md", area="MANT").status_code == 403


@pytest.mark.parametrize(
    ("content", "name", "status"),
    [
        (b"", "a.pdf", 400),
        (b"MZ\x90\x00\x03", "a.pdf", 415),
        (pdf(SEALS), "a.docx", 415),
        (docx((SEALS, False)), "a.pdf", 415),
        (MARKDOWN.encode(), "a.exe", 415),
        (b"# Hola\x00", "a.md", 415),
        (b"\x00<html>", "a.html", 415),
        (b"x" * 2000, "a.md", 413),
    ],
)
def test_what_is_no_manual_is_refused(content: bytes, name: str, status: int, editor: User, settings: Any) -> None:
    settings.MAX_ATTACHMENT_BYTES = 1500
    assert send(editor, content, name, area="PROD").status_code == status
    assert not Manual.objects.exists()
    assert not Job.objects.filter(kind="manual.read").exists()


def test_what_the_antivirus_finds_is_removed(
    editor: User, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(antivirus, "is_configured", lambda: True)
    monkeypatch.setattr(antivirus, "threat_in", lambda file: "Eicar")
    send(editor, pdf(SEALS), "a.pdf", area="PROD")
    name = ManualEdition.objects.get().file.name
    with django_capture_on_commit_callbacks(execute=True):
        run_jobs("manual.read")
    edition = ManualEdition.objects.get()
    assert (edition.state, edition.fault) == ("fallida", "infected")
    assert not edition.file.storage.exists(name)


def test_a_deleted_manual_is_gone_and_what_cited_it_stays(
    editor: User, ana: User, django_capture_on_commit_callbacks: Any
) -> None:
    manual = added(editor)
    version = Version.objects.get(article__slug=f"manual-{manual.pk}-p-1")
    make_suggestion(make_incident(ana), version)
    file = ManualEdition.objects.get().file
    with django_capture_on_commit_callbacks(execute=True):
        assert api(editor).delete(f"{SHELF}/{manual.slug}").status_code == 204
    run_jobs("manual.index")
    assert not file.storage.exists(file.name)
    assert hits(ana, "código FA-2207") == []
    assert not Passage.objects.exists()
    assert api(ana).get(f"{SHELF}/{manual.slug}").status_code == 404
    assert Citation.objects.get().fragment == version.solution
    assert send(editor, pdf(SEALS, FILTER), "prensa.pdf", area="PROD").status_code == 202


def test_a_part_is_no_article_to_write_on(editor: User, ana: User, marta: User) -> None:
    manual = added(editor)
    slug = f"manual-{manual.pk}-p-1"
    assert api(ana).get("/api/conocimiento").json()["resultados"] == []
    assert twins_of(rights=marta.rights, text="Cambiar el sello del cilindro hidráulico") == []
    assert api(marta).post(f"/api/conocimiento/{slug}/archivar").status_code == 409
    restored = api(marta).post(f"/api/conocimiento/{slug}/restaurar", {"version": "1.0"})
    assert restored.status_code == 409


def test_a_page_recalled_as_wrong_stays_away(editor: User, ana: User, marta: User) -> None:
    manual = added(editor)
    wrong = Version.objects.get(article__slug=f"manual-{manual.pk}-p-2")
    version_recall(actor=actor(marta), version_id=wrong.pk, reason="El código es otro")
    send(editor, pdf(SEALS + " Siempre.", FILTER), "b.pdf", f"{SHELF}/{manual.slug}/ediciones")
    run_jobs("manual.read", "manual.index")
    assert hits(ana, "código FA-2207") == []
    send(editor, pdf(SEALS, FILTER.replace("2207", "3308")), "c.pdf", f"{SHELF}/{manual.slug}/ediciones")
    run_jobs("manual.read", "manual.index")
    assert hits(ana, "código FA-3308")


def test_pages_upload_and_delete(editor: User, luis: User) -> None:
    page = "/conocimiento/manuales/"
    assert "Subir" not in browser(luis).get(page).content.decode()
    wrong = browser(editor).post(
        page, {"archivo": SimpleUploadedFile("a.pdf", b"MZ"), "area": "PROD", "visibilidad": "area"}
    )
    assert wrong.status_code == 200
    assert wrong.context["form"].errors["archivo"]
    empty = {"archivo": SimpleUploadedFile("a.md", b""), "area": "PROD", "visibilidad": "area"}
    assert browser(editor).post(page, empty).context["form"].errors["archivo"] == ["El archivo está vacío."]
    body = {"archivo": SimpleUploadedFile("a.md", MARKDOWN.encode()), "area": "PROD", "visibilidad": "area"}
    assert browser(editor).post(page, body).headers["Location"] == f"{page}a/"
    busy = browser(editor).post(
        f"{page}a/edicion", {"archivo": SimpleUploadedFile("b.md", b"# B\n\nNuevo")}, follow=True
    )
    assert "se está leyendo" in busy.content.decode()
    assert browser(luis).post(f"{page}a/borrar").status_code == 404
    assert browser(editor).post(f"{page}a/borrar").status_code == 302
    assert browser(editor).get(f"{page}a/").status_code == 404


def test_a_long_file_name_is_cut_where_it_names_the_manual(editor: User) -> None:
    """People don't rename what a maker calls by its title; a name that they write themselves is theirs to cut."""
    assert added(editor, "# Sellos\n\nCambiar los sellos.", "m" * 140 + ".md", nombre="").name == "m" * 100
    assert send(editor, "# Ejes\n\nAlinear.", "ejes.md", area="PROD", nombre="n" * 101).status_code == 400


def test_a_table_of_options_speaks_what_its_manual_speaks(editor: User) -> None:
    options = "pos1-posopt1 =on # (0:off,1:on)\npos1-posopt2 =on # (0:off,1:on)\npos1-posopt3 =on # (0:off,1:on)"
    prose = "The receiver is set up before it is started. Open the menu and wait until it shows a fix on the screen."
    added(editor, f"# Setup\n\n{prose}\n\n# Options\n\n{options}\n", "receiver.md")
    assert set(Version.objects.filter(article__manual_part__isnull=False).values_list("lang", flat=True)) == {"en"}
