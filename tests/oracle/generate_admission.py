#!/usr/bin/env python3
"""Random admission questions with the answers of admission_oracle.py, as JSON lines.

    generate_admission.py --seed S --count N [--reading NAME=VALUE]... > answered.jsonl

A line is {"answer": {...}, "question": {...}}. The same arguments give the same file. Facts lean
towards admission, so that single breaches show, and days crowd around those at which a text
changes.
"""

import argparse
import datetime
import random

from admission_oracle import (AB, FACTS, MONTHS, NRW, PROVIDERS, SETS, STAGES, THUERINGEN,
                              add_reading_option, line_of)

DAY = datetime.timedelta(days=1)
FIRST = datetime.date(2018, 1, 1)
LAST = datetime.date(2026, 12, 31)
# § 99 twice, T, § 2 Ia WVO, § 220 III: the first day of each state, and of what is sure of it.
CHANGES = [datetime.date.fromisoformat(day) for day in (
    '2018-05-15', '2018-06-01', '2020-01-01', '2021-07-01', '2021-08-01', '2022-03-01')]
# Facts of which one value nearly always bars the admission: that one is rarer.
GOOD = {'application_made': 'yes', 'needs_determined': 'yes', 'personenkreis': 'yes',
        'better_access': 'no'}
# The share of `yes` of facts that bar it together with others only.
SHARES = {'teilhabeplan': 0.7, 'gesamtplan': 0.8, 'several_traeger': 0.3, 'fachausschuss': 0.6,
          'mindestmass': 0.75, 'ev_done': 0.75, 'bbb_done': 0.7}


def some_day(rnd):
    chance = rnd.random()
    if chance < 0.4:
        return max(FIRST, rnd.choice(CHANGES) - DAY * rnd.randint(0, 1))
    if chance < 0.45:
        return rnd.choice((FIRST, LAST))
    return FIRST + DAY * rnd.randint(0, (LAST - FIRST).days)


def some_set(rnd, fact, none):
    if rnd.random() < none:
        return ['none']
    count = 1 if rnd.random() < 0.85 else 2
    return sorted(rnd.sample(SETS[fact], count))


def some_months(rnd, stage):
    usual = {STAGES[0]: 3, STAGES[1]: 12}.get(stage, 0)
    return usual if rnd.random() < 0.7 else rnd.choice((0, 1, 2, 3, 4, 11, 12, 13, 24, 25, 36))


def some_facts(rnd, stage):
    unknown = rnd.choice((0.0, 0.0, 0.05, 0.1, 0.3, 0.6, 0.9))
    bad = rnd.choice((0.0, 0.05, 0.15, 0.3, 0.5))
    facts = {}
    for fact in FACTS:
        if rnd.random() < unknown:
            continue
        if fact == MONTHS:
            facts[fact] = some_months(rnd, stage)
        elif fact in SETS:
            facts[fact] = some_set(rnd, fact, 0.5 if fact == 'return_from' else 1 - bad)
        elif fact in GOOD:
            facts[fact] = GOOD[fact] if rnd.random() >= bad else rnd.choice(('yes', 'no'))
        else:
            facts[fact] = 'yes' if rnd.random() < SHARES.get(fact, 0.5) else 'no'
    return facts


def some_policies(rnd, land):
    if rnd.random() < 0.03:                  # those of another Land do not apply
        return ['nw-n', 'th-t']
    own = {NRW: 'nw-n', THUERINGEN: 'th-t'}.get(land)
    return [own] if own and rnd.random() < 0.65 else []


def question(rnd):
    stage = rnd.choice(STAGES + (AB,))
    land = rnd.choice((NRW, THUERINGEN) if rnd.random() < 0.97 else ('09', '11'))
    event_day = some_day(rnd)
    asked = {'stage': stage, 'provider_type': rnd.choice(PROVIDERS), 'land': land,
             'event_day': event_day.isoformat(),
             'decision_day': (event_day - DAY * rnd.choice((0, 0, 1, 30, 90))).isoformat(),
             'policies': some_policies(rnd, land), 'facts': some_facts(rnd, stage)}
    if rnd.random() < 0.1:
        asked['law_day'] = some_day(rnd).isoformat()
    return asked


def main():
    parser = argparse.ArgumentParser(description='random admission questions, answered')
    parser.add_argument('--seed', type=int, required=True)
    parser.add_argument('--count', type=int, required=True)
    add_reading_option(parser)
    arguments = parser.parse_args()
    rnd = random.Random(arguments.seed)
    for _ in range(arguments.count):
        print(line_of(question(rnd), dict(arguments.reading)))


if __name__ == '__main__':
    main()
