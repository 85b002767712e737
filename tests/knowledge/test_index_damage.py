"""A folder of Chroma that can't be read is set aside, and the index is filled again as after a wipe, by itself."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from integrations.chroma import collection_open
from knowledge.models import IndexGeneration, Passage, PassageVector, Version
from knowledge.services.indexing import _collection_sync
from prsystem.accounts.models import Area
from prsystem.runner import room
from prsystem.runner.servers import chroma_folder
from tests.incidents.makers import make_article
from tests.standins.chroma_process import chroma_server

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
COUNT = 1200  # more than Chroma keeps in its database alone: the graph has files of its own
DIMENSIONS = 16


@pytest.fixture
def generation(prod: Area) -> IndexGeneration:
    make_article(prod, "Bomba sin presión")
    version = Version.objects.get()
    Passage.objects.all().delete()
    passages = Passage.objects.bulk_create(
        Passage(article_id=version.article_id, version=version, kind="whole", ordinal=n, lang="es", text=str(n))
        for n in range(COUNT)
    )
    made = IndexGeneration.objects.create(
        fingerprint="x", model="x", dimensions=DIMENSIONS, collection="conocimiento-x"
    )
    vectors = np.random.default_rng(7).normal(size=(COUNT, DIMENSIONS)).astype("<f4")
    PassageVector.objects.bulk_create(
        PassageVector(passage=passage, generation=made, vector=vector.tobytes())
        for passage, vector in zip(passages, vectors, strict=True)
    )
    return made


def database_garbage(folder: Path) -> None:
    (folder / "chroma.sqlite3").write_bytes(b"\x13" * 40_000)


def database_halved(folder: Path) -> None:
    content = (folder / "chroma.sqlite3").read_bytes()
    (folder / "chroma.sqlite3").write_bytes(content[: len(content) // 2])


def database_empty(folder: Path) -> None:
    (folder / "chroma.sqlite3").write_bytes(b"")


def database_gone(folder: Path) -> None:
    (folder / "chroma.sqlite3").unlink()


def database_is_a_folder(folder: Path) -> None:
    (folder / "chroma.sqlite3").unlink()
    (folder / "chroma.sqlite3").mkdir()


def graph_gone(folder: Path) -> None:
    for path in _graphs(folder):
        shutil.rmtree(path)


def graph_empty(folder: Path) -> None:
    for path in _graphs(folder):
        for file in path.iterdir():
            file.write_bytes(b"")


def graph_garbage(folder: Path) -> None:
    for path in _graphs(folder):
        for file in path.iterdir():
            file.write_bytes(b"\x13" * 3000)


def graph_halved(folder: Path) -> None:
    for path in _graphs(folder):
        for file in path.iterdir():
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def folder_is_a_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("x")


def _graphs(folder: Path) -> list[Path]:
    found = [path for path in folder.iterdir() if path.is_dir()]
    assert found
    return found


SET_ASIDE = (
    *(database_garbage, database_halved, database_empty, database_gone, database_is_a_folder),
    *(graph_gone, graph_empty, folder_is_a_file),
)
MADE_ANEW = (graph_garbage, graph_halved)  # the server starts, and answers with errors


def kept(folder: Path) -> list[Path]:
    return sorted(folder.parent.glob(f"{folder.name}.{chroma_folder.SET_ASIDE}-*"))


def test_every_damage_ends_in_a_whole_index(generation: IndexGeneration, tmp_path: Path, settings: Any) -> None:
    sound = tmp_path / "sano" / "chroma"
    sound.mkdir(parents=True)
    with chroma_server(sound) as settings.CHROMA_URL:
        assert _collection_sync(generation) == (COUNT, 0)
    with chroma_server(sound) as settings.CHROMA_URL:
        assert _collection_sync(generation) == (0, 0), "a sound folder is left as it is"
    assert not kept(sound)
    seen = {damage.__name__: _after(damage, generation, sound, tmp_path, settings) for damage in SET_ASIDE + MADE_ANEW}
    whole = {damage.__name__: (COUNT, COUNT, damage in SET_ASIDE) for damage in SET_ASIDE + MADE_ANEW}
    assert seen == whole


def _after(
    damage: Callable[[Path], None], generation: IndexGeneration, sound: Path, tmp_path: Path, settings: Any
) -> tuple[int, int, bool]:
    """How many vectors were added again, how many are there, and whether the broken folder was kept beside."""
    folder = tmp_path / damage.__name__ / "chroma"
    shutil.copytree(sound, folder)
    damage(folder)
    with chroma_server(folder) as settings.CHROMA_URL:
        added, _removed = _collection_sync(generation)
        collection = collection_open(generation.collection)
        there = collection.count()
        vector = PassageVector.objects.latest("pk")
        [(nearest, _distance)] = collection.query(np.frombuffer(vector.vector, dtype="<f4").tolist(), 1)
        assert int(nearest) == vector.passage_id
    return added, there, bool(kept(folder))


def test_few_records_have_no_files_and_are_sound(generation: IndexGeneration, tmp_path: Path, settings: Any) -> None:
    PassageVector.objects.filter(passage__ordinal__gte=30).delete()
    folder = tmp_path / "chroma"
    folder.mkdir()
    for added in (30, 0):
        with chroma_server(folder) as settings.CHROMA_URL:
            assert _collection_sync(generation) == (added, 0)
    assert not kept(folder)


def test_a_bounded_number_of_broken_folders_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "chroma"
    for number in range(5):
        folder.mkdir(exist_ok=True)
        (folder / "nota").write_text(str(number))
        chroma_folder.set_aside(folder, "prueba")
        assert list(folder.iterdir()) == []
    assert [(path / "nota").read_text() for path in kept(folder)] == ["3", "4"]


def test_a_full_disk_is_no_reason_to_give_up_an_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "chroma"
    folder.mkdir()
    monkeypatch.setattr(room, "LEAST_BYTES", 1 << 62)
    chroma_folder.set_aside(folder, "prueba")
    assert not kept(folder)
