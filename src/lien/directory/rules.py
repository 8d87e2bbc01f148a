"""
Who is in the territory, how rows become people, and how words find them.

All pure: the importer and the search of the service decide with these functions only.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from lien.directory import spelling
from lien.directory.errors import BadQuery
from lien.directory.models import Professional, Row, Skill
from lien.ids import RppsNumber

MAX_QUERY: Final = 100  # characters; the longest name in use is far shorter
MAX_WORDS: Final = 8
MAX_TOKEN: Final = 32  # longer words are indexed by their beginning
MAX_NAME_KEY: Final = 48
MAX_ACTIVITIES: Final = 24
MAX_SPECIALITIES: Final = 12

_WORD: Final = re.compile(r"[^\W_]+")
_RPPS: Final = re.compile(r"[0-9]{11}")
_LIGATURES: Final = str.maketrans({"œ": "oe", "æ": "ae"})

# INSEE calls the two Corsican departments 2A and 2B, the post 200-201 and 202-206.
_POSTCODES: Final = {"2A": ("200", "201"), "2B": ("202", "203", "204", "205", "206")}

# The extract writes professions in one gender; people search with the other, or with the
# everyday word. Keys: TRE_G15 codes.
_ALSO_CALLED: Final = {
    "10": "docteur doctoresse",
    "21": "pharmacienne",
    "26": "audioprothesiste",
    "28": "opticienne",
    "40": "chirurgienne dentiste",
    "50": "sagefemme maieuticien",
    "60": "infirmiere ide",
    "69": "infirmiere",
    "70": "masseuse kine",
    "86": "technicienne",
    "95": "dieteticienne",
    "96": "psychomotricienne",
    "36": "ambulanciere",
    "35": "aide soignante",
}


@dataclass(frozen=True, slots=True)
class Territory:
    """
    The part of the national file that is searched and shown.

    An activity belongs to it by its INSEE commune code or, when that is empty (about a quarter
    of the rows, and every CEDEX), by its postcode. Both begin with the département's number, but
    are different codes: 97411 is Saint-Denis for INSEE and a part of Saint-Paul for the post.
    """

    communes: tuple[str, ...]
    postcodes: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> "Territory":
        """
        Read `974`, or several beginnings of INSEE codes: `974,976`.

        Raises: ValueError.
        """
        prefixes = tuple(part.strip().upper() for part in text.split(","))
        if not all(re.fullmatch(r"[0-9][0-9AB][0-9]{0,3}", prefix) for prefix in prefixes):
            raise ValueError("a territory is the beginning of INSEE commune codes, like 974")
        postcodes = (code for prefix in prefixes for code in _POSTCODES.get(prefix, (prefix,)))
        return cls(prefixes, tuple(postcodes))

    def has(self, commune_code: str, postcode: str) -> bool:
        """True if a place with these codes is in the territory."""
        if commune_code:
            return commune_code.startswith(self.communes)
        return postcode.startswith(self.postcodes)


def require_rpps(text: str) -> RppsNumber:
    """
    Return the text as a number if it has 11 digits; the check digit is not looked at.

    Raises: BadQuery.
    """
    if not _RPPS.fullmatch(text):
        raise BadQuery("an RPPS number has 11 digits")
    return RppsNumber(text)


def professional_of(row: Row, territory: Territory) -> Professional:
    """The person of a row, with its activity only if that is in the territory."""
    person = row.professional
    if not any(territory.has(row.commune_code, place.postcode) for place in person.activities):
        return replace(person, activities=())
    return person


def combine(first: Professional, second: Professional) -> Professional:
    """
    One person out of two rows about the same number.

    A student's row never wins over a graduate's: a nurse who studies medicine is shown as a
    nurse. Otherwise the earlier row names the person.
    """
    leader = second if first.is_student and not second.is_student else first
    # Specialities belong to a profession and a diploma: those of the other row are left out
    # when it speaks of another one.
    same = [
        person
        for person in (first, second)
        if (person.profession_code, person.category) == (leader.profession_code, leader.category)
    ]
    specialities = dict.fromkeys(label for person in same for label in person.specialities)
    activities = dict.fromkeys((*first.activities, *second.activities))
    return replace(
        leader,
        specialities=tuple(specialities)[:MAX_SPECIALITIES],
        activities=tuple(activities)[:MAX_ACTIVITIES],
    )


def complete(person: Professional, skills: Iterable[Skill]) -> Professional:
    """
    The person with the specialities of the other files.

    Only those of the profession and category the person is shown with: a student's diploma is
    not a nurse's.
    """
    shown = (person.profession_code, person.category)
    labels = dict.fromkeys(person.specialities)
    known = {fold(label) for label in labels}
    for skill in skills:
        is_of_shown = (skill.profession_code, skill.category) == shown
        is_of_any = not skill.profession_code and not person.is_student
        # Labels of one code differ in case between the files.
        if (is_of_shown or is_of_any) and fold(skill.speciality) not in known:
            known.add(fold(skill.speciality))
            labels[skill.speciality] = None
    return replace(person, specialities=tuple(labels)[:MAX_SPECIALITIES])


def fold(text: str) -> str:
    """Without case, accents or ligatures."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LIGATURES))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def words_of(text: str) -> list[str]:
    """The folded words; hyphens, apostrophes and other signs separate them."""
    return _WORD.findall(fold(text))


def name_key(person: Professional) -> str:
    """What people are ordered by; the number makes it unique."""
    names = " ".join(words_of(f"{person.family_name} {person.given_name}"))
    return f"{names[:MAX_NAME_KEY]}\0{person.rpps}"


def rpps_of_key(key: str) -> RppsNumber:
    """The number at the end of a `name_key`."""
    return RppsNumber(key[-11:])


def name_tokens(person: Professional) -> frozenset[str]:
    """The words of the person's names, joined names also as one word."""
    return tokens_of(person.family_name) | tokens_of(person.given_name)


def place_tokens(person: Professional) -> frozenset[str]:
    """The words of what and where: profession, specialities, communes, structures."""
    tokens = set(_what_tokens(person))
    for activity in person.activities:
        tokens |= tokens_of(activity.commune) | tokens_of(activity.structure)
    # "St Denis" is how people type it. Only here: as a beginning, "ste" is Stéphanie.
    tokens |= {short for long, short in (("saint", "st"), ("sainte", "ste")) if long in tokens}
    return frozenset(tokens)


def commune_tokens(person: Professional) -> frozenset[str]:
    """Where the person works, each commune as one word: `saintdenis`, however it is written."""
    words = (_one_word(activity.commune) for activity in person.activities)
    return frozenset(word for word in words if word)


def spelled_tokens(person: Professional) -> frozenset[str]:
    """
    The words that are also found when they are mistyped.

    Not those of structures: there are many, and most are the words of other things.
    """
    tokens = set(name_tokens(person) | _what_tokens(person))
    for activity in person.activities:
        tokens |= tokens_of(activity.commune)
    return frozenset(filter(spelling.is_spelled, tokens))


def matches(words: Iterable[str], tokens: frozenset[str]) -> bool:
    """True if every word begins at least one of the tokens."""
    return all(any(token.startswith(word) for token in tokens) for word in words)


def require_query(text: str) -> tuple[str, ...]:
    """
    The words to look for, the longest first.

    Raises: BadQuery for fewer than two characters, or more than anyone types.
    """
    words = sorted({word[:MAX_TOKEN] for word in words_of(text[:MAX_QUERY])}, key=len, reverse=True)
    if len(text) > MAX_QUERY or len(words) > MAX_WORDS:
        raise BadQuery("the search is too long")
    if not words or len(words[0]) < 2:
        raise BadQuery("a search needs a word of at least 2 characters")
    return tuple(words)


def _what_tokens(person: Professional) -> frozenset[str]:
    tokens = set(tokens_of(person.profession))
    tokens |= tokens_of(_ALSO_CALLED.get(person.profession_code, ""))
    for speciality in person.specialities:
        tokens |= tokens_of(speciality)
    if person.is_student:
        tokens |= {"etudiant", "etudiante"}
    if "generale" in tokens:
        tokens.add("generaliste")
    return frozenset(tokens)


# The same professions, communes and given names come back all the time, in the national file and
# in what a search reads.
@lru_cache(maxsize=8_192)
def tokens_of(text: str) -> frozenset[str]:
    """The words a text is found by; parts joined by hyphens also as one word."""
    tokens: set[str] = set()
    for chunk in text.split():
        parts = words_of(chunk)
        tokens.update(part[:MAX_TOKEN] for part in parts)
        # "Jean-Hugues" is also found as "jeanhugues", "Payet-d'Abord" as "dabord".
        for start in range(min(len(parts) - 1, MAX_WORDS)):
            tokens.add("".join(parts[start:])[:MAX_TOKEN])
    return frozenset(tokens)


@lru_cache(maxsize=1_024)
def _one_word(text: str) -> str:
    return "".join(words_of(text))[:MAX_TOKEN]
