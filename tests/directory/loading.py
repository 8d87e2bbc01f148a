"""Imports extracts into a directory of a test, and reads what a search found."""

from io import BytesIO

from lien import demo
from lien.directory import Directory, Page, Report, Searcher, Territory
from tests.directory.rows import COMMUNE, COMMUNE_CODE, POSTCODE, STRUCTURE

REUNION = Territory.parse("974")
PARIS = {POSTCODE: "75009", COMMUNE_CODE: "75109", COMMUNE: "Paris 9e Arrondissement"}
NOWHERE = {POSTCODE: "", COMMUNE_CODE: "", COMMUNE: "", STRUCTURE: ""}


async def load(directory: Directory, file: BytesIO, *, may_shrink: bool = False) -> Report:
    return await directory.import_extract(
        file, territory=REUNION, extract_date="2026-11-01", may_shrink=may_shrink
    )


async def load_demo(directory: Directory) -> Report:
    with demo.open_extract() as file:
        return await directory.import_extract(
            file, territory=REUNION, extract_date=demo.EXTRACT_DATE
        )


def names(page: Page) -> list[str]:
    return [f"{person.family_name} {person.given_name}" for person in page.professionals]


async def list_all(
    directory: Directory, query: str, limit: int, searcher: Searcher | None = None
) -> list[str]:
    """Every page, one after the other."""
    found: list[str] = []
    mark = None
    while True:
        page = await directory.search(query, mark, limit, searcher)
        assert len(page.professionals) <= limit
        found += [person.rpps for person in page.professionals]
        if page.next is None:
            return found
        mark = page.next
