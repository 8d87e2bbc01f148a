"""A trail for tests of what writes one."""

from lien.audit import Trail
from lien.audit.store import AuditStore
from lien.clock import Clock
from lien.storage.valkey import Store


def a_trail(store: Store, clock: Clock) -> Trail:
    return Trail(AuditStore(store), clock, retention_days=365)
