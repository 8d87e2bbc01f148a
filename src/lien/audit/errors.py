"""
What can go wrong with the trail, with the stable code of docs/protocol.md.

* `Conflict`
    * `BadTrail`  bad_trail
"""

from lien.errors import Conflict


class BadTrail(Conflict):
    """The stored trail is not the one that was written: changed, cut, or put together anew."""

    code = "bad_trail"
