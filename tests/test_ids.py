"""Identifiers as text that a person may have to type after a command."""

from lien.ids import new_id, require_id


def test_no_identifier_begins_like_an_option() -> None:
    made = [new_id() for _ in range(2_000)]

    assert all(require_id(each) == each and each[0] != "-" for each in made)
    assert len(set(made)) == len(made)
