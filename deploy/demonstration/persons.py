"""The invented persons: read from persons.jsonl, and as many more of the same kinds as asked for."""

import datetime
import json
import random

FAMILY = ["Ahrens", "Bauer", "Cordes", "Dietrich", "Ebert", "Falk", "Gerlach", "Hartung", "Ilgner", "Jansen", "Kessler",
          "Lindner", "Meinert", "Nolte", "Oswald", "Paulsen", "Quandt", "Reimann", "Sommer", "Thiele", "Ulrich",
          "Vollmer", "Winter", "Yilmaz", "Zander"]
GIVEN = ["Alma", "Bela", "Clara", "David", "Elif", "Finn", "Greta", "Hanno", "Ida", "Jonas", "Katja", "Leon", "Mila",
         "Noah", "Olga", "Paul", "Rosa", "Selim", "Tilda", "Veit"]
DAYS = ("born", "applies", "dies", "guardian_since")


def read(path):
    """Persons by the order of the file; days are dates."""
    with open(path, encoding="utf-8") as file:
        return [to_person(json.loads(line)) for line in file if line.strip()]


def to_person(entry):
    return {key: datetime.date.fromisoformat(value) if key in DAYS else value for key, value in entry.items()}


def more(persons, count, seed):
    """`count` persons whose paths and places follow those of `persons`, with other names and days."""
    rng = random.Random(seed)
    made = []
    for number in range(count):
        like = persons[number * 37 % len(persons)]  # 37 and 60 share no divisor: a few show many kinds, 60 show all.
        moved = datetime.timedelta(rng.randrange(0, 28))
        person = {**like, "id": f"x{number + 1:05d}", "family_name": rng.choice(FAMILY) + "-" + rng.choice(FAMILY),
                  "given_names": rng.choice(GIVEN),
                  "born": like["born"] + datetime.timedelta(rng.randrange(-900, 900))}
        for name in ("applies", "dies"):
            if name in person:
                person[name] += moved
        made.append(person)
    return made
