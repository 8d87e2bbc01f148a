"""What one batch of an import writes, gathered before it is sent."""

from typing import Final

from lien.directory import records, rules, spelling
from lien.directory.models import Professional
from lien.directory.store.words import Kind
from lien.ids import RppsNumber
from lien.storage import keys

BUCKETS: Final = 32_768  # 2.3 million people: 70 each, below the 128 that Redis still packs
_MOST_REMEMBERED: Final = 100_000  # some 10 MB

Command = tuple[str | bytes | int, ...]


def bucket_of(rpps: RppsNumber) -> tuple[int, int]:
    """Where the proof of a number is, and its field there."""
    rest, bucket = divmod(int(rpps), BUCKETS)
    return bucket, rest


class SpelledWords:
    """Words whose traces this import has written: most words belong to many people."""

    def __init__(self) -> None:
        self._words: set[str] = set()

    def add_new(self, words: frozenset[str]) -> frozenset[str]:
        """Those not seen lately; forgetting one costs writing it again."""
        new = words - self._words
        if len(self._words) > _MOST_REMEMBERED:
            self._words.clear()
        self._words |= new
        return new


class Writes:
    """
    The commands of one batch.

    `signs` says what each integer reply adds to the number of known people: a new field of a
    person 1, a deleted one -1, anything else 0.
    """

    def __init__(self, generation: int, spelled: SpelledWords) -> None:
        self.commands: list[Command] = []
        self.signs: list[int] = []
        self._generation = generation
        self._spelled = spelled

    def add(self, sign: int, *command: str | bytes | int) -> None:
        self.signs.append(sign)
        self.commands.append(command)

    def index(self, person: Professional) -> None:
        """Someone of the territory: the record, the order of names, and the words."""
        bucket, rest = bucket_of(person.rpps)
        self.add(1, "HSET", keys.listed(self._generation), person.rpps, records.encode(person))
        self.add(-1, "HDEL", keys.proofs(self._generation, bucket), rest)
        self.add(0, "ZADD", keys.names(self._generation), 0, rules.name_key(person))
        for kind, members in _tokens(person):
            self.add(0, "ZADD", keys.tokens(self._generation, kind), *_scored(members))
        traces = [
            f"{trace}\0{word}"
            for word in self._spelled.add_new(rules.spelled_tokens(person))
            for trace in spelling.traces(word)
        ]
        if traces:
            self.add(0, "ZADD", keys.spellings(self._generation), *_scored(traces))

    def unindex(self, person: Professional) -> None:
        """
        Take away what `index` wrote for an earlier state of a person.

        Not the traces: who has a word is asked of the tokens, so one of nobody harms nobody.
        """
        self.add(0, "ZREM", keys.names(self._generation), rules.name_key(person))
        for kind, members in _tokens(person):
            self.add(0, "ZREM", keys.tokens(self._generation, kind), *members)

    def prove(self, person: Professional) -> None:
        """Someone from elsewhere: the number exists."""
        bucket, rest = bucket_of(person.rpps)
        # As in `rules.combine`: a student's row does not replace another one.
        command = "HSETNX" if person.is_student else "HSET"
        proof = records.encode_proof(person)
        self.add(1, command, keys.proofs(self._generation, bucket), rest, proof)


def _scored(members: list[str]) -> list[str]:
    return [part for member in members for part in ("0", member)]


def _tokens(person: Professional) -> list[tuple[Kind, list[str]]]:
    key = rules.name_key(person)
    names = rules.name_tokens(person)
    every: list[tuple[Kind, frozenset[str]]] = [
        ("name", names),
        ("place", rules.place_tokens(person) - names),
        ("commune", rules.commune_tokens(person)),
    ]
    return [(kind, [f"{token}\0{key}" for token in tokens]) for kind, tokens in every if tokens]
