"""The JSON objects of Ollama's API as the stand-in node sends them."""

from typing import Any

CREATED_AT = "2026-01-05T09:00:00.1Z"


def full_name(model: str) -> str:
    return model if ":" in model else f"{model}:latest"


def entry(name: str, capabilities: list[str], parameters: str = "4.0B") -> dict[str, Any]:
    details = {"format": "gguf", "family": "qwen3", "families": ["qwen3"], "parameter_size": parameters}
    details |= {"quantization_level": "Q4_K_M"}
    common = {"name": name, "model": name, "modified_at": CREATED_AT, "size": 2497293931, "digest": "e55aed6fe643" * 5}
    return common | {"details": details, "capabilities": capabilities}


def loaded_entry(name: str) -> dict[str, Any]:
    found = entry(name, [])
    return found | {"expires_at": "2026-01-05T09:30:00Z", "size_vram": found["size"], "context_length": 8192}


def record(model: str, content: str, *, thinking: str = "", done_reason: str = "", tokens: int = 0) -> dict[str, Any]:
    """A chat record: a piece, or with `done_reason` the last one. Zero-valued metrics are left out."""
    message = {"role": "assistant", "content": content} | ({"thinking": thinking} if thinking else {})
    found: dict[str, Any] = {"model": model, "created_at": CREATED_AT, "message": message, "done": bool(done_reason)}
    if done_reason:
        found |= {"done_reason": done_reason, "total_duration": 912000000, "load_duration": 41000000}
        found |= {"prompt_eval_count": 318, "eval_count": tokens} if tokens else {}
    return found
