"""Triage: rules first, words, what was learned; every value visible and correctable."""

import json
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from incidents.intake.reporting import Report, incident_report
from incidents.models import Incident, State, TriageCorrection, TriageModel, TriageRule, TriageTarget
from incidents.moves.editing import incident_update
from incidents.similar.models import IncidentVector
from incidents.triage import services as triage
from incidents.triage import training as learning
from incidents.triage.labelling import checked_labels
from incidents.triage.learning.linear import Vectors, from_bytes, train
from incidents.triage.services import incident_triage
from incidents.triage.training import triage_model_train, triage_predict
from incidents.triage.words import Reported, Rule, first_match
from knowledge.services.embedding import EmbeddingUnavailable
from prsystem.accounts.models import Area, User
from tests.people import actor, browser

NOUNS = {
    "PROD": ("banda", "prensa", "molde", "inyectora"),
    "TI": ("correo", "impresora", "contraseña", "servidor"),
}


def examples(count: int = 40) -> list[tuple[str, str]]:
    """Reports that name something of their area in varying sentences."""
    ways = ("falla la {} del turno {}", "no responde la {} desde ayer {}", "la {} {} hace ruido y se detiene")
    return [(ways[n % 3].format(NOUNS[area][n % 4], n), area) for n in range(count) for area in NOUNS]


def side(is_second: bool, seed: int) -> np.ndarray:
    """A unit vector near one of two directions."""
    vector = np.eye(16, dtype=np.float32)[int(is_second)] + np.random.default_rng(seed).normal(0, 0.05, 16)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def make_report(ana: User, title: str, description: str = "Pasa desde ayer.") -> Incident:
    return incident_report(actor=actor(ana), report=Report(title, description, "PROD"), reporter=ana)


def close_cases(ana: User, prod: Area, other: Area) -> None:
    areas = {"PROD": prod, "TI": other}
    for text, area in examples():
        incident = make_report(ana, text)
        Incident.objects.filter(pk=incident.pk).update(state=State.CLOSED, area=areas[area])


class TestFirstMatch:
    RULES = (
        Rule("ERP", source="erp", level="L2"),
        Rule("Robots", area="PROD", words=("brazo robótico", "soldadur*"), priority="P2"),
        Rule("Todo PROD", area="PROD", level="L2"),
    )

    @pytest.mark.parametrize(
        ("text", "area", "source", "expected"),
        [
            ("El BRAZO  ROBOTICO no gira", "PROD", "web", ("Robots", "brazo robotico")),
            ("chispas en soldaduras", "PROD", "web", ("Robots", "soldaduras")),
            ("brazo roboticos", "PROD", "web", ("Todo PROD", "Todo PROD")),
            ("brazo robotico", "CAL", "erp", ("ERP", "ERP")),
            ("otra cosa", "CAL", "web", None),
        ],
    )
    def test_the_first_rule_whose_conditions_all_hold(
        self, text: str, area: str, source: str, expected: tuple[str, str] | None
    ) -> None:
        match = first_match(self.RULES, Reported(text=text, area=area, source=source))
        assert (match and (match[0].name, match[1])) == expected


class TestLinear:
    def test_survives_being_written_and_read(self) -> None:
        texts, labels = zip(*examples(), strict=True)
        model = train(texts, labels)
        asked = ["se detuvo la prensa", "se bloqueó mi contraseña"]
        again = from_bytes(model.to_bytes()).predict(asked)
        assert [p.label for p in again] == ["PROD", "TI"]
        assert [round(p.confidence, 4) for p in again] == [round(p.confidence, 4) for p in model.predict(asked)]
        assert "prensa" in again[0].words

    @pytest.mark.parametrize("count", [4, 40])
    def test_a_label_with_one_example_does_not_stop_it(self, count: int) -> None:
        texts, labels = zip(*examples(count), ("la báscula no pesa", "LOG"), strict=True)
        model = train(texts, labels)
        assert model.labels == ["LOG", "PROD", "TI"]
        assert [p.label for p in model.predict(["la báscula no pesa", "se detuvo la prensa"])] == ["LOG", "PROD"]

    def test_what_words_do_not_tell_the_vectors_do(self) -> None:
        """Two labels of disjoint words, asked in words of neither; the vectors lie on two sides."""
        texts, labels = zip(*examples(12), strict=True)
        rows = np.array([side(label == "TI", n) for n, label in enumerate(labels)])
        model = from_bytes(train(texts, labels, vectors=Vectors(rows, "e5")).to_bytes())
        asked = ["xyz"] * 2
        with_vectors = model.predict(asked, np.array([side(True, 50), side(False, 50)]))
        assert [p.label for p in with_vectors] == ["TI", "PROD"]
        assert len({p.label for p in model.predict(asked)}) == 1  # words alone: what they can
        assert model.meaning.fingerprint == "e5"
        assert train(texts, labels).meaning is None

    def test_a_pickle_is_not_read(self) -> None:
        with pytest.raises((ValueError, KeyError)):
            from_bytes(b"\x80\x04cos\nsystem\n.")


class TestIncidentTriage:
    def test_a_rule_goes_before_the_shipped_words(self, ana: User) -> None:
        TriageRule.objects.create(name="Prisa del baño", if_words="urge", set_priority="P3", set_level="L2")
        incident = make_report(ana, "Urge jabón en el baño")
        incident_triage(incident.pk)
        incident.refresh_from_db()
        assert (incident.priority, incident.level) == ("P3", "L2")
        assert incident.automatic["prioridad"]["metodo"] == "regla"
        assert incident.automatic["nivel"]["motivo"] == "Prisa del baño: urge"

    def test_without_a_rule_the_shipped_words_tell_and_a_second_run_changes_nothing(self, ana: User) -> None:
        incident = make_report(ana, "La línea está parada")
        incident_triage(incident.pk)
        incident.refresh_from_db()
        assert (incident.priority, incident.automatic["prioridad"]["metodo"]) == ("P1", "palabras")
        version = incident.version
        incident_triage(incident.pk)
        incident.refresh_from_db()
        assert incident.version == version

    def test_a_correction_is_kept_as_an_example(self, ana: User, luis: User) -> None:
        incident = make_report(ana, "La línea está parada")
        incident_triage(incident.pk)
        incident_update(actor=actor(luis), incident_id=incident.pk, fields={"prioridad": "P2"})
        kept = TriageCorrection.objects.get()
        assert (kept.target, kept.proposed, kept.chosen, kept.user) == ("prioridad", "P1", "P2", luis)
        incident.refresh_from_db()
        assert "prioridad" not in incident.automatic


class TestLearning:
    def test_learns_from_closed_cases_and_proposes_the_area(self, ana: User, prod: Area, mant: Area) -> None:
        close_cases(ana, prod, mant)
        model = triage_model_train(TriageTarget.AREA)
        assert model is not None
        assert model.is_active and model.version == 1
        assert model.macro_f1 > 0.9
        incident = make_report(ana, "No abre el correo ni la impresora")
        incident_triage(incident.pk)
        incident.refresh_from_db()
        proposal = incident.automatic["area"]
        assert (proposal["valor"], proposal["metodo"]) == ("MANT", "aprendido")
        assert "impresora" in proposal["motivo"]
        assert incident.area == prod

    @pytest.fixture
    def embedder(self, monkeypatch: pytest.MonkeyPatch) -> list[int]:
        """Tells the nouns of TI from the others; keeps how many texts it was asked for."""
        asked: list[int] = []

        def embedded(texts: Sequence[str]) -> np.ndarray:
            asked.append(len(texts))
            return np.array([side(any(n in t for n in NOUNS["TI"]), at) for at, t in enumerate(texts)])

        monkeypatch.setattr(learning, "texts_embedded", embedded)
        monkeypatch.setattr(learning, "vectors_space", lambda: "e5")
        return asked

    def test_few_cases_are_learned_by_words_and_vectors(
        self, ana: User, prod: Area, mant: Area, embedder: list[int]
    ) -> None:
        close_cases(ana, prod, mant)
        model = triage_model_train(TriageTarget.AREA)
        assert (model.method, model.is_active) == ("ambos", True)
        assert embedder == [model.examples]  # once for measuring and training
        incident = make_report(ana, "Zumba de un modo raro")

        def told() -> str:
            return triage_predict(TriageTarget.AREA, "Zumba de un modo raro", incident.pk)[0].label

        for is_second, expected in ((True, "MANT"), (False, "PROD")):
            kept = {"fingerprint": "e5", "vector": side(is_second, 90).astype("<f4").tobytes()}
            IncidentVector.objects.update_or_create(incident=incident, defaults=kept)
            assert told() == expected
        assert len(embedder) == 1  # a prediction takes the vector that is there

    def test_without_a_vector_of_the_same_space_the_words_tell(
        self, ana: User, prod: Area, mant: Area, embedder: list[int]
    ) -> None:
        close_cases(ana, prod, mant)
        triage_model_train(TriageTarget.AREA)
        incident = make_report(ana, "No abre el correo ni la impresora")
        IncidentVector.objects.create(
            incident=incident, fingerprint="otro", vector=side(False, 1).astype("<f4").tobytes()
        )
        alone = triage_predict(TriageTarget.AREA, incident.title)[0]
        assert triage_predict(TriageTarget.AREA, incident.title, incident.pk)[0] == alone
        assert alone.label == "MANT"

    def test_an_embedder_that_is_away_leaves_the_words(
        self, ana: User, prod: Area, mant: Area, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away(texts: Sequence[str]) -> None:
            raise EmbeddingUnavailable("no embedder is configured")

        monkeypatch.setattr(learning, "texts_embedded", away)
        close_cases(ana, prod, mant)
        assert triage_model_train(TriageTarget.AREA).method == "lineal"

    def test_a_model_of_an_earlier_method_is_not_read_and_gives_way(self, ana: User, prod: Area, mant: Area) -> None:
        close_cases(ana, prod, mant)
        old = TriageModel.objects.create(
            target="area", version=1, method="vecinos", macro_f1=1.0, accuracy=1.0, examples=80, is_active=True
        )
        assert triage_predict(TriageTarget.AREA, "se detuvo la prensa") is None
        assert triage_model_train(TriageTarget.AREA).is_active
        old.refresh_from_db()
        assert not old.is_active

    def test_too_few_cases_teach_nothing(self, ana: User) -> None:
        make_report(ana, "Se detuvo la prensa")
        assert triage_model_train(TriageTarget.AREA) is None

    def test_a_file_that_was_changed_is_not_used(self, ana: User, prod: Area, mant: Area) -> None:
        close_cases(ana, prod, mant)
        model = triage_model_train(TriageTarget.AREA)
        TriageModel.objects.filter(pk=model.pk).update(sha256="0" * 64)
        assert triage_predict(TriageTarget.AREA, "se detuvo la prensa") is None


class TestLabels:
    LISTS = {"prioridad": ["P1", "P2"]}

    @pytest.mark.parametrize(
        ("answer", "expected"),
        [
            ('{"prioridad": "P1", "motivo": "línea\\nparada"}', {"prioridad": "P1", "motivo": "línea parada"}),
            ('{"prioridad": "P0", "motivo": "x"}', {}),
            ('{"prioridad": ["P1"]}', {}),
            ("no es JSON", {}),
            ("[1]", {}),
        ],
    )
    def test_only_values_of_the_lists_are_taken(self, answer: str, expected: dict[str, str]) -> None:
        assert checked_labels(answer, self.LISTS) == expected

    def test_what_nothing_else_tells_is_asked_under_a_schema(
        self, ana: User, luis: User, mant: Area, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[Mapping[str, Sequence[str]]] = []

        def labels(text: str, lists: Mapping[str, Sequence[str]]) -> dict[str, str]:
            asked.append(lists)
            return {"prioridad": "P4", "nivel": "L3", "area": "MANT", "motivo": "vibra"}

        monkeypatch.setattr(triage, "model_labels", labels)
        incident = make_report(ana, "La torre vibra")
        incident_triage(incident.pk)
        incident.refresh_from_db()
        assert set(asked[0]) == {"prioridad", "nivel", "area"}
        assert {name: value["valor"] for name, value in incident.automatic.items()} == {
            **{"prioridad": "P4", "nivel": "L3", "area": "MANT"}
        }
        assert {value["metodo"] for value in incident.automatic.values()} == {"modelo"}
        assert (incident.priority, incident.level, incident.area.code) == ("P4", "L1", "PROD")
        page = browser(luis).get(incident.get_absolute_url()).content.decode()
        assert page.count("«vibra»") == 3
        incident_update(actor=actor(luis), incident_id=incident.pk, fields={"prioridad": "P2"})
        assert TriageCorrection.objects.get().method == "modelo"

    def test_what_the_words_tell_is_not_asked(self, ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[Mapping[str, Sequence[str]]] = []
        monkeypatch.setattr(triage, "model_labels", lambda text, lists: asked.append(lists) or {})
        incident_triage(make_report(ana, "La línea está parada").pk)
        assert set(asked[0]) == {"nivel", "area"}


class TestCommand:
    def run(self, path: Path, told: StringIO | None = None) -> dict[str, object]:
        out = StringIO()
        call_command("evaluate_triage", path, "--label", "area", "--json", stdout=out, stderr=told or StringIO())
        return json.loads(out.getvalue())

    def test_cross_validates_a_file_without_a_split(self, tmp_path: Path) -> None:
        path = tmp_path / "tickets.jsonl"
        rows = [{"id": n, "title": "", "text": t, "labels": {"area": a}} for n, (t, a) in enumerate(examples())]
        path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
        score = self.run(path)
        assert score["macro_f1"] > 0.9
        assert score["accuracy"] > 0.9
        assert score["probados"] == len(rows)

    def test_uses_the_file_s_own_split(self, tmp_path: Path) -> None:
        path = tmp_path / "tickets.jsonl"
        rows = [
            {"text": t, "area": a, "split": "test" if n % 4 == 0 else "train"} for n, (t, a) in enumerate(examples())
        ]
        path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
        score = self.run(path)
        assert (score["probados"], score["particion"]) == (20, "propia del archivo")

    def test_a_label_with_one_example_is_measured_with_the_rest(self, tmp_path: Path) -> None:
        path = tmp_path / "tickets.jsonl"
        rows = [{"text": t, "area": a} for t, a in (*examples(), ("la báscula no pesa", "LOG"))]
        path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
        score = self.run(path)
        assert score["probados"] == len(rows)
        assert score["accuracy"] > 0.9

    def test_a_file_without_the_label_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "tickets.jsonl"
        path.write_text('{"text": "x"}\n', encoding="utf-8")
        with pytest.raises(CommandError):
            self.run(path)

    @pytest.mark.parametrize("labels", [["A", "A"], ["A", "B"]])
    def test_too_few_examples_are_told(self, tmp_path: Path, labels: list[str]) -> None:
        path = tmp_path / "tickets.jsonl"
        path.write_text("\n".join(json.dumps({"text": "x", "area": label}) for label in labels), encoding="utf-8")
        with pytest.raises(CommandError, match=r"at least|al menos"):
            self.run(path)

    def test_an_embedder_that_is_away_is_told(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def away(texts: Sequence[str]) -> None:
            raise EmbeddingUnavailable("no embedder is configured")

        monkeypatch.setattr("incidents.management.commands.evaluate_triage.texts_embedded", away)
        path = tmp_path / "tickets.jsonl"
        rows = [{"text": f"falla {n}", "area": "AB"[n % 2]} for n in range(12)]
        path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        told = StringIO()
        assert self.run(path, told)["metodo"] == "lineal"
        assert "no embedder" in told.getvalue()
