"""Search, on a real server."""

import asyncio
from collections.abc import Sequence

import pytest

from lien import demo
from lien.directory import (
    BadQuery,
    Directory,
    Page,
    Searcher,
)
from lien.directory.service import search
from lien.ids import RppsNumber
from tests.directory.loading import list_all, load, load_demo, names
from tests.directory.rows import (
    COMMUNE,
    NUMBERS,
    a_named_row,
    a_row,
    an_extract,
)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("hoarau marie", ["HOARAU Marie", "HOARAU Marie", "HOAREAU Marie-Line"]),
        ("Marie HOARAU saint-pierre", ["HOARAU Marie", "HOAREAU Marie-Line"]),
        ("marie-line hoarau", ["HOAREAU Marie-Line"]),
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


async def test_a_first_name_is_not_taken_for_a_commune(directory: Directory) -> None:
    """Half of the communes of the island bear one: Saint-Pierre, Saint-Denis, Sainte-Marie."""
    there = {COMMUNE: "Saint-Pierre", "Code commune (coord. structure)": "97416"}
    await load(
        directory,
        an_extract(
            a_named_row(0, "FICTIF-HOARAU", "Aline", **there),
            a_named_row(1, "FICTIF-HOARAU", "Pierre"),
            a_named_row(2, "FICTIF-HOARAU", "Pierrette", **there),
            a_named_row(3, "FICTIF-HOARAU", "Zoé", **there),
            a_named_row(4, "FICTIF-HOAREAU", "Pierre", **there),
        ),
    )

    for searcher in (Searcher(), Searcher(("saintpierre",))):
        expected = [NUMBERS[number] for number in (1, 2, 0, 3, 4)]
        for limit in (1, 2, 20):
            assert await list_all(directory, "hoarau pierre", limit, searcher) == expected


@pytest.mark.parametrize("candidates", [0, 3, 2_000])
@pytest.mark.parametrize("examined", [64, 2_000])
async def test_pages_hold_everyone_once_in_order(
    directory: Directory, monkeypatch: pytest.MonkeyPatch, candidates: int, examined: int
) -> None:
    """However the matches are looked for: from rare words, or by going through everyone."""
    await load_demo(directory)
    expected = await list_all(directory, "saint", 50)
    monkeypatch.setattr(search, "MAX_RANGE", candidates)
    monkeypatch.setattr(search, "MAX_EXAMINED", examined)
    monkeypatch.setattr(search, "_READ", 7)

    assert len(expected) > 30
    for limit in (1, 7, 20, 50):
        assert await list_all(directory, "saint", limit) == expected
    assert len(await list_all(directory, "fictif", 20)) == 60
    assert len(await list_all(directory, "ma", 3)) == len(set(await list_all(directory, "ma", 50)))


async def test_search_before_any_import_finds_nobody(directory: Directory) -> None:
    assert await directory.search("hoarau") == Page((), None, None)
    assert await directory.find(RppsNumber(NUMBERS[0])) is None
    assert await directory.extract_date() is None


@pytest.mark.parametrize("mark", ["", "2x", "x", "r" + "x" * 128])
async def test_page_mark_of_someone_else_is_refused(directory: Directory, mark: str) -> None:
    with pytest.raises(BadQuery):
        await directory.search("hoarau", mark)


async def test_limit_is_bounded(directory: Directory) -> None:
    await load_demo(directory)
    page = await directory.search("fictif", None, 10_000)
    assert len(page.professionals) == search.MAX_PAGE


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


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("grondain", "GRONDIN Jean-Hugues"),
        ("tecehr", "TÉCHER Loïc"),
        ("moutousami infirmiere", "MOUTOUSSAMY Priya"),
        ("moutoussamy salazi", "MOUTOUSSAMY Priya"),
        ("lebon farmacien", "LEBON Gaëlle"),
    ],
)
async def test_mistyped_words_find_people_too(
    directory: Directory, query: str, expected: str
) -> None:
    await load_demo(directory)
    assert f"FICTIF-{expected}" in names(await directory.search(query))


async def test_nearly_the_name_comes_last_and_only_when_few_have_it(directory: Directory) -> None:
    rows = [a_named_row(0, "FICTIF-HOAREAU", "Ana"), a_named_row(1, "FICTIF-HOARAU", "Zoé")]
    await load(directory, an_extract(*rows))
    assert await list_all(directory, "hoarau", 1) == [NUMBERS[1], NUMBERS[0]]

    rows += [a_named_row(n, "FICTIF-HOARAU", f"Zoé{n}") for n in range(2, 8)]
    await load(directory, an_extract(*rows))
    for limit in (1, 3, 5, 20):
        assert NUMBERS[0] not in await list_all(directory, "hoarau", limit)


def a_crowd() -> list[dict[str, str]]:
    """Homonyms: numbers 0 to 3 are Marie Hoarau, the others something like it."""
    away = {COMMUNE: "Saint-Pierre", "Code commune (coord. structure)": "97416"}
    return [
        a_named_row(0, "FICTIF-HOARAU", "Marie", **away),
        a_named_row(1, "FICTIF-HOARAU", "Marie", **away),
        a_named_row(2, "FICTIF-HOARAU", "Marie"),
        a_named_row(3, "FICTIF-HOARAU", "Marie"),
        a_named_row(4, "FICTIF-HOARAU", "Mariette"),
        a_named_row(5, "FICTIF-HOAREAU", "Marie"),
    ]


async def test_the_right_homonym_comes_first(directory: Directory) -> None:
    """The name as typed, then the own commune, then who is on Lien; a longer name last."""
    await load(directory, an_extract(*a_crowd()))
    joined = {RppsNumber(NUMBERS[number]) for number in (1, 3, 4, 5)}

    async def find_joined(numbers: Sequence[RppsNumber]) -> set[RppsNumber]:
        return joined & set(numbers)

    searcher = Searcher(("saintdenis",), find_joined)
    page = await directory.search("marie hoarau", searcher=searcher)

    expected = [NUMBERS[number] for number in (3, 2, 1, 0, 4)]
    assert [person.rpps for person in page.professionals] == expected
    for limit in (1, 2, 5):
        assert await list_all(directory, "marie hoarau", limit, searcher) == expected


@pytest.mark.parametrize("reach", [0, 10_000])
async def test_own_commune_comes_first_even_for_common_words(
    directory: Directory, monkeypatch: pytest.MonkeyPatch, reach: int
) -> None:
    """However the matches are looked for, each person once."""
    monkeypatch.setattr(search, "MAX_RANGE", reach)
    await load(directory, an_extract(*a_crowd(), a_row(3, **{COMMUNE: "Saint-Pierre"})))
    searcher = Searcher(("saintdenis", "saintpierre"))
    for limit in (1, 2, 20):
        found = await list_all(directory, "infirmier saint", limit, searcher)
        assert sorted(found) == NUMBERS[:6]
    only = Searcher(("saintpierre",))
    assert set((await list_all(directory, "infirmier", 20, only))[:3]) == {
        NUMBERS[number] for number in (0, 1, 3)
    }


@pytest.mark.parametrize("reach", [0, 10_000])
async def test_who_hides_is_found_by_the_number_only(
    directory: Directory, monkeypatch: pytest.MonkeyPatch, reach: int
) -> None:
    monkeypatch.setattr(search, "MAX_RANGE", reach)
    await load(directory, an_extract(*a_crowd()))
    hidden = RppsNumber(NUMBERS[3])

    await directory.set_hidden(hidden, hidden=True)
    await load(directory, an_extract(*a_crowd()))  # the wish outlives an import

    assert await directory.is_hidden(hidden)
    assert hidden not in await list_all(directory, "hoarau", 2)
    assert await directory.find(hidden) is not None

    await directory.set_hidden(hidden, hidden=False)
    assert hidden in await list_all(directory, "hoarau", 2)


async def test_a_search_reads_a_bounded_number_of_records(
    directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words that are common apart and rare together: pages are short, and none is missing."""
    monkeypatch.setattr(search, "MAX_RANGE", 0)
    monkeypatch.setattr(search, "MAX_EXAMINED", 10)
    monkeypatch.setattr(search, "_READ", 5)
    rows = [a_named_row(number, "FICTIF-PAYET", "Ana") for number in range(40)]
    rows += [a_named_row(number, "FICTIF-LEBON", "Zoé") for number in range(40, 70)]
    rows[33] = a_named_row(33, "FICTIF-PAYET", "Zoé")
    await load(directory, an_extract(*rows))

    first = await directory.search("payet zoe")
    assert first.next is not None
    assert await list_all(directory, "payet zoe", 20) == [NUMBERS[33]]
