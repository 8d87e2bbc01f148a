"""
Local identity providers shaped like Pro Santé Connect and OIIS PRO: demonstration and tests.

Anyone may sign in as any professional of the imported directory, with one click: it is refused
anywhere but on localhost. The relying party cannot tell the difference: same discovery, same
signatures, same claims.
"""

from lien.mockprovider.keyfile import KEY_FILE, MockKey, create_missing, load_key
from lien.mockprovider.provider import CLIENT_ID, MockProvider
from lien.mockprovider.shapes import OIIS_PRO, PRO_SANTE_CONNECT, SHAPES, Shape

__all__ = [
    "CLIENT_ID",
    "KEY_FILE",
    "OIIS_PRO",
    "PRO_SANTE_CONNECT",
    "SHAPES",
    "MockKey",
    "MockProvider",
    "Shape",
    "create_missing",
    "load_key",
]
