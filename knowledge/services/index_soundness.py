"""Does the collection in Chroma find what is in it? Its files may be damaged while the server answers."""

import random
import time

import numpy as np
import structlog

from integrations.chroma import ChromaFailing, Collection, collection_delete, collection_open, collection_renewed

from ..models import IndexGeneration, PassageVector

log = structlog.get_logger(__name__)
SAMPLE = 8
ITSELF = 0.01  # cosine distance of a vector to itself, by what an index rounds away
TRIES, PAUSE_SECONDS = 3, 0.5
TRIAL = "prueba-del-servidor"


def sound_collection(generation: IndexGeneration) -> tuple[Collection, set[str]]:
    """The collection of the generation and the ids in it; made anew and empty where it can't be read any more, so that
    it is filled like a wiped one. ChromaError as for every call."""
    for _try in range(TRIES):
        collection = collection_renewed(generation.collection)
        try:
            there = set(collection.all_ids())
            if _finds_its_own(collection, generation, there):
                return collection, there
        except ChromaFailing as error:
            log.warning("index.collection_unreadable", collection=generation.collection, reason=str(error))
        time.sleep(PAUSE_SECONDS)
    _require_working_server()
    log.error("index.collection_made_anew", collection=generation.collection)
    collection_delete(generation.collection)
    return collection_open(generation.collection), set()


def _require_working_server() -> None:
    """ChromaError unless it keeps and finds a vector in another collection: with a full disk, or fallen ill as a whole,
    it fails too, and what is in it may be sound."""
    vector = [1.0, 0.0]
    trial = collection_open(TRIAL)
    trial.upsert(["1"], [vector])
    if not trial.query(vector, 1):
        raise ChromaFailing("Chroma doesn't find what it has just been given")
    collection_delete(TRIAL)


def _finds_its_own(collection: Collection, generation: IndexGeneration, there: set[str]) -> bool:
    """A collection that lost the files of its graph still knows ids and counts: then a vector isn't near itself."""
    own = sorted(pk for pk in there if pk.isdecimal())
    chosen = random.sample(own, min(SAMPLE, len(own)))  # no secret
    rows = PassageVector.objects.filter(generation=generation, passage_id__in=chosen).values_list("vector", flat=True)
    found = [collection.query(np.frombuffer(vector, dtype="<f4").tolist(), 1) for vector in rows]
    return sum(bool(hits) and hits[0][1] < ITSELF for hits in found) * 2 >= len(found)
