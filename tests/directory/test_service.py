"""Import, reconcile and find, on a real server."""

from io import BytesIO

import pytest

from lien import demo
from lien.directory import (
    BadExtract,
    Directory,
    ExtractShrunk,
    ImportRunning,
    Reason,
)
from lien.directory.service import imports
from lien.directory.store import LOCK_MS, DirectoryStore
from lien.directory.store.writes import SpelledWords
from lien.ids import RppsNumber
from lien.storage import keys
from lien.storage.valkey import Store
from tests.directory.loading import NOWHERE, PARIS, REUNION, load, load_demo, names
from tests.directory.rows import (
    CATEGORY,
    NUMBERS,
    STRUCTURE,
    a_named_row,
    a_row,
    an_extract,
    write_lines,
)


async def test_demonstration_is_imported(directory: Directory) -> None:
    report = await load_demo(directory)

    assert (report.read, report.known, report.people) == (68, 63, 60)
    assert report.added == 60
    assert (report.changed, report.gone, report.rejected) == (0, 0, {})
    assert await directory.extract_date() == demo.EXTRACT_DATE


async def test_second_import_of_the_same_file_changes_nothing(directory: Directory) -> None:
    await load_demo(directory)
    report = await load_demo(directory)
    assert (report.people, report.added, report.changed, report.gone) == (60, 0, 0, 0)


async def test_activities_of_one_person_are_gathered_wherever_they_are(
    directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows of one person need not follow each other, nor fall into the same batch."""
    monkeypatch.setattr(imports, "_BATCH", 2)
    rows = [a_row(0, **{STRUCTURE: "PREMIER FICTIF"})]
    rows += [a_row(number) for number in range(1, 8)]
    rows += [a_row(0, **{STRUCTURE: "SECOND FICTIF"})]

    report = await load(directory, an_extract(*rows))

    person = await directory.find(RppsNumber(NUMBERS[0]))
    assert person is not None
    assert [place.structure for place in person.activities] == ["PREMIER FICTIF", "SECOND FICTIF"]
    assert (report.people, report.known) == (8, 8)
    assert [p.rpps for p in (await directory.search("premier")).professionals] == [NUMBERS[0]]
    assert (await directory.search("hoarau second")).professionals == (person,)


@pytest.mark.parametrize("is_first", [True, False])
async def test_graduate_elsewhere_who_studies_here_is_no_student(
    directory: Directory, monkeypatch: pytest.MonkeyPatch, is_first: bool
) -> None:
    monkeypatch.setattr(imports, "_BATCH", 1)
    rows = [a_row(0, **PARIS), a_row(1), a_row(0, **{CATEGORY: "E"})]

    report = await load(directory, an_extract(*(rows if is_first else reversed(rows))))

    person = await directory.find(RppsNumber(NUMBERS[0]))
    assert person is not None
    assert person.is_listed
    assert not person.is_student
    assert (report.people, report.known) == (2, 2)


async def test_who_left_the_file_leaves_the_directory(directory: Directory) -> None:
    """The published rule: people who object or are in danger disappear with the next file."""
    await load(directory, an_extract(a_row(0), a_row(1), a_row(2, **PARIS)))

    report = await load(
        directory, an_extract(a_named_row(1, "FICTIF-HOARAU", "Marie-Line"), a_row(3))
    )

    assert (report.people, report.added, report.changed, report.gone) == (2, 1, 1, 1)
    assert await directory.find(RppsNumber(NUMBERS[0])) is None
    assert await directory.find(RppsNumber(NUMBERS[2])) is None
    assert names(await directory.search("hoarau")) == [
        "FICTIF-HOARAU Marie",
        "FICTIF-HOARAU Marie-Line",
    ]


async def test_nothing_of_an_older_import_stays_in_the_store(
    directory: Directory, store: Store
) -> None:
    await load(directory, an_extract(*(a_row(n) for n in range(5)), a_row(6, **PARIS)))
    before = len(await store.redis.keys("{directory}*"))

    for _ in range(3):
        await load(directory, an_extract(*(a_row(n) for n in range(5)), a_row(6, **PARIS)))

    assert len(await store.redis.keys("{directory}*")) == before


async def test_people_from_elsewhere_can_prove_themselves_but_are_not_found(
    directory: Directory,
) -> None:
    """Sign-up looks a number up in the whole file; a quarter of its rows have no place."""
    await load(
        directory,
        an_extract(
            a_row(0),
            a_named_row(1, "FICTIF-MARTIN", "Paule", **PARIS),
            a_named_row(2, "FICTIF-MARTIN", "Paul", **NOWHERE),
        ),
    )

    for number in (1, 2):
        person = await directory.find(RppsNumber(NUMBERS[number]))
        assert person is not None
        assert not person.is_listed
        assert (person.family_name, person.profession) == ("FICTIF-MARTIN", "Infirmier")
    assert names(await directory.search("martin")) == []


async def test_rejected_rows_are_reported_with_their_line(directory: Directory) -> None:
    lines = write_lines([a_row(0), a_row(1), a_row(2), a_row("123")])
    lines[2] = lines[2][:40] + b"\n"

    report = await load(directory, BytesIO(b"".join(lines)))

    assert report.read == 4
    assert report.people == 2
    assert report.rejected == {Reason.FIELDS: 1, Reason.NUMBER: 1}
    assert [(row.line, row.reason) for row in report.examples] == [
        (3, Reason.FIELDS),
        (5, Reason.NUMBER),
    ]


@pytest.mark.parametrize(
    "file", [BytesIO(b""), BytesIO(b"not|an|extract\n"), an_extract(), an_extract(a_row(**PARIS))]
)
async def test_file_that_is_no_extract_changes_nothing(
    directory: Directory, store: Store, file: BytesIO
) -> None:
    await load(directory, an_extract(a_row(0)))
    before = set(await store.redis.keys("*"))

    with pytest.raises(BadExtract):
        await load(directory, file)

    assert set(await store.redis.keys("*")) == before
    assert await directory.find(RppsNumber(NUMBERS[0])) is not None


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-16-le", "cp1252"])
async def test_file_in_another_encoding_changes_nothing(
    directory: Directory, encoding: str
) -> None:
    """As a spreadsheet saves it: the first line already tells."""
    await load(directory, an_extract(a_row(0)))
    text = an_extract(a_row(1), a_row(2)).getvalue().decode()

    with pytest.raises(BadExtract):
        await load(directory, BytesIO(text.encode(encoding)))

    assert await directory.find(RppsNumber(NUMBERS[0])) is not None


async def test_last_row_that_was_cut_off_is_named(directory: Directory) -> None:
    file = an_extract(a_row(0), a_row(1), a_row(2)).getvalue()

    report = await load(directory, BytesIO(file[:-40]))

    assert report.people == 2
    assert [(row.line, row.reason) for row in report.examples] == [(4, Reason.FIELDS)]


async def test_file_that_was_cut_off_is_refused_unless_allowed(
    directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "_SMALL", 10)
    rows = [a_row(number) for number in range(20)]
    await load(directory, an_extract(*rows))

    with pytest.raises(ExtractShrunk):
        await load(directory, an_extract(*rows[:15]))
    assert await directory.find(RppsNumber(NUMBERS[19])) is not None

    report = await load(directory, an_extract(*rows[:15]), may_shrink=True)
    assert report.gone == 5
    assert await directory.find(RppsNumber(NUMBERS[19])) is None


async def test_two_imports_do_not_run_at_once(directory: Directory, store: Store) -> None:
    await store.redis.set(keys.DIRECTORY_IMPORT, "another", px=LOCK_MS)
    with pytest.raises(ImportRunning):
        await load(directory, an_extract(a_row(0)))


async def test_import_that_lost_its_lock_is_not_published(
    directory: Directory, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stood still for a minute, and another one began meanwhile."""
    await load(directory, an_extract(a_row(0)))
    monkeypatch.setattr(imports, "_BATCH", 1)
    pipe = store.pipe

    class Stalling(BytesIO):
        def readline(self, size: int | None = -1, /) -> bytes:
            if self.tell():
                pipe.call("SET", keys.DIRECTORY_IMPORT, "another")
            return super().readline(size)

    with pytest.raises(ImportRunning):
        await load(directory, Stalling(an_extract(a_row(1), a_row(2)).getvalue()))

    assert await directory.find(RppsNumber(NUMBERS[0])) is not None
    assert await directory.find(RppsNumber(NUMBERS[1])) is None


async def test_what_an_import_that_died_left_is_deleted_by_the_next(
    directory: Directory, store: Store
) -> None:
    dead = DirectoryStore(store)
    generation = await dead.generations.begin("dead")
    await dead.people.merge(generation, {}, SpelledWords())
    await store.redis.set(keys.listed(generation), "left")
    await store.redis.delete(keys.DIRECTORY_IMPORT)  # its lock has run out

    await load(directory, an_extract(a_row(0)))

    assert not await store.redis.exists(keys.listed(generation))


async def test_progress_counts_the_rows(directory: Directory) -> None:
    seen: list[int] = []
    await directory.import_extract(
        an_extract(a_row(0), a_row(1)),
        territory=REUNION,
        extract_date="2026-11-01",
        progress=seen.append,
    )
    assert seen == [2]
