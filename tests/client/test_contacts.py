"""What is known of a chain, whoever says it, and how often."""

import pytest

from lien.client.contacts import Contacts
from lien.client.http import Http
from lien.clock import SystemClock
from lien.crypto.chain import BadLink
from tests.client.people import ATTESTORS, ORIGIN, Person


def test_links_that_are_known_may_come_again() -> None:
    contacts, person = Contacts(Http(ORIGIN, SystemClock()), ATTESTORS), Person()
    contacts.add(person.account, person.links[:1])
    state = contacts.add(person.account, person.links)

    assert contacts.add(person.account, person.links[1:]) == state
    assert contacts.links[person.account] == person.links


def test_another_link_in_a_known_place_is_refused() -> None:
    contacts, person = Contacts(Http(ORIGIN, SystemClock()), ATTESTORS), Person()
    contacts.add(person.account, person.links)

    with pytest.raises(BadLink):
        contacts.add(person.account, Person().links[:1])
