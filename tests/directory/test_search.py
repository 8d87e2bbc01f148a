"""Search, on a real server."""

import asyncio

import pytest

from lien import demo
from lien.directory import (
    BadQuery,
    Directory,
    Page,
)
from lien.directory import service as service_module
from lien.ids import RppsNumber
from tests.directory.loading import list_all, load, load_demo, names
from tests.directory.rows import (
    COMMUNE,
    NUMBERS,
    a_named_row,
    an_extract,
)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("hoarau marie", ["HOARAU Marie", "HOARAU Marie"]),
        ("Marie HOARAU saint-pierre", ["HOARAU Marie"]),
        ("hoarau st denis", ["HOARAU Marie"]),
        ("jean-hugues", ["GRONDIN Jean-Hugues"]),
        ("jeanhugues", ["GRONDIN Jean-Hugues"]),
        ("techer", ["TÉCHER Loïc"]),
        ("TÉCHER loic", ["TÉCHER Loïc"]),
        ("dambreville", ["D'AMBREVILLE Zoé"]),
        ("d’ambreville", ["D'AMBREVILLE Zoé"]),
        ("kbidi", ["K'BIDI Aurélie"]),
        ("oeuvrard", ["ŒUVRARD Théo"]),
        ("infirmière salazie", ["MOUTOUSSAMY Priya"]),
        ("pharmacienne avirons", ["LEBON Gaëlle"]),
        ("etang salé", ["ROBERT Yannick"]),
        ("coordonnateur pta", ["BOYER Nathalie"]),
        ("kine tampon", ["PAYET Jean-Marc"]),
        ("etudiant chu", ["PAYET Jeanne"]),
        ("mayotte", []),
        ("paule martin", []),
        ("sans-lieu", []),
        ("introuvable", []),
        ("hoarau introuvable", []),
    ],
)
async def test_words_find_people(directory: Directory, query: str, expected: list[str]) -> None:
    await load_demo(directory)
    page = await directory.search(query)
    assert names(page) == [f"FICTIF-{name}" for name in expected]
    assert page.extract_date == demo.EXTRACT_DATE


async def test_who_is_called_so_comes_before_who_works_there(directory: Directory) -> None:
    await load(
        directory,
        an_extract(
            a_named_row(0, "FICTIF-ALBON", "Luc", **{COMMUNE: "Saint-Paul"}),
            a_named_row(1, "FICTIF-BERN", "Paul"),
            a_named_row(2, "FICTIF-CLOS", "Ida", **{COMMUNE: "Saint-Paul"}),
            a_named_row(3, "FICTIF-DUN", "Paula", **{COMMUNE: "Saint-Paul"}),
        ),
    )

    expected = [NUMBERS[number] for number in (1, 3, 0, 2)]
    for limit in (1, 2, 3, 4, 20):
        assert await list_all(directory, "paul", limit) == expected


@pytest.mark.parametrize("candidates", [0, 3, 2_000])
@pytest.mark.parametrize("examined", [64, 2_000])
async def test_pages_hold_everyone_once_in_order(
    directory: Directory, monkeypatch: pytest.MonkeyPatch, candidates: int, examined: int
) -> None:
    """However the matches are looked for: from rare words, or by going through everyone."""
    await load_demo(directory)
    expected = await list_all(directory, "saint", 50)
    monkeypatch.setattr(service_module, "MAX_CANDIDATES", candidates)
    monkeypatch.setattr(service_module, "MAX_EXAMINED", examined)
    monkeypatch.setattr(service_module, "_READ", 7)

    assert len(expected) > 30
    for limit in (1, 7, 20, 50):
        assert await list_all(directory, "saint", limit) == expected
    assert len(await list_all(directory, "fictif", 20)) == 60
    assert len(await list_all(directory, "ma", 3)) == len(set(await list_all(directory, "ma", 50)))


async def test_search_before_any_import_finds_nobody(directory: Directory) -> None:
    assert await directory.search("hoarau") == Page((), None, None)
    assert await directory.find(RppsNumber(NUMBERS[0])) is None
    assert await directory.extract_date() is None


@pytest.mark.parametrize("mark", ["", "2x", "x", "0" + "x" * 80])
async def test_page_mark_of_someone_else_is_refused(directory: Directory, mark: str) -> None:
    with pytest.raises(BadQuery):
        await directory.search("hoarau", mark)


async def test_limit_is_bounded(directory: Directory) -> None:
    await load_demo(directory)
    page = await directory.search("fictif", None, 10_000)
    assert len(page.professionals) == service_module.MAX_PAGE


async def test_search_during_an_import_sees_one_extract_or_the_other(directory: Directory) -> None:
    """Never half of one: the new keys are published at once, a search in between is repeated."""
    old = [a_named_row(number, "FICTIF-HOARAU", "Ancienne") for number in range(15)]
    new = [a_named_row(number, "FICTIF-HOARAU", "Nouvelle") for number in range(15)]
    await load(directory, an_extract(*old))
    seen: set[tuple[str, ...]] = set()

    async def watch() -> None:
        while True:
            page = await directory.search("hoarau")
            seen.add(tuple(person.given_name for person in page.professionals))
            assert await directory.find(RppsNumber(NUMBERS[3])) is not None

    watcher = asyncio.create_task(watch())
    for rows in (new, old, new):
        await load(directory, an_extract(*rows))
    watcher.cancel()
    with pytest.raises(asyncio.CancelledError):
        await watcher

    assert seen <= {("Ancienne",) * 15, ("Nouvelle",) * 15}
    assert ("Nouvelle",) * 15 in seen or ("Ancienne",) * 15 in seen
