"""Who works on which node: leases counted in Redis and shared by all workers, counted locally while Redis is down.

A lease is a member of the sorted set of its node with its end as score, so the leases of a killed worker run out.
Choosing and taking is one script: two workers can't both see the same node as the idlest.
"""

import logging
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import redis

logger = logging.getLogger("prsystem.ollama")

PREFIX = "prs:ollama:"
REDIS_SECONDS = 0.3
REDIS_PAUSE_SECONDS = 5.0
# Whoever waits says so again and again: a killed worker doesn't hold the others back for longer.
LINE_SECONDS = 3

# Who goes first: critical incidents, then people, then what nobody waits for.
URGENT, PEOPLE, BACKLOG = range(3)

# KEYS: the lines of the urgent ones and of people, then the lease sets of the candidates, warm ones first. ARGV: lease,
# life in seconds, number of warm ones, rank, then slots and weight of each. Answers the index of the chosen node or 0:
# nobody gets anything while somebody of a better rank waits. Of equals the one that waited longest is next.
TAKE = """
local now = tonumber(redis.call('TIME')[1])
local best, best_load, best_turn = 0, nil, nil
local warm = tonumber(ARGV[3])
local rank = tonumber(ARGV[4])
for i = 1, math.min(rank, 2) do
  redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now)
  if redis.call('ZCARD', KEYS[i]) > 0 then return 0 end
end
for i = 1, #KEYS - 2 do
  local key = KEYS[i + 2]
  if i == warm + 1 and best > 0 then break end
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
  local count = redis.call('ZCARD', key)
  local turn = tonumber(redis.call('GET', key .. ':turn') or '0')
  local load = count / tonumber(ARGV[4 + 2 * i])
  local free = count < tonumber(ARGV[3 + 2 * i])
  if free and (best == 0 or load < best_load or (load == best_load and turn < best_turn)) then
    best, best_load, best_turn = i, load, turn
  end
end
if best == 0 then return 0 end
local chosen = KEYS[best + 2]
redis.call('ZADD', chosen, now + tonumber(ARGV[2]), ARGV[1])
if redis.call('TTL', chosen) < tonumber(ARGV[2]) then redis.call('EXPIRE', chosen, ARGV[2]) end
redis.call('SET', chosen .. ':turn', redis.call('INCR', 'prs:ollama:turns'), 'EX', 86400)
return best
"""


@dataclass(frozen=True)
class Candidate:
    """A node that could do it: at most `slots` leases; one of weight 2 is as busy with two as another with one."""

    name: str
    slots: int
    weight: int = 1


@dataclass(frozen=True)
class Lease:
    """The right to one slot of a node."""

    node: str
    token: str
    is_shared: bool
    rank: int = PEOPLE


class InFlight:
    """`connect` makes the Redis client at first use; None keeps the count local."""

    def __init__(self, connect: Callable[[], redis.Redis] | None, *, now: Callable[[], float] = time.monotonic) -> None:
        self._connect = connect
        self._client: redis.Redis | None = None
        self._now = now
        self._down_until = 0.0
        self._lock = threading.Lock()
        self._local: dict[str, set[str]] = {}
        self._turns: dict[str, float] = {}
        self._line: dict[str, dict[str, float]] = {}  # by key of the line: who waits, until when

    def take(
        self,
        warm: Sequence[Candidate],
        cold: Sequence[Candidate],
        *,
        seconds: float,
        line: str = "",
        rank: int = PEOPLE,
    ) -> Lease | None:
        """A slot on the warm node with the least load, else on such a cold one; None when all are full.

        None also while somebody of a better rank waits in the same line (see `wait`). What nobody waits for leaves the
        last of several slots of a node free.
        """
        token = uuid.uuid4().hex
        warm, cold = [_open_to(one, rank) for one in warm], [_open_to(one, rank) for one in cold]
        every = [*warm, *cold]
        if not every:
            return None
        keys = [*_lines(line), *(f"{PREFIX}{one.name}" for one in every)]
        limits = [number for one in every for number in (one.slots, one.weight)]
        given: list[str | int] = [token, int(seconds) + 5, len(warm), rank, *limits]
        chosen = self._redis(lambda r: r.eval(TAKE, len(keys), *keys, *given))
        if isinstance(chosen, int):
            return Lease(every[chosen - 1].name, token, is_shared=True, rank=rank) if chosen else None
        if self._is_anyone_before(line, rank):
            return None
        return self._take_locally(warm, cold, token, rank)

    def wait(self, line: str, token: str, rank: int) -> None:
        """Say that somebody waits, whom backlog lets go first; to be said anew within LINE_SECONDS."""
        key, until = _lines(line)[rank], time.time() + LINE_SECONDS
        if self._redis(lambda r: r.zadd(key, {token: until})) is not None:
            self._redis(lambda r: r.expire(key, 60))
        with self._lock:
            self._line.setdefault(key, {})[token] = self._now() + LINE_SECONDS

    def leave(self, line: str, token: str, rank: int) -> None:
        key = _lines(line)[rank]
        self._redis(lambda r: r.zrem(key, token))
        with self._lock:
            self._line.get(key, {}).pop(token, None)

    def should_give_way(self, lease: Lease, line: str, slots: int) -> bool:
        """Whether what nobody waits for holds a place that somebody needs: who waits in the line, or who was let onto
        the same full node and is behind it there."""
        if lease.rank < BACKLOG:
            return False
        waiting = self._redis(lambda r: sum(r.zcount(key, time.time(), "+inf") for key in _lines(line)))
        if waiting or (waiting is None and self._is_anyone_before(line, BACKLOG)):
            return True
        return self.count(lease.node) >= slots > 1

    def _is_anyone_before(self, line: str, rank: int) -> bool:
        with self._lock:
            before = [self._line.get(key, {}) for key in _lines(line)[:rank]]
            return any(until > self._now() for waiting in before for until in waiting.values())

    def release(self, lease: Lease) -> None:
        """Give the slot back; a shared lease that can't be given back runs out by itself."""
        if lease.is_shared:
            self._redis(lambda r: r.zrem(f"{PREFIX}{lease.node}", lease.token))
            return
        with self._lock:
            self._local.get(lease.node, set()).discard(lease.token)

    def count(self, name: str) -> int:
        """Leases on a node now: of all workers, or of this process while Redis is down."""
        shared = self._redis(lambda r: r.zcount(f"{PREFIX}{name}", time.time(), "+inf"))
        return shared if isinstance(shared, int) else len(self._local.get(name, ()))

    def _take_locally(
        self, warm: Sequence[Candidate], cold: Sequence[Candidate], token: str, rank: int
    ) -> Lease | None:
        def turn(one: Candidate) -> tuple[float, float]:
            return len(self._local.get(one.name, ())) / one.weight, self._turns.get(one.name, 0.0)

        with self._lock:
            for candidates in (warm, cold):
                free = [one for one in candidates if len(self._local.get(one.name, ())) < one.slots]
                if free:
                    name = min(free, key=turn).name
                    self._local.setdefault(name, set()).add(token)
                    self._turns[name] = self._now()
                    return Lease(name, token, is_shared=False, rank=rank)
        return None

    def _redis(self, command: Callable[[redis.Redis], object]) -> object:
        """The command's answer, or None while Redis can't be used; after a failure it is left alone for a while."""
        if self._connect is None or self._now() < self._down_until:
            return None
        try:
            self._client = self._client or self._connect()
            return command(self._client)
        except redis.RedisError as error:
            self._down_until = self._now() + REDIS_PAUSE_SECONDS
            logger.warning("in-flight counts are local: Redis failed (%s)", type(error).__name__)
            return None


def _lines(line: str) -> tuple[str, str]:
    """Where the urgent ones wait, and where people do; what nobody waits for has no line."""
    return f"{PREFIX}line:{line}", f"{PREFIX}line:{line}:people"


def _open_to(node: Candidate, rank: int) -> Candidate:
    return replace(node, slots=max(1, node.slots - 1)) if rank == BACKLOG else node


def redis_connector(url: str) -> Callable[[], redis.Redis]:
    """A maker of a client that gives up quickly: routing must not wait for a doorbell."""
    return lambda: redis.Redis.from_url(url, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS)
