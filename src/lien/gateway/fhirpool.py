"""
The resources of one FHIR submission, by the addresses it uses for them. No server is ever asked.

An address is what an entry is called (`fullUrl`), `Type/id` inside the same submission, or `#id`
inside one resource. What has no address is nobody's: an empty reference finds nothing.
"""

import re
from typing import Final

from lien.gateway.quarantine import Reason, Unreadable
from lien.gateway.strictjson import Node, node, nodes, text

_RESTFUL: Final = re.compile(r"(?:^|/)([A-Za-z]{2,64}/[A-Za-z0-9.-]{1,64})$")


class Pool:
    """Finds in one hop, so no loop."""

    def __init__(self, resources: dict[str, Node]) -> None:
        self._resources = resources

    @classmethod
    def of(cls, entries: list[Node]) -> "Pool":
        """
        Those of a bundle.

        Raises: Unreadable if one address stands for two resources.
        """
        found: dict[str, Node] = {}
        for entry in entries:
            resource = node(entry.get("resource"))
            for address in _addresses(entry, resource):
                if found.setdefault(address, resource) != resource:
                    raise Unreadable(Reason.CONTRADICTORY)
        return cls(found)

    def within(self, holder: Node) -> "Pool":
        """With the resources this one contains, which only it can name."""
        contained = {
            f"#{text(each.get('id'))}": each
            for each in nodes(holder.get("contained"), 100)
            if text(each.get("id"))
        }
        return Pool({**self._resources, **contained})

    def find(self, reference: object) -> Node:
        """The resource referred to; empty if it is not in the submission."""
        return self.at(text(node(reference).get("reference")))

    def at(self, address: str) -> Node:
        """The same by its address alone."""
        return self._resources.get(address.partition("/_history/")[0], {}) if address else {}


def _addresses(entry: Node, resource: Node) -> set[str]:
    """All that this entry may be called by the others."""
    kind, name, full = (
        text(resource.get("resourceType")),
        text(resource.get("id")),
        text(entry.get("fullUrl")),
    )
    restful = _RESTFUL.search(full)
    written = restful[1] if restful else f"{kind}/{name}" if kind and name and not full else ""
    return {address for address in (full, written) if address}
