#!/usr/bin/env python3
"""Random competence questions without contradictory facts, for competence_oracle.py.

    generate.py --seed S --count N [--data DIR] > questions.csv

The same seed, count and data give the same file. Values crowd around the days, ages and numbers
at which the law or the data change.
"""

import argparse
import csv
import datetime
import os
import random
import sys

from competence_oracle import (CAUSES, DISABILITIES, EXCLUSIONS, FACTS, PROVIDERS, STAGES,
                               default_data)

DAY = datetime.timedelta(days=1)
FIRST = datetime.date(2018, 1, 1)
LAST = datetime.date(2032, 12, 31)
EISENACH_OLD, EISENACH_NEW = '16056000', '16063105'
EISENACH_DAY = datetime.date(2021, 7, 1)
# The first day of each new state of the law or the data.
CHANGES = [datetime.date.fromisoformat(day) for day in (
    '2020-01-01', '2021-07-01', '2022-01-01', '2023-01-01', '2024-01-01', '2025-01-01',
    '2026-01-01')]
# Districts whose Agentur changed, with the two that went different ways (16064, 16067).
MOVED_DISTRICTS = ('16064', '16067', '05762', '05766', '05774')


class Places:
    def __init__(self, folder):
        def rows(name):
            with open(os.path.join(folder, name), encoding='utf-8', newline='') as file:
                return list(csv.DictReader(file))

        self.all = sorted(row['ags8'] for row in rows('municipalities.csv')
                          if row['first_seen'] == '2020-12-31')
        self.former = sorted(row['ags8'] for row in rows('municipalities_former.csv'))
        self.by_land = {}
        self.moved = [ags for ags in self.all if ags[:5] in MOVED_DISTRICTS]
        for ags in self.all:
            self.by_land.setdefault(ags[:2], []).append(ags)
        self.lands = sorted(self.by_land)
        self.drv = sorted(row['id'] for row in rows('carriers.csv') if row['kind'] == 'DRV')
        self.uv = sorted(row['id'] for row in rows('carriers.csv') if row['kind'] == 'UV')
        self.area_numbers = sorted(row['area_number'] for row in rows('drv_area_numbers.csv')
                                   if row['carrier_id'])


def years_before(day, years):
    """The same day `years` before; 1 March for a 29 February that does not exist."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return datetime.date(day.year - years, 3, 1)


def full_months(first, last):
    return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)


def some_municipality(rnd, places, event_day):
    chance = rnd.random()
    if chance < 0.05:
        return EISENACH_OLD if event_day < EISENACH_DAY else EISENACH_NEW
    if chance < 0.15:
        return rnd.choice(places.moved)
    if chance < 0.45:
        return rnd.choice(places.by_land[rnd.choice(('05', '16'))])
    return rnd.choice(places.by_land[rnd.choice(places.lands)])


def some_place(rnd, places, event_day):
    """`this` or the key of a place that exists on the event day or existed before."""
    chance = rnd.random()
    if chance < 0.5:
        return 'this'
    if chance < 0.6:
        return EISENACH_OLD
    if chance < 0.7:
        return rnd.choice(places.former)
    return some_municipality(rnd, places, event_day)


def some_event_day(rnd):
    chance = rnd.random()
    if chance < 0.45:
        return rnd.choice(CHANGES) - DAY * rnd.randint(0, 1)
    if chance < 0.55:
        day = rnd.choice(CHANGES) + DAY * rnd.randint(-40, 40)
        return max(day, FIRST)
    if chance < 0.65:
        march = datetime.date(rnd.randint(2018, 2032), 3, 1)
        return march - DAY * rnd.randint(0, 2)
    if chance < 0.67:
        return rnd.choice((FIRST, LAST))
    return FIRST + DAY * rnd.randint(0, (LAST - FIRST).days)


def some_birth_date(rnd, event_day):
    chance = rnd.random()
    if chance < 0.4:        # the birthday itself, the day before it, the day after it
        birthday = years_before(event_day, rnd.choice((17, 18, 20, 21, 26, 27)))
        return birthday + DAY * rnd.randint(-1, 1)
    if chance < 0.55:       # 29 February, often one that decides
        year = event_day.year - rnd.choice((18, 21, 27, rnd.randint(1, 65)))
        return datetime.date(year - year % 4, 2, 29)
    if chance < 0.75:
        return event_day - DAY * rnd.randint(14 * 365, 28 * 366)
    return event_day - DAY * rnd.randint(0, 68 * 365)


def some_application_day(rnd, event_day, birth):
    low = years_before(event_day, 5)
    high = event_day + 60 * DAY
    if birth and birth > low:
        low = birth
    if rnd.random() < 0.4:
        day = datetime.date(2024, 1, 1) - DAY * rnd.randint(0, 1)
        if low <= day <= high:
            return day
    if rnd.random() < 0.5:
        low = max(low, event_day - 200 * DAY)
    return low + DAY * rnd.randint(0, (high - low).days)


def some_months(rnd, limit):
    choices = [months for months in (0, 1, 178, 179, 180, 181, 240) if months <= limit]
    return rnd.choice(choices) if rnd.random() < 0.8 else rnd.randint(0, min(limit, 600))


def some_set(rnd, values, none, single):
    chance = rnd.random()
    if chance < none:
        return 'none'
    count = 1 if chance < none + single else rnd.randint(2, len(values))
    return '+'.join(sorted(rnd.sample(values, count)))


def question(rnd, places):
    event_day = some_event_day(rnd)
    stage = rnd.choice(STAGES if rnd.random() < 0.5 else STAGES[1:])
    unknown = rnd.choice((0.0, 0.1, 0.3, 0.5, 0.5, 0.5, 0.7, 0.9))
    # Known more often: without it nothing is ever determined.
    unknown_cause = unknown if rnd.random() < 0.3 else 0.0

    def known(share=None):
        return rnd.random() >= (unknown if share is None else share)

    def yes_no(yes=0.5):
        return ('yes' if rnd.random() < yes else 'no') if known() else ''

    facts = dict.fromkeys(FACTS, '')
    if known(unknown_cause):
        facts['cause'] = some_set(rnd, CAUSES, 0.7, 0.26)
    birth = some_birth_date(rnd, event_day) if known() else None
    applied = some_application_day(rnd, event_day, birth) if known() else None
    if birth:
        facts['birth_date'] = birth.isoformat()
    if applied:
        facts['application_day'] = applied.isoformat()
    if known():
        facts['disability'] = some_set(rnd, DISABILITIES, 0.1, 0.7)
        if rnd.random() < 0.25:
            facts['disability'] = 'psychological'
    facts['young_adult_help'] = yes_no()
    if known():
        facts['first_application'] = some_place(rnd, places, event_day)
    if known() and (event_day.year < 2020 or rnd.random() < 0.2):
        facts['sgb12_place'] = some_place(rnd, places, event_day)
    facts['rv_personal'] = yes_no(0.85)
    if known():
        limit = full_months(birth, applied or event_day) if birth else 720
        facts['insured_months'] = str(some_months(rnd, limit))
    facts['em_pension'] = yes_no(0.25)
    facts['em_pension_imminent'] = yes_no()
    facts['labour_market_prognosis'] = yes_no()
    facts['survivor_pension'] = yes_no(0.15)
    if known():
        facts['rv_exclusion'] = some_set(rnd, EXCLUSIONS, 0.75, 0.2)
    if known(max(unknown, 0.3)):
        facts['drv_account'] = rnd.choice(places.drv)
    if known(max(unknown, 0.3)):
        if not facts['drv_account'] and rnd.random() < 0.15:
            facts['area_number'] = 'none'
        else:
            facts['area_number'] = rnd.choice(places.area_numbers)
    if known() and (not facts['cause'] or 'work_accident' in facts['cause']):
        facts['accident_insurer'] = rnd.choice(places.uv)
    return [some_municipality(rnd, places, event_day), stage, rnd.choice(PROVIDERS),
            event_day.isoformat()] + [facts[fact] for fact in FACTS]


def main():
    parser = argparse.ArgumentParser(description='random competence questions')
    parser.add_argument('--seed', type=int, required=True)
    parser.add_argument('--count', type=int, required=True)
    parser.add_argument('--data', default=default_data(), help='folder of the reference CSVs')
    arguments = parser.parse_args()
    rnd = random.Random(arguments.seed)
    places = Places(arguments.data)
    writer = csv.writer(sys.stdout, lineterminator='\n')
    writer.writerow(['municipality', 'stage', 'provider', 'event_day', *FACTS])
    for _ in range(arguments.count):
        writer.writerow(question(rnd, places))


if __name__ == '__main__':
    main()
