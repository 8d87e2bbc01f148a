"""The free-space guard."""

from pathlib import Path

import pytest

from lien.storage.errors import StoreFull
from lien.storage.space import FreeSpace


def test_enough_room_is_accepted(tmp_path: Path) -> None:
    FreeSpace(tmp_path, free_bytes=1).require()


def test_too_little_room_is_refused_with_a_hint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lien.storage.space._FREE_SHARE", 1.1)

    with pytest.raises(StoreFull) as refused:
        FreeSpace(tmp_path, free_bytes=10**18).require()

    assert refused.value.code == "overloaded"
    assert refused.value.retry_after_ms > 0


def test_a_small_disk_has_a_smaller_limit(tmp_path: Path) -> None:
    """2 % of it, so that a demonstration on a small disk runs."""
    FreeSpace(tmp_path, free_bytes=10**18).require()


def test_a_store_elsewhere_is_not_judged(tmp_path: Path) -> None:
    FreeSpace(None).require()
    FreeSpace(tmp_path / "none").require()
