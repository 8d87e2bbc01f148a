"""
A made-up national extract of the real one's size and shape, written row by row.

The shape: 1.3 rows a person, 1.3 % of the people in La Réunion (its share of the population), 28 %
of the rows elsewhere without a commune, a sixth as many skills as rows. Names follow Zipf's law:
a few are everywhere. Nobody in it exists: every family name holds FICTIF. The same seed gives
the same people, so that a second file differs from the first by the share asked for.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import TypeVar

from lien.demo.columns import COLUMNS

V = TypeVar("V")

_PERSON = (
    *("Type d'identifiant PP", "Identifiant PP", "Identification nationale PP"),
    *("Nom d'exercice", "Prénom d'exercice"),
)
_SKILLS = (
    *("Code profession", "Libellé profession"),
    *("Code catégorie professionnelle", "Libellé catégorie professionnelle"),
    *("Code type savoir-faire", "Libellé type savoir-faire"),
    *("Code savoir-faire", "Libellé savoir-faire"),
)
_DIPLOMAS = (
    *("Code type diplôme obtenu", "Libellé type diplôme obtenu"),
    *("Code diplôme obtenu", "Libellé diplôme obtenu"),
    *("Code type autorisation", "Libellé type autorisation"),
    *("Code discipline autorisation", "Libellé discipline autorisation"),
)

_PROFESSIONS = (
    ("60", "Infirmier", 34),
    ("10", "Médecin", 18),
    ("35", "Aide-soignant", 14),
    ("70", "Masseur-Kinésithérapeute", 8),
    ("21", "Pharmacien", 6),
    ("93", "Psychologue", 5),
    ("40", "Chirurgien-Dentiste", 4),
    ("98", "Manipulateur ERM", 3),
    ("91", "Orthophoniste", 2),
    ("50", "Sage-Femme", 2),
    ("28", "Opticien-Lunetier", 2),
    ("94", "Ergothérapeute", 1),
    ("80", "Pédicure-Podologue", 1),
)
_SPECIALITIES = (
    "Médecine générale|Cardiologie et maladies vasculaires|Pédiatrie|Psychiatrie"
    "|Anesthésie-réanimation|Radiologie et imagerie médicale|Gynécologie-obstétrique"
    "|Dermatologie et vénéréologie|Gastro-entérologie et hépatologie"
    "|Médecine physique et de réadaptation|Neurologie"
    "|Oncologie, option médicale|Ophtalmologie|Pneumologie|Gériatrie"
).split("|")
_COMMUNES = (
    "97411 97400 Saint-Denis|97416 97410 Saint-Pierre|97415 97460 Saint-Paul|97422 97430 Le Tampon"
    "|97409 97440 Saint-André|97414 97450 Saint-Louis|97413 97436 Saint-Leu|97407 97420 Le Port"
    "|97410 97470 Saint-Benoît|97412 97480 Saint-Joseph|97418 97438 Sainte-Marie"
    "|97420 97441 Sainte-Suzanne|97408 97419 La Possession|97423 97426 Les Trois-Bassins"
    "|97404 97427 L'Étang-Salé|97401 97425 Les Avirons|97405 97429 Petite-Île|97424 97413 Cilaos"
    "|97421 97433 Salazie|97403 97412 Bras-Panon|97402 97439 Sainte-Rose"
).split("|")
_FAMILIES = (
    "Hoarau Payet Grondin Boyer Fontaine Dijoux Robert Rivière Técher Maillot Lauret Bègue Morel"
    " Lebon Turpin Vitry Ethève Nativel Picard Cadet Hoareau Sautron Gonthier Mussard Law-Waï"
    " Moutoussamy Virapoullé Ramassamy Soubaya Ah-Kiem K'Bidi D'Ambreville Damour Folio Huet"
).split()
_GIVEN = (
    "Marie Jean Sophie Nathalie Isabelle Catherine Philippe Nicolas Christelle Sandrine Julie"
    " Claire Anne Camille Thomas Laurent Pierre Émilie Céline Aurélie Marie-Line Jean-Hugues"
    " Jean-Marc Stéphanie Mathilde Pauline Lucas Hugo Chloé Priya Loïc Yannick Gaëlle Théo Zoé"
    " Anaïs Inès Sarah Karine Valérie Olivier Patrick David Aline Rachel Élodie Mélanie Kévin"
).split()
_SYLLABLES = (
    "ba bel bon car dal del du fa gar gni lan lec lem mar mon nel ni pel ra ric sa tel vil".split()
)
_HERE = 0.013
_STRUCTURES = ("CABINET", "SELARL", "CLINIQUE", "CENTRE DE SANTE", "MSP", "EHPAD", "PHARMACIE")


@dataclass(frozen=True)
class Extract:
    """The three files, and how many rows they hold."""

    files: tuple[Path, Path, Path]
    rows: tuple[int, int, int]

    @property
    def size_bytes(self) -> int:
        return sum(path.stat().st_size for path in self.files)


def write_extract(folder: Path, rows: int, changed: float = 0.0) -> Extract:
    """
    Write an extract with so many activities.

    A share `changed` of the people differs from the file written with 0: a third is gone, a third
    is new, a third has moved.
    """
    folder.mkdir()
    names = ("Personne_activite", "SavoirFaire", "Dipl_AutExerc")
    files = [folder / f"PS_LibreAcces_{name}_202611230814.txt" for name in names]
    counts = [0, 0, 0]
    with (
        files[0].open("w") as activities,
        files[1].open("w") as skills,
        files[2].open("w") as diplomas,
    ):
        activities.write("|".join(COLUMNS) + "|\n")
        skills.write("|".join((*_PERSON, *_SKILLS)) + "|\n")
        diplomas.write("|".join((*_PERSON, *_DIPLOMAS)) + "|\n")
        for lines in _people(rows, changed):
            for place, file in enumerate((activities, skills, diplomas)):
                file.writelines(lines[place])
                counts[place] += len(lines[place])
    return Extract((files[0], files[1], files[2]), (counts[0], counts[1], counts[2]))


def _people(rows: int, changed: float) -> Iterator[tuple[list[str], list[str], list[str]]]:
    # Two of each: what is changed must not shift the people after it.
    draw, redraw = _Draw(Random(974)), _Draw(Random(976))
    fates = Random(975)
    written = number = 0
    while written < rows:
        number += 1
        people = [draw.person(number)]
        fate = fates.random()
        if fate < changed / 3:
            continue
        if fate < changed * 2 / 3:
            people.append(redraw.person(50_000_000 + number))
        elif fate < changed:
            people = [redraw.moved(people[0])]
        for person in people:
            lines = person.lines()
            written += len(lines[0])
            yield lines


@dataclass(frozen=True)
class _Person:
    start: str
    title: str
    places: tuple[str, ...]
    skill: str
    has_discipline: bool

    def lines(self) -> tuple[list[str], list[str], list[str]]:
        fields = self.start.split("|")
        head, names, rest = ("|".join(part) + "|" for part in (fields[:3], fields[3:5], fields[5:]))
        activities = [f"{head}{self.title}{names}{rest}{place}\n" for place in self.places]
        skills = [f"{self.start}|S|Spécialité ordinale|SM54|{self.skill}|\n"] if self.skill else []
        discipline = f"SM|{_SPECIALITIES[-1]}|" if self.has_discipline else "||"
        diplomas = [f"{head}{names}DE|Diplôme d'Etat français|DE05|DE||Autorisation|{discipline}\n"]
        return activities, skills, diplomas


class _Draw:
    """Draws the parts of a person with the chances of the real file."""

    def __init__(self, random: Random) -> None:
        self._random = random
        families = [f"FICTIF-{name.upper()}" for name in _FAMILIES]
        while len(families) < 60_000:
            families.append("FICTIF-" + self._word().upper())
        self._families = _zipf(random, families)
        self._given = _zipf(random, [*_GIVEN, *(self._word().title() for _ in range(2_000))])
        self._towns = _zipf(
            random, [f"{self._word().title()}-{self._word()}" for _ in range(9_000)]
        )
        self._here = _zipf(random, _COMMUNES)
        self._professions = _weighted(
            random, [one[:2] for one in _PROFESSIONS], [one[2] for one in _PROFESSIONS]
        )

    def person(self, number: int) -> _Person:
        random = self._random
        rpps = _with_key(9_910_000_000 + number)
        code, profession = self._professions()
        category = "E|Etudiant" if random.random() < 0.06 else "C|Civil"
        given = self._given()
        if random.random() < 0.2:
            given = f"{given} {self._given()}"
        start = f"8|{rpps}|8{rpps}|{self._families()}|{given}|{code}|{profession}|{category}"
        is_doctor = code == "10"
        is_here = random.random() < _HERE
        count = 1 + (random.random() < 0.2) + (random.random() < 0.08)
        return _Person(
            start=start,
            title="DR|Docteur|M|Monsieur|" if is_doctor else "||MME|Madame|",
            places=tuple(self._place(is_here=is_here) for _ in range(count)),
            skill=random.choice(_SPECIALITIES)
            if random.random() < (0.9 if is_doctor else 0.06)
            else "",
            has_discipline=random.random() < 0.01,
        )

    def moved(self, person: _Person) -> _Person:
        is_here = "|974" in person.places[0]
        place = self._place(is_here=is_here)
        return _Person(person.start, person.title, (place,), person.skill, person.has_discipline)

    def _place(self, *, is_here: bool) -> str:
        """From the skill of the activity to the end of the row: columns 14 to 56."""
        random = self._random
        mode = random.choice(("L|Libéral, indépendant, artisan, commerçant", "S|Salarié"))
        if not is_here and random.random() < 0.28:
            return "||||" + mode + "|" * 38
        structure = f"{random.choice(_STRUCTURES)} FICTIF {self._towns().upper()}"
        street = f"||{random.randint(1, 200)}||R|Rue|DE LA {self._towns().upper()}|"
        if is_here:
            insee, postcode, commune = self._here().split(" ", 2)
            town = f"{postcode} {commune.upper()}|{postcode}|{insee}|{commune}"
        else:
            postcode = f"{random.randint(1, 95):02}{random.randint(0, 99):02}0"
            town = f"{postcode} VILLE|{postcode}|{postcode}|{self._towns()}"
        site = f"{random.randint(10**13, 10**14)}||{random.randint(10**8, 10**9)}||"
        numbers = f"C{random.randint(10**9, 10**10)}|{structure}||"
        end = (
            "|FR|France|0262910000||||||C0|ARS|SA07|Cabinet individuel|||||GENR01|Activité de soin|"
        )
        return f"||||{mode}|{site}{numbers}{street}|{town}{end}"

    def _word(self) -> str:
        return "".join(self._random.choices(_SYLLABLES, k=self._random.randint(2, 4)))


def _zipf(random: Random, values: Sequence[str]) -> Callable[[], str]:
    return _weighted(random, values, [1 / (rank + 8) for rank in range(len(values))])


def _weighted(random: Random, values: Sequence[V], weights: Sequence[float]) -> Callable[[], V]:
    totals = list(accumulate(weights))
    return lambda: random.choices(values, cum_weights=totals)[0]


def _with_key(order: int) -> str:
    """The ten digits and their Luhn key: from the right, every second one doubled."""
    total = 0
    for place, digit in enumerate(reversed(str(order))):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return f"{order}{-total % 10}"
