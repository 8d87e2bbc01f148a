"""Blobs on a real store and a real folder, with two people in a conversation."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from lien.blobs import PART_BYTES, Blobs, Limits, account_owner
from lien.blobs.store import BlobStore
from lien.client.blobs import SealedBlob, seal
from lien.conversations import Conversations
from lien.conversations.store import ConversationStore
from lien.ids import AccountId, ChannelId
from lien.storage.blobs import BlobFiles, open_blob_files
from lien.storage.valkey import Store
from lien.telemetry import Telemetry
from tests.conversations.people import Made, Person, Town, a_statement
from tests.fakes import FakeClock

RETENTION_MS = 30 * 86_400_000
MIB = 1024 * 1024


@dataclass
class Ward:
    """A nurse who uploads and a doctor who reads, members of one conversation."""

    nurse: Person
    doctor: Person
    stranger: Person
    made: Made
    conversations: Conversations

    @property
    def channel(self) -> ChannelId:
        return self.made.channel

    async def begin(self, made: Made) -> None:
        self.made = made
        await self.conversations.begin_epoch(
            self.nurse.account,
            self.nurse.device,
            made.signed.data,
            made.signed.signature,
            made.sealed_keys,
        )


@pytest.fixture
async def ward(store: Store, clock: FakeClock) -> Ward:
    town = Town()
    nurse, doctor, stranger = (town.person() for _ in range(3))
    kept = ConversationStore(store, RETENTION_MS)
    conversations = Conversations(kept, town, clock, Telemetry(lambda line: None))
    made = Ward(nurse, doctor, stranger, a_statement(nurse, doctor), conversations)
    await made.begin(made.made)
    return made


@pytest.fixture
def telemetry() -> Telemetry:
    return Telemetry(lambda line: None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "blobs"


@pytest.fixture
def files(tmp_path: Path) -> BlobFiles:
    return open_blob_files(None, tmp_path / "data", free_bytes=0)


@pytest.fixture
def blobs(
    store: Store, files: BlobFiles, ward: Ward, clock: FakeClock, telemetry: Telemetry
) -> Blobs:
    kept = BlobStore(store, files)
    limits = Limits(2 * MIB, 4 * MIB)
    require_member = ward.conversations.require_member
    return Blobs(kept, require_member, clock, telemetry, limits, RETENTION_MS)


def a_photograph(size: int = 700_000) -> SealedBlob:
    """Three parts, the last one shorter."""
    return seal(bytes(index % 253 for index in range(size)))


async def fetch(blobs: Blobs, reader: AccountId, sealed: SealedBlob) -> bytes:
    """The whole blob as a reader gets it."""
    reading = await blobs.access(reader, sealed.reference.blob)
    return b"".join([piece async for piece in blobs.read(reading)])


async def put_all(blobs: Blobs, uploader: Person, sealed: SealedBlob, offsets: list[int]) -> None:
    """Send the parts at these offsets."""
    for offset in offsets:
        part = sealed.stored[offset : offset + PART_BYTES]
        await blobs.put(account_owner(uploader.account), sealed.reference.blob, offset, part)


def parts_in(folder: Path) -> list[Path]:
    """Every part on disk."""
    return [each for each in folder.rglob("*") if each.is_file()]
