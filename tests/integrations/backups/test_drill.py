"""The restore drill: questions to the copy, times, and an incident when it fails."""

import json
from io import StringIO
from pathlib import Path
from unittest.mock import Mock

import pytest
from django.core.management import CommandError, call_command

from audit.models import AuditEntry
from incidents.models import Incident
from integrations.backups.pg import Server
from integrations.backups.verify import examining
from knowledge.services import golden
from knowledge.services.golden import golden_questions_ask
from prsystem.accounts.models import Area
from tests.incidents.makers import make_article

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("some_data")]


def drill() -> dict[str, object]:
    out = StringIO()
    call_command("backup", "drill", "--json", stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.usefixtures("light")
def test_a_corrupted_copy_opens_one_incident_that_names_the_object(folder: Path) -> None:
    call_command("backup", "run")
    [dump] = folder.glob("*/database.dump")
    dump.write_bytes(dump.read_bytes()[:-1] + b"x")
    for _twice in range(2):
        with pytest.raises(CommandError, match=r"database\.dump"):
            drill()
    incident = Incident.objects.get(external_reference=f"simulacro:{dump.parent.name}")
    assert "database.dump" in incident.description
    assert dump.parent.name in incident.title
    assert AuditEntry.objects.filter(accion="backup.drilled", resultado="fallido").count() == 2


@pytest.mark.usefixtures("light")
def test_a_copy_that_answers_wrongly_fails_the_drill(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("backup", "run")
    wrong = examining.Examination(["knowledge"], ["knowledge: article bomba is not among the first 5"])
    monkeypatch.setattr(examining, "examine", lambda server, only: wrong if only == "" else examining.Examination())
    with pytest.raises(CommandError, match="article bomba"):
        drill()
    assert Incident.objects.filter(external_reference__startswith="simulacro:").count() == 1


@pytest.mark.slow
def test_a_drill_restores_asks_and_prints_the_times(folder: Path, some_data: Area) -> None:
    make_article(some_data, title="La prensa 4 pierde presión")
    call_command("backup", "run")
    told = drill()
    assert told["passed"] is True
    assert sorted(told["asked"]) == ["audit", "knowledge"]
    assert told["rto_seconds"] > 0


def test_a_copy_is_asked_without_the_servers_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_OWNER_URL", "DATABASE_REPLICA_URL", "CHROMA_URL"):
        monkeypatch.setenv(name, "postgresql://en-uso")
    asked = Mock(return_value=Mock(stdout='{"asked": ["knowledge"], "problems": []}'))
    monkeypatch.setattr(examining.subprocess, "run", asked)
    assert examining.examine(Server("host=/copia user=prs dbname=prs")).asked == ["knowledge"]
    environment = asked.call_args.kwargs["env"]
    assert not {name: value for name, value in environment.items() if "en-uso" in value}


def test_golden_questions_are_answered_from_an_index_made_anew(some_data: Area) -> None:
    make_article(some_data, title="La prensa 4 pierde presión")
    assert golden_questions_ask() == []


def test_an_article_that_is_not_found_is_named(some_data: Area, monkeypatch: pytest.MonkeyPatch) -> None:
    version = make_article(some_data, title="La prensa 4 pierde presión")
    monkeypatch.setattr(golden, "passages_rebuild", lambda article_id: [])
    assert golden_questions_ask() == [
        f"article {version.article.slug} is not among the first 5 for its own words",
    ]
