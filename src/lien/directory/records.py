"""
Professionals as bytes of the store: the record of someone listed, the proof of anyone else.

A proof stays under 64 bytes for all but the longest names: above, the hash it lives in is no
longer packed in one block.
"""

from typing import Any

import msgpack

from lien.directory.models import Activity, Professional
from lien.ids import RppsNumber


def encode(person: Professional) -> bytes:
    """The record of someone of the territory, the same bytes for the same person."""
    return bytes(
        msgpack.packb(
            [
                person.family_name,
                person.given_name,
                person.civility,
                person.profession_code,
                person.category,
                person.profession,
                person.specialities,
                [[place.structure, place.commune, place.postcode, place.mode]
                 for place in person.activities],
            ]
        )
    )  # fmt: skip


def decode(rpps: RppsNumber, value: bytes) -> Professional:
    *names, profession, specialities, activities = _unpack(value)
    family_name, given_name, civility, code, category = names
    return Professional(
        rpps=rpps,
        family_name=family_name,
        given_name=given_name,
        civility=civility,
        profession_code=code,
        profession=profession,
        specialities=tuple(specialities),
        category=category,
        activities=tuple(Activity(*place) for place in activities),
    )


def encode_proof(person: Professional) -> bytes:
    return bytes(
        msgpack.packb(
            [
                person.family_name,
                person.given_name,
                person.civility,
                person.profession_code,
                person.category,
            ]
        )
    )


def decode_proof(rpps: RppsNumber, value: bytes) -> Professional:
    """The label of the profession is not in a proof: it stays empty."""
    family_name, given_name, civility, code, category = _unpack(value)
    return Professional(rpps, family_name, given_name, civility, code, "", (), category, ())


def _unpack(value: bytes) -> list[Any]:
    return list(msgpack.unpackb(value))
