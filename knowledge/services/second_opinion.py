"""Asks a second model about the sentences of an answer that the rules doubt for their words; off unless a site names
one."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from integrations.ollama.client import CHAT_OPTIONS
from integrations.ollama.cluster import Cluster
from integrations.ollama.errors import NodeError
from prsystem.accounts.selectors import people_names
from prsystem.runtime.selectors import get_setting

from ..assistant.masking import KnownNames
from ..assistant.records import Passage
from ..assistant.verdicts import MOST_TOKENS, is_supported, verdict_messages

log = structlog.get_logger(__name__)
SETTING = "suggestions.judge_model"
# For all verdicts of an answer together: who reads it waits for them.
VERDICTS_SECONDS = 15.0
# An answer with more doubts than this is no paraphrase.
MOST_ASKED = 4
# The same num_ctx as everywhere: another one makes the node load the model again.
OPTIONS = {**CHAT_OPTIONS, "num_predict": MOST_TOKENS}


@dataclass
class SecondOpinion:
    """Says whether passages hold up a sentence. No answer, or none until `deadline` (monotonic), is a no: the doubt
    stays. `told` is what it said, in turn."""

    model: str
    cluster: Cluster
    deadline: float
    told: list[dict[str, str]] = field(default_factory=list)

    def __call__(self, sentence: str, passages: Sequence[Passage]) -> bool:
        if len(self.told) >= MOST_ASKED:
            return False
        verdict = self._verdict(sentence, passages)
        self.told.append({"texto": sentence[:300], "veredicto": verdict})
        return verdict == "apoyada"

    def _verdict(self, sentence: str, passages: Sequence[Passage]) -> str:
        """`apoyada`, `no`, or the code of why there is none."""
        try:
            pieces = self.cluster.chat_stream(
                verdict_messages(sentence, passages, KnownNames.of(people_names())),
                model=self.model,
                options=OPTIONS,
                deadline=self.deadline,
                first_token_seconds=VERDICTS_SECONDS,
            )
            answer = "".join(piece for piece in pieces if isinstance(piece, str))
        except NodeError as error:
            log.warning("verdict.failed", code=error.code, node=error.node)
            return error.code
        return "apoyada" if is_supported(answer) else "no"

    def record(self) -> dict[str, Any]:
        return {"modelo": self.model, "veredictos": self.told}


def second_opinion(cluster: Cluster, writer: str) -> SecondOpinion | None:
    """None where the site names no judge, no node has it, or it wrote the answer itself."""
    model = str(get_setting(SETTING))
    if not model or model == writer or not cluster.is_available(model):
        return None
    return SecondOpinion(model, cluster, time.monotonic() + VERDICTS_SECONDS)
