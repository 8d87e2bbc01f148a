"""
A local identity provider of Pro Santé Connect's shape, for demonstration and tests.

Anyone may sign in as any professional of the imported directory, with one click: it is refused
anywhere but on localhost. The relying party cannot tell the difference: same discovery, same
signatures, same claims.
"""

from lien.mockprovider.keyfile import KEY_FILE, MockKey, create_missing, load_key
from lien.mockprovider.provider import CLIENT_ID, PROVIDER_ID, MockProvider

__all__ = [
    "CLIENT_ID",
    "KEY_FILE",
    "PROVIDER_ID",
    "MockKey",
    "MockProvider",
    "create_missing",
    "load_key",
]
