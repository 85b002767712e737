"""Looking after articles through the API: who reads them, who cares for them, did they help."""

import pytest

from knowledge.models import Article, ArticleFeedback, Notice, Version
from prsystem.accounts.models import User
from tests.incidents.makers import make_article
from tests.people import api

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(marta: User) -> Version:
    from prsystem.accounts.models import Area

    return make_article(Area.objects.get(code="PROD"), "Bomba sin presión")


def test_visibility_and_owner_are_changed_by_who_may_publish(
    marta: User, luis: User, ivan: User, version: Version
) -> None:
    path = f"/api/conocimiento/{version.article.slug}"
    changed = api(marta).patch(path, {"visibilidad": "soporte", "responsable": "luis"})
    assert changed.status_code == 200, changed.content
    assert (changed.json()["visibilidad"], changed.json()["responsable"]) == ("soporte", "luis")
    assert api(marta).patch(path, {"responsable": None}).json()["responsable"] is None
    assert api(marta).patch(path, {"responsable": "nadie"}).json()["errores"].keys() == {"responsable"}
    assert api(marta).patch(path, {"visibilidad": "todo"}).json()["errores"].keys() == {"visibilidad"}
    assert api(luis).patch(path, {"visibilidad": "todos"}).status_code == 403
    assert api(ivan).patch(path, {"visibilidad": "todos"}).status_code == 404
    assert Article.objects.get().visibility == "soporte"


def test_whether_it_helped_and_still_holds(marta: User, luis: User, version: Version) -> None:
    path = f"/api/conocimiento/{version.article.slug}"
    assert api(luis).post(f"{path}/valoracion", {"util": True, "sin_incidencia": True}).json()["util"] is True
    assert ArticleFeedback.objects.get().resolved_without_case
    assert api(luis).post(f"{path}/valoracion", {"util": "sí"}).status_code == 400
    assert api(luis).post(f"{path}/revisado").status_code == 403
    assert api(marta).post(f"{path}/revisado").json()["revisar_el"] > "2026"
    assert api(luis).get(f"{path}/versiones/1.0").json()["version"] == "1.0"
    assert api(luis).get(f"{path}/versiones/9.9").status_code == 404


def test_own_notices_are_listed_and_done(marta: User, luis: User, version: Version) -> None:
    Notice.objects.create(user=marta, kind="revision", article=version.article, version=version)
    rows = api(marta).get("/api/avisos/conocimiento").json()["resultados"]
    assert [(row["tipo"], row["articulo"]) for row in rows] == [("revision", version.article.slug)]
    path = f"/api/avisos/conocimiento/{rows[0]['id']}/hecho"
    assert api(luis).post(path).status_code == 404
    assert api(marta).post(path).status_code == 204
    assert api(marta).get("/api/avisos/conocimiento").json()["resultados"] == []
