"""
What pushing answers instead of doing it.

* `NotFound`
    * `NoSubscription`  not_found
"""

from lien.errors import NotFound


class NoSubscription(NotFound):
    """This device is not subscribed."""
