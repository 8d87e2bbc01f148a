"""Conversations on a real server."""

import pytest

from lien.conversations import Conversations
from lien.conversations.store import ConversationStore
from lien.storage.valkey import Store
from lien.telemetry import Telemetry
from tests.conversations.people import Town
from tests.fakes import FakeClock

RETENTION_MS = 30 * 86_400_000


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def telemetry() -> Telemetry:
    return Telemetry(write=lambda line: None)


@pytest.fixture
def conversation_store(store: Store) -> ConversationStore:
    return ConversationStore(store, RETENTION_MS)


@pytest.fixture
def conversations(
    conversation_store: ConversationStore, town: Town, clock: FakeClock, telemetry: Telemetry
) -> Conversations:
    return Conversations(conversation_store, town, clock, telemetry)
