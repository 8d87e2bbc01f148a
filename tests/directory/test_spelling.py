"""Which words are taken for which."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lien.directory import spelling

WORDS = st.text("abcehiloprstuxyz", min_size=4, max_size=12)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hoareau", "hoarau"),
        ("oarau", "hoarau"),
        ("horau", "hoarau"),
        ("haorau", "hoarau"),
        ("payait", "payet"),
        ("phillipe", "philippe"),
        ("filipe", "philippe"),
        ("grondain", "grondin"),
        ("dijou", "dijoux"),
        ("tecehr", "techer"),
        ("cardiologe", "cardiologie"),
        ("infirmeir", "infirmier"),
        ("christelle", "kristel"),
    ],
)
def test_mistyped_words_are_found(typed: str, meant: str) -> None:
    assert spelling.is_near(typed, meant)
    assert spelling.traces(typed) & spelling.traces(meant), "would not be looked at"


@pytest.mark.parametrize(
    ("typed", "other"),
    [("hoarau", "payet"), ("paul", "jean"), ("marie", "martin"), ("lebon", "leblanc")],
)
def test_other_words_are_not(typed: str, other: str) -> None:
    assert not spelling.is_near(typed, other)


@pytest.mark.parametrize("word", ["pau", "f8gh", "a" * 25, ""])
def test_not_everything_is_spelled(word: str) -> None:
    assert not spelling.is_spelled(word)


@given(WORDS, st.data())
def test_one_mistake_leaves_a_trace(word: str, data: st.DataObject) -> None:
    """One letter left out, added, changed, or swapped with its neighbour, in the skeleton."""
    sound = spelling.skeleton(word)
    at = data.draw(st.integers(0, len(sound) - 1))
    letter = data.draw(st.sampled_from("abc"))
    for typed in (
        sound[:at] + sound[at + 1 :],
        sound[:at] + letter + sound[at:],
        sound[:at] + letter + sound[at + 1 :],
        sound[:at] + sound[at : at + 2][::-1] + sound[at + 2 :],
    ):
        without = {typed, *(typed[:place] + typed[place + 1 :] for place in range(len(typed)))}
        assert spelling.traces(word) & without


@given(WORDS, WORDS)
def test_distance_is_a_distance(one: str, other: str) -> None:
    assert spelling.distance(one, one) == 0
    assert spelling.distance(one, other) == spelling.distance(other, one)
    assert abs(len(one) - len(other)) <= spelling.distance(one, other) <= max(len(one), len(other))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("abcd", "abcd", 0), ("abcd", "abdc", 1), ("abcd", "abd", 1), ("abcd", "axcy", 2)],
)
def test_distance_counts_a_swap_once(one: str, other: str, expected: int) -> None:
    assert spelling.distance(one, other) == expected
