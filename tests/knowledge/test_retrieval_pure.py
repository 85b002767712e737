"""The pure parts of retrieval: text, language, passages, fusion, confidence, measures."""

from dataclasses import astuple, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.retrieval.abstain import Asked, Candidate, probabilities
from knowledge.retrieval.evaluation import abstention, evaluate, ndcg_at, recall_at, reciprocal_rank_at
from knowledge.retrieval.fusion import DenseHit, LexicalHit, best_per_article, fuse, with_first
from knowledge.retrieval.language import detect_language
from knowledge.retrieval.names import agreement_of, named_in
from knowledge.retrieval.passages import MAX_WORDS, ArticleText, passages_of
from knowledge.retrieval.text import codes_in, identifiers_in, search_text, stands_in, with_spaced_codes


class TestText:
    @pytest.mark.parametrize(
        ("text", "codes"),
        [
            ("Alarma E-4012 en el eje MC02", ["E4012", "MC02"]),
            ("rodamiento SKF-6205-2RS", ["SKF62052RS"]),
            ("PLC S7-1200, variador KA-200/3", ["S71200", "KA2003"]),
            ("alarma E 4012", ["E4012"]),
            ("e-4012 y E4012 son el mismo", ["E4012"]),
            ("24V, 10mm, 1.5kW y 3 piezas a las 10:30 del 2026-11-24", []),
            ("sin códigos", []),
            ("", []),
        ],
    )
    def test_codes(self, text: str, codes: list[str]) -> None:
        assert codes_in(text) == codes

    def test_search_text_drops_controls_and_compatibility_forms(self) -> None:
        assert search_text("E\u202e-40\x0012\n\n ﬁltro") == "E-4012 filtro"

    def test_spaced_codes_are_added_joined(self) -> None:
        assert with_spaced_codes("alarma E 4012") == "alarma E 4012 E4012"

    @given(st.text(max_size=300))
    def test_any_text_is_taken(self, text: str) -> None:
        assert all(code.isalnum() for code in codes_in(text))
        assert detect_language(text) in ("es", "en", "")


class TestLanguage:
    @pytest.mark.parametrize(
        ("text", "lang"),
        [
            ("bomba pierde aceite", "es"),
            ("servidor caido", "es"),
            ("PLC sin comunicacion", "es"),
            ("El robot se detiene con la alarma de servo", "es"),
            ("pump leaking oil", "en"),
            ("printer offline", "en"),
            ("The robot stops with a servo alarm", "en"),
            ("E-4012", ""),
            ("VPN", ""),
            ("", ""),
        ],
    )
    def test_short_texts(self, text: str, lang: str) -> None:
        assert detect_language(text) == lang


class TestPassages:
    def test_a_short_article_is_one_passage(self) -> None:
        (passage,) = passages_of(ArticleText("Fuga en bomba", "Pierde aceite.", "Retén gastado.", "Cambiar el retén."))
        assert passage.kind == "whole"
        assert passage.text == "Fuga en bomba\nPierde aceite.\nRetén gastado.\nCambiar el retén."

    def test_a_longer_article_has_views_of_problem_and_solution(self) -> None:
        passages = passages_of(ArticleText("Título", "problema " * 40, "causa " * 10, "paso " * 40))
        assert [passage.kind for passage in passages] == ["whole", "problem", "solution"]
        assert [passage.ordinal for passage in passages] == [0, 1, 2]
        assert passages[2].text.split()[:2] == ["Título", "causa"]

    def test_without_a_problem_text_there_is_no_view_of_it(self) -> None:
        assert [p.kind for p in passages_of(ArticleText("Título", "", "", "paso " * 100))] == ["whole"]

    def test_long_texts_start_with_a_short_piece_and_repeat_the_title(self) -> None:
        body = "\n\n".join(["uno " * 100, "dos " * 200, "tres " * 1000])
        words = [passage.text.split() for passage in passages_of(ArticleText("Título", solution=body))]
        assert all(each[0] == "Título" and len(each) <= MAX_WORDS + 1 for each in words)
        assert sum(len(each) - 1 for each in words) == 1300
        assert words[0][1:] == ["uno"] * 100
        assert len(words[-1]) > 1

    @given(st.text(max_size=500), st.text(max_size=500), st.text(max_size=2000))
    def test_no_word_is_lost(self, title: str, problem: str, solution: str) -> None:
        whole = [p for p in passages_of(ArticleText(title, problem, "", solution)) if p.kind == "whole"]
        words = " ".join(passage.text for passage in whole).split()
        assert set(problem.split()) | set(solution.split()) <= set(words)


class TestFusion:
    def test_within_a_language_scores_are_mixed(self) -> None:
        lexical = [LexicalHit(1, 10.0, "es"), LexicalHit(2, 9.0, "es")]
        dense = [DenseHit(2, 0.8, "es"), DenseHit(1, 0.7, "es"), DenseHit(3, 0.2, "es")]
        hits = fuse(lexical, dense, query_lang="es")
        assert [hit.id for hit in hits] == [2, 1, 3]
        assert hits[0].why == "both"
        assert hits[0].score == pytest.approx(0.8 + 0.2 * 0.9)

    def test_a_second_embedder_can_turn_a_close_race(self) -> None:
        dense = [DenseHit(1, 0.60, "es"), DenseHit(2, 0.58, "es"), DenseHit(3, 0.1, "es")]
        assert [h.id for h in fuse([], dense, query_lang="es")][:2] == [1, 2]
        assert [h.id for h in fuse([], dense, query_lang="es", second={1: 0.2, 2: 0.5, 3: 0.1})][:2] == [2, 1]

    def test_what_holds_the_name_comes_before_everything(self) -> None:
        ranked = fuse([LexicalHit(9, 0.1, "es")], [DenseHit(1, 0.9, "es")], query_lang="es")
        assert [h.id for h in with_first(ranked, {9})] == [9, 1]

    def test_an_article_in_another_language_keeps_its_dense_place(self) -> None:
        lexical = [LexicalHit(1, 5.0, "es")]
        dense = [DenseHit(2, 0.9, "en"), DenseHit(1, 0.85, "es"), DenseHit(3, 0.1, "es")]
        assert fuse(lexical, dense, query_lang="es")[0].id == 2
        same = [DenseHit(2, 0.9, "es"), *dense[1:]]
        assert fuse(lexical, same, query_lang="es")[0].id == 1

    def test_a_shared_code_lifts_an_article_in_another_language(self) -> None:
        lexical = [LexicalHit(2, 8.0, "en")]
        dense = [DenseHit(1, 0.5, "es"), DenseHit(2, 0.45, "en"), DenseHit(3, 0.1, "es")]
        assert fuse(lexical, dense, query_lang="es")[0].id == 2

    def test_either_ranking_decides_alone(self) -> None:
        lexical = [LexicalHit(1, 3.0, "es"), LexicalHit(2, 1.0, "en")]
        assert [(h.id, h.cosine, h.why) for h in fuse(lexical, [], query_lang="es")] == [
            (1, None, "lexical"),
            (2, None, "lexical"),
        ]
        dense = [DenseHit(7, 0.4, "es"), DenseHit(8, 0.35, "en"), DenseHit(9, 0.1, "es")]
        for lang in ("es", "en", ""):
            assert [h.id for h in fuse([], dense, query_lang=lang)] == [7, 8, 9]
        assert fuse([], [], query_lang="es") == []

    def test_best_passage_stands_for_its_article(self) -> None:
        hits = [DenseHit(1, 0.3, "es"), DenseHit(2, 0.5, "es"), DenseHit(1, 0.6, "es")]
        assert best_per_article(hits) == [DenseHit(1, 0.6, "es"), DenseHit(2, 0.5, "es")]

    @given(
        st.lists(st.tuples(st.integers(1, 9), st.floats(0, 50)), unique_by=lambda pair: pair[0]),
        st.lists(st.tuples(st.integers(1, 9), st.floats(-1, 1)), unique_by=lambda pair: pair[0]),
    )
    def test_every_article_once_and_scores_in_range(self, words: list, meanings: list) -> None:
        lexical = [LexicalHit(key, score, "es") for key, score in words if score > 0]
        dense = [DenseHit(key, cosine, "en" if key % 2 else "es") for key, cosine in meanings]
        hits = fuse(lexical, dense, query_lang="es")
        assert sorted(hit.id for hit in hits) == sorted({h.id for h in lexical} | {h.id for h in dense})
        assert all(-1e-9 <= hit.score <= 1 + 1e-9 for hit in hits)


def found_for(asked: Asked, *candidates: Candidate) -> list[float]:
    return probabilities(asked, candidates)


class TestOtherLanguages:
    @pytest.mark.parametrize(
        "text",
        [
            "Die Pumpe verliert Öl und der Motor ist nicht heiß",
            "La pompe perd de l'huile et le moteur ne démarre pas dans la nuit",
            "A bomba está perdendo óleo e não liga com o motor",
        ],
    )
    def test_what_is_neither_spanish_nor_english_favours_neither(self, text: str) -> None:
        assert detect_language(text) == ""

    def test_small_words_of_spanish_are_not_taken_for_french(self) -> None:
        assert detect_language("le pico a un boton y le da a otro") == "es"


class TestProbability:
    ASKED = Asked("iny 7 marca E-4012 y salen piezas cortas", "es", "PROD")
    RIGHT = Candidate("INY-07: alarma E-4012", "Piezas incompletas.", "es", "PROD", words=12.0, first=0.6, second=0.5)
    OTHER = Candidate("Rebaba en el molde", "Sale con filo.", "es", "PROD", words=3.0, first=0.45, second=0.3)

    def test_the_lead_before_the_next_one_counts(self) -> None:
        alone = found_for(self.ASKED, self.RIGHT, self.OTHER)[0]
        rival = replace(self.RIGHT, title="Boquilla fría", said="El material se queda en la punta al arrancar.")
        assert found_for(self.ASKED, self.RIGHT, rival)[0] < alone

    def test_each_source_stands_by_itself(self) -> None:
        right, other = found_for(self.ASKED, self.RIGHT, self.OTHER)
        assert right > 0.8
        assert other < 0.2

    def test_another_machine_or_alarm_speaks_against_it(self) -> None:
        same = found_for(self.ASKED, self.RIGHT, self.OTHER)[0]
        for title in ("INY-07: alarma E-2210", "Alarma E-2210 de la INY-12"):
            assert found_for(self.ASKED, replace(self.RIGHT, title=title), self.OTHER)[0] < same

    def test_another_area_speaks_against_it_and_an_unknown_one_says_nothing(self) -> None:
        here, unknown, there = (
            found_for(replace(self.ASKED, area=area), self.RIGHT, self.OTHER)[0] for area in ("PROD", "", "TI")
        )
        assert there < unknown < here

    def test_a_translation_or_the_same_title_is_no_rival(self) -> None:
        alone = found_for(self.ASKED, self.RIGHT, self.OTHER)[0]
        for twin in (replace(self.RIGHT, lang="en"), replace(self.RIGHT, said="Otra respuesta.")):
            assert found_for(self.ASKED, self.RIGHT, self.OTHER, twin)[0] == pytest.approx(alone, abs=0.1)

    def test_one_word_in_common_is_no_answer_where_meaning_is_far(self) -> None:
        """«partido de fútbol» got .56 for an article on parts; a code that both name still counts."""
        asked = Asked("partido de fútbol")
        parts = Candidate(
            "Shelf life of painted parts", "Painted parts expire.", "en", words=3.0, first=0.22, second=0.1
        )
        assert found_for(asked, parts)[0] == 0.0
        assert found_for(asked, replace(parts, first=0.45, second=0.4))[0] > 0.3
        assert found_for(self.ASKED, replace(self.RIGHT, first=0.25))[0] > 0.3

    def test_whatever_embedders_answer_there_is_a_probability(self) -> None:
        for first, second in ((0.6, None), (None, 0.5), (None, None)):
            good = replace(self.RIGHT, first=first, second=second)
            bad = replace(self.OTHER, first=first and 0.3, second=second and 0.1)
            right, wrong = found_for(self.ASKED, good, bad)
            assert wrong < 0.3 < right

    @given(st.text(max_size=200), st.text(max_size=200), st.floats(-1, 1), st.floats(0, 1000))
    def test_any_text_has_one_from_0_to_1(self, asked: str, said: str, cosine: float, words: float) -> None:
        candidate = Candidate(said, said, "es", words=words, first=cosine)
        assert all(0 <= p <= 1 for p in found_for(Asked(asked), candidate, self.OTHER))


class TestNames:
    @pytest.mark.parametrize(
        ("asked", "said", "expected"),
        [
            ("iny 7 se para", "INY-07: alarma", (0, 0, 1, 0)),
            ("INY-02 lenta", "INY-07: alarma", (0, 0, 0, 1)),
            ("alarma E-4012", "alarma E4012", (1, 0, 0, 0)),
            ("alarma E-4012", "alarma E-2210", (0, 1, 0, 0)),
            ("el molde 218 deja filo", "Rebaba del molde M-218", (1, 0, 0, 0)),
            ("prensa 3 parada", "Prensa PR-03", (0, 0, 1, 0)),
            ("llevamos 40 minutos", "45 minutos", (0, 0, 0, 0)),
        ],
    )
    def test_what_two_texts_name(self, asked: str, said: str, expected: tuple[int, ...]) -> None:
        assert astuple(agreement_of(named_in(asked), named_in(said))) == expected


class TestIdentifiers:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("qué hace --no-install-recommends", ["--no-install-recommends"]),
            ("dónde está /etc/apt/sources.list", ["/etc/apt/sources.list"]),
            ("SKF-6205-2RS", ["SKF62052RS"]),
            ("INY-07", ["INY07"]),
            ("la INY-07 no purga bien hoy", []),
            ("lote 4900013120 detenido", ["4900013120"]),
            ("la bomba pierde aceite", []),
        ],
    )
    def test_what_stands_somewhere_or_nowhere(self, text: str, found: list[str]) -> None:
        assert identifiers_in(text) == found

    def test_it_stands_in_a_text_as_a_whole(self) -> None:
        assert stands_in("--force", "Usar `--force`.")
        assert not stands_in("--force", "Usar --force-reinstall.")
        assert stands_in("SKF62052RS", "Rodamiento skf-6205-2RS nuevo")


class TestMeasures:
    def test_abstention_of_known_values(self) -> None:
        told = abstention([(True, 0.9), (True, 0.6), (False, 0.7), (False, 0.1)], 0.5)
        assert told == {
            "auroc": 0.75,
            "false_accepts_at_95": 0.5,
            "false_accepts_at_85": 0.5,
            "answered_without_answer": 0.5,
            "answered_with_answer": 1.0,
        }
        twenty = [(True, n / 20) for n in range(20)]
        told = abstention([*twenty, (False, 0.01), (False, 0.1), (False, 0.2), (False, 0.01)], 0.5)
        assert (told["false_accepts_at_95"], told["false_accepts_at_85"]) == (0.5, 0.25)
        assert abstention([(True, 0.9)], 0.5) == {}

    GRADES = {"a": 1.0, "b": 1.0, "z": 0.0}

    def test_known_values(self) -> None:
        assert ndcg_at(["a", "b"], self.GRADES, 10) == pytest.approx(1)
        assert ndcg_at(["x", "a"], {"a": 1.0}, 10) == pytest.approx(0.6309, abs=1e-4)
        assert recall_at(["a", "x", "y", "z", "w", "b"], self.GRADES, 5) == 0.5
        assert reciprocal_rank_at(["x", "z", "b"], self.GRADES, 10) == pytest.approx(1 / 3)
        assert reciprocal_rank_at(["x"], self.GRADES, 10) == 0

    def test_only_judged_queries_count(self) -> None:
        queries = [("q1", "uno"), ("q2", "dos"), ("q3", "tres")]
        judgements = {"q1": {"a": 1.0}, "q2": {"z": 0.0}}
        measures = evaluate(queries, judgements, lambda text: ["a"] if text == "uno" else []).as_json()
        assert (measures["queries"], measures["ndcg@10"], measures["recall@5"], measures["mrr@10"]) == (1, 1, 1, 1)
        assert evaluate([], {}, lambda text: []).as_json()["ndcg@10"] == 0
