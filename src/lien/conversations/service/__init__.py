"""
The use cases of conversations: load, decide, save.

Delivery is not done here: every worker, this one included, learns of an entry from its shard's
feed, so that all devices see one order.
"""

from lien.conversations.service.conversations import Conversations

__all__ = ["Conversations"]
