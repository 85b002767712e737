"""The one error of the model cluster. Its text never holds prompts, credentials or a node's own words."""

# What the failure says about the node: only these count against it in the breaker.
NODE_FAULTS = frozenset(
    {"unreachable", "first_token_timeout", "idle_timeout", "server_error", "stream_error", "stream_cut", "bad_answer"}
)
# A caller has waited its whole patience for nothing: the next one is spared that.
SILENCES = frozenset({"first_token_timeout", "idle_timeout"})
# Another node may well do what this one couldn't.
RETRYABLE = NODE_FAULTS | {"busy", "model_missing", "no_node", "cluster_full", "wrong_dimension"}

MESSAGES = {
    "unreachable": "the node can't be reached",
    "first_token_timeout": "no first token in time",
    "idle_timeout": "the stream stood still",
    "deadline": "the deadline passed",
    "busy": "the node's queue is full",
    "model_missing": "the node doesn't have the model",
    "bad_request": "the node refused the request",
    "forbidden": "the node refuses this client",
    "server_error": "the node failed",
    "stream_error": "the node reported an error in mid-stream",
    "stream_cut": "the stream ended without its last record",
    "too_large": "the answer is longer than the cap",
    "bad_answer": "the answer doesn't follow the format",
    "wrong_dimension": "the vectors have another dimension than expected",
    "no_node": "no healthy node has the model",
    "gave_way": "somebody waits for the place of this answer, which nobody waits for",
    "cluster_full": "every node with the model is at its limit",
}


class NodeError(Exception):
    """A call to a model node failed. `code` is one of MESSAGES; `node` is host:port, empty when no node was chosen."""

    def __init__(self, code: str, *, node: str = "", status: int | None = None) -> None:
        self.code = code
        self.node = node
        self.status = status
        self.retryable = code in RETRYABLE
        self.is_node_fault = code in NODE_FAULTS
        self.message = MESSAGES[code] + (f" (HTTP {status})" if status else "")
        super().__init__(self.message)


def error_of_status(status: int, *, node: str) -> NodeError:
    """400 and 404 are the caller's, 503 is a full queue, the rest the node's (Ollama's errors.mdx)."""
    known = {404: "model_missing", 403: "forbidden", 401: "forbidden", 503: "busy", 429: "busy"}
    if status in known:
        return NodeError(known[status], node=node, status=status)
    return NodeError("bad_request" if 400 <= status < 499 else "server_error", node=node, status=status)
