#!/usr/bin/env python3
"""Oracle for material competence (SGB IX, section 63) and for the agency and office that follow.

Written from the text of the law and the reference data alone, as an independent check of the
product. Pure Python 3.11, standard library only.

    competence_oracle.py [--data DIR] questions.csv > answers.csv

questions.csv: municipality,stage,provider,event_day and any of the columns in FACTS, in any
order. An empty cell or a missing column is an unknown fact; sets are joined with '+'. Other
columns are passed on. answers.csv: the same columns, then outcome,kind,agency,office,possible
(input columns with one of these names are dropped).

How it works: kind_of() is the law for a person about whom everything is known. possible_kinds()
applies it to every completion of the unknown facts. Facts are completed independently of each
other (a given birth date does not limit an unknown number of months). kind_of() gets only the
facts that possible_kinds() takes to be relevant, and reading any other one is a KeyError: that
guards the list of relevant facts.
"""

import argparse
import csv
import datetime
import functools
import itertools
import os
import sys

STAGES = ('eingangsverfahren', 'berufsbildungsbereich', 'arbeitsbereich')
PROVIDERS = ('wfbm', 'ala')
RESULT_COLUMNS = ('outcome', 'kind', 'agency', 'office', 'possible')

UV = 'ACCIDENT_INSURANCE'
SE = 'SOCIAL_COMPENSATION'
KOF = 'WAR_VICTIMS_WELFARE'
SEG = 'SOLDIERS_COMPENSATION'
RV = 'PENSION_INSURANCE'
BA = 'EMPLOYMENT_AGENCY'
JH = 'YOUTH_WELFARE'
EGH = 'EINGLIEDERUNGSHILFE'
SH = 'SOZIALHILFE'
NOBODY = 'NOBODY'
# Results that name no kind of carrier.
HUMAN = 'HUMAN'
TRANSITION = 'UNBUILT:BVG_TRANSITION'
LATE_APPLICATION = 'UNBUILT:SE_APPLICATION_AFTER_SERVICE'
OLD_SERVICE_DAMAGE = 'UNBUILT:SERVICE_DAMAGE_BEFORE_2025'
KINDS = frozenset((UV, SE, KOF, SEG, RV, BA, JH, EGH, SH, NOBODY))

CAUSES = ('work_accident', 'recognised_damage', 'service_damage')
DISABILITIES = ('intellectual', 'physical', 'psychological')
EXCLUSIONS = ('old_age_pension', 'public_service_provision', 'benefit_until_old_age', 'custody')
SETS = {'cause': CAUSES, 'disability': DISABILITIES, 'rv_exclusion': EXCLUSIONS}
YES_NO = ('young_adult_help', 'rv_personal', 'em_pension', 'em_pension_imminent',
          'labour_market_prognosis', 'survivor_pension')
FACTS = ('cause', 'application_day', 'birth_date', 'disability', 'young_adult_help',
         'first_application', 'sgb12_place', 'rv_personal', 'insured_months', 'em_pension',
         'em_pension_imminent', 'labour_market_prognosis', 'survivor_pension', 'rv_exclusion',
         'drv_account', 'area_number', 'accident_insurer')

NONE = frozenset(('none',))
RV_FACTS = ('rv_personal', 'insured_months', 'em_pension', 'em_pension_imminent',
            'labour_market_prognosis', 'survivor_pension', 'rv_exclusion')
WORK_FACTS = ('disability', 'birth_date', 'young_adult_help')

# Days are ISO texts: their order as texts is their order in time.
FIRST_DAY = '2018-01-01'
EGH_FROM = '2020-01-01'
SE_FROM = '2024-01-01'
SEG_FROM = '2025-01-01'


# --- the law for a complete set of facts -----------------------------------------------------

def age_on(birth, day):
    """Full years on `day`; the birthday itself has the new age, and whoever was born on
    29 February gets it on 1 March where there is no 29 February."""
    years = int(day[:4]) - int(birth[:4])
    return years if day[5:] >= birth[5:] else years - 1


def kind_of(stage, event_day, facts):
    """The kind of carrier for complete facts: steps A1 to A5, or B1 to B5 for the
    Arbeitsbereich. The provider does not matter (section 63 Abs. 3)."""
    causes = facts['cause'] - NONE
    if len(causes) > 1:
        return HUMAN
    if 'work_accident' in causes:                                          # A1, B1
        return UV
    if 'recognised_damage' in causes:                                      # A2, B2
        applied_for_new_law = facts['application_day'] >= SE_FROM
        if event_day < SE_FROM:
            return LATE_APPLICATION if applied_for_new_law else KOF
        return SE if applied_for_new_law else TRANSITION
    if 'service_damage' in causes:                                         # A3, B3
        return SEG if event_day >= SEG_FROM else OLD_SERVICE_DAMAGE
    if stage == 'arbeitsbereich':
        disability = facts['disability']
        if disability == {'psychological'}:                                # B4
            age = age_on(facts['birth_date'], event_day)
            if age < 18 or age < 27 and facts['young_adult_help'] == 'yes':
                return JH
        if disability != NONE:                                             # B5
            return EGH if event_day >= EGH_FROM else SH
        return NOBODY
    insurance = (facts['insured_months'] >= 180                            # 11 I Nr. 1
                 or facts['em_pension'] == 'yes'                           # 11 I Nr. 2
                 or facts['em_pension_imminent'] == 'yes'                  # 11 IIa Nr. 1
                 and facts['labour_market_prognosis'] == 'yes'
                 or facts['survivor_pension'] == 'yes')                    # 11 III
    if facts['rv_personal'] == 'yes' and insurance and facts['rv_exclusion'] == NONE:
        return RV                                                          # A4
    return BA                                                              # A5


# --- completions of partial facts ------------------------------------------------------------

def subsets(values):
    """{none} and every set of real values that is not empty."""
    return (NONE,) + tuple(frozenset(chosen) for size in range(1, len(values) + 1)
                           for chosen in itertools.combinations(values, size))


ALL_DISABILITIES = subsets(DISABILITIES)
ALL_EXCLUSIONS = subsets(EXCLUSIONS)
SINGLE_CAUSES = (NONE,) + tuple(frozenset((cause,)) for cause in CAUSES)
AGES = (10, 17, 18, 20, 26, 27, 40)


def completions(fact, event_day):
    """Values that stand for all values of an unknown fact."""
    if fact == 'cause':
        return SINGLE_CAUSES
    if fact == 'application_day':
        # An unknown day counts as not after a service that began before 2024.
        return ('2023-12-31',) if event_day < SE_FROM else ('2023-12-31', '2024-01-01')
    if fact == 'birth_date':
        return tuple(f'{int(event_day[:4]) - age:04}-01-01' for age in AGES)
    if fact == 'disability':
        return ALL_DISABILITIES
    if fact == 'rv_exclusion':
        return ALL_EXCLUSIONS
    if fact == 'insured_months':
        return (0, 179, 180, 400)
    return ('yes', 'no')


def relevant_facts(stage, cause):
    if cause == NONE:
        return WORK_FACTS if stage == 'arbeitsbereich' else RV_FACTS
    return ('application_day',) if cause == {'recognised_damage'} else ()


_kinds_memo = {}


def possible_kinds(stage, event_day, known):
    """The results of all completions. `known` maps the known facts to parsed values."""
    cause = known.get('cause')
    found = frozenset()
    for completed in (SINGLE_CAUSES if cause is None else (cause,)):
        relevant = relevant_facts(stage, completed)
        key = [stage == 'arbeitsbereich', event_day >= EGH_FROM, event_day >= SE_FROM,
               event_day >= SEG_FROM, completed]
        for fact in relevant:
            value = known.get(fact)
            if value is not None:       # cut to what tells two values apart
                if fact == 'birth_date':
                    value = age_on(value, event_day)
                elif fact == 'insured_months':
                    value = value >= 180
                elif fact == 'application_day':
                    value = value >= SE_FROM
            key.append(value)
        key = tuple(key)
        kinds = _kinds_memo.get(key)
        if kinds is None:
            kinds = _kinds_memo[key] = _enumerate(stage, event_day, completed, relevant, known)
        found |= kinds
    return found


def _enumerate(stage, event_day, cause, relevant, known):
    ranges = [(known[fact],) if fact in known else completions(fact, event_day)
              for fact in relevant]
    kinds = set()
    for values in itertools.product(*ranges):
        facts = dict(zip(relevant, values))
        facts['cause'] = cause
        kinds.add(kind_of(stage, event_day, facts))
    return frozenset(kinds)


# --- reference data --------------------------------------------------------------------------

class Data:
    """The reference tables that competence needs, from the CSV files of one folder."""

    def __init__(self, folder):
        self.folder = folder
        self.kind_of_carrier = {row['id']: row['kind'] for row in self._rows('carriers.csv')}
        self.municipalities = {row['ags8'] for row in self._rows('municipalities.csv')}
        ended = {row['ags5']: row['valid_to'] for row in self._rows('districts.csv')
                 if row['valid_to']}
        # The last day a former key is attested: its last snapshot, or the end of its district.
        self.last_attested = {
            row['ags8']: max(row['last_seen'], ended.get(row['ags5'], ''))
            for row in self._rows('municipalities_former.csv')}
        self.area_numbers = {row['area_number']: row['carrier_id']
                             for row in self._rows('drv_area_numbers.csv')}
        self.tables = {'RD': {}, 'AA': {}, 'EGH': {}}
        for row in self._rows('ba_jurisdiction.csv'):
            self._add(row['level'], row)
        for row in self._rows('egh_jurisdiction.csv'):
            self._add('EGH', row)
        self.successions = {}
        for row in self._rows('successions.csv'):
            self.successions.setdefault(row['old_id'], []).append(
                (row['day'], row['new_id'], tuple(row['area'].split())))
        self.lookup = functools.lru_cache(maxsize=None)(self._lookup)
        self.carrier_of_place = functools.lru_cache(maxsize=None)(self._carrier_of_place)

    def _rows(self, name):
        with open(os.path.join(self.folder, name), encoding='utf-8', newline='') as file:
            return list(csv.DictReader(file))

    def _add(self, table, row):
        self.tables[table].setdefault(row['prefix'], []).append(
            (row['valid_from'] or '0000-00-00', row['valid_to'] or '9999-99-99',
             row['carrier_id']))

    def _lookup(self, table, ags, day):
        """The carrier of the longest prefix of `ags` that is valid on `day`, or ''."""
        prefixes = self.tables[table]
        for length in range(len(ags), 0, -1):
            carriers = {carrier for first, last, carrier in prefixes.get(ags[:length], ())
                        if first <= day <= last}
            if len(carriers) > 1:
                raise ValueError(f'{table} {ags[:length]} has two carriers on {day}')
            if carriers:
                return carriers.pop()
        return ''

    def _carrier_of_place(self, ags, day):
        """The EGH (to 2019: Sozialhilfe) carrier for a case founded at `ags`."""
        last = self.last_attested.get(ags)
        if last is None and ags not in self.municipalities:
            raise ValueError(f'no municipality {ags}')
        if last is None or day <= last:
            return self.lookup('EGH', ags, day)
        carrier = self.lookup('EGH', ags, last)
        since = last
        while True:
            later = sorted((first, new, area)
                           for first, new, area in self.successions.get(carrier, ())
                           if since < first <= day)
            if len({new for _, new, _ in later}) > 1:      # a carrier that was split
                later = [row for row in later if ags.startswith(row[2])]
            if not later:
                return carrier
            since, carrier, _ = later[0]


# --- one question ----------------------------------------------------------------------------

@functools.lru_cache(maxsize=None)
def check_day(text):
    if len(text) != 10:
        raise ValueError(f'no ISO day: {text}')
    datetime.date.fromisoformat(text)
    return text


@functools.lru_cache(maxsize=None)
def parse_set(fact, text):
    values = frozenset(text.split('+'))
    if values != NONE and not values <= frozenset(SETS[fact]):
        raise ValueError(f'{fact}: contradictory or unknown value in {text}')
    return values


def parse_facts(question, event_day):
    known = {}
    get = question.get
    for fact in SETS:
        if text := get(fact):
            known[fact] = parse_set(fact, text)
    for fact in YES_NO:
        if text := get(fact):
            if text != 'yes' and text != 'no':
                raise ValueError(f'{fact}: {text}')
            known[fact] = text
    if text := get('birth_date'):
        if check_day(text) > event_day:
            raise ValueError('born after the event day')
        known['birth_date'] = text
    if text := get('application_day'):
        known['application_day'] = check_day(text)
    if text := get('insured_months'):
        known['insured_months'] = int(text)
        if known['insured_months'] < 0:
            raise ValueError('insured_months below 0')
    return known


def agency_of(kind, question, data):
    """(agency, office, why there is none)."""
    get = question.get
    municipality, event_day = question['municipality'], question['event_day']
    if kind == UV:
        insurer = get('accident_insurer') or ''
        if insurer and data.kind_of_carrier.get(insurer) != 'UV':
            raise ValueError(f'accident_insurer: {insurer}')
        return insurer, '', '' if insurer else 'MISSING:accident_insurer'
    if kind == RV:
        account, number = get('drv_account') or '', get('area_number') or ''
        if account:
            if data.kind_of_carrier.get(account) != 'DRV':
                raise ValueError(f'drv_account: {account}')
            return account, '', ''
        if not number:
            return '', '', 'MISSING:drv_account,area_number'
        carrier = 'drv-bund' if number == 'none' else data.area_numbers.get(number)
        if not carrier:
            raise ValueError(f'area_number: {number}')
        return carrier, '', ''
    if kind == BA:
        agency = data.lookup('RD', municipality, event_day)
        return (agency, data.lookup('AA', municipality, event_day),
                '' if agency else 'NO_AGENCY_DATA')
    if kind == EGH or kind == SH:
        fact = 'first_application' if kind == EGH else 'sgb12_place'
        place = get(fact) or ''
        if not place:
            return '', '', 'MISSING:' + fact
        agency = data.carrier_of_place(municipality if place == 'this' else place, event_day)
        return agency, '', '' if agency else 'NO_AGENCY_DATA'
    return '', '', 'NO_AGENCY_DATA'


def determine(question, data):
    """Answer one question (texts by column name). `reason` says why there is no agency."""
    stage, event_day = question['stage'], check_day(question['event_day'])
    municipality = question['municipality']
    if stage not in STAGES or question['provider'] not in PROVIDERS:
        raise ValueError('stage or provider')
    if event_day < FIRST_DAY:
        raise ValueError('before SGB IX 2018')
    if municipality not in data.municipalities and not (
            event_day <= data.last_attested.get(municipality, '')):
        raise ValueError(f'no municipality {municipality} on {event_day}')
    possible = possible_kinds(stage, event_day, parse_facts(question, event_day))
    kind = agency = office = reason = ''
    outcome = 'UNDETERMINED'
    if len(possible) == 1:
        (only,) = possible
        if only == NOBODY:
            outcome, kind = 'NOBODY', NOBODY
        elif only in KINDS:
            kind = only
            agency, office, reason = agency_of(kind, question, data)
            if agency:
                outcome = 'DETERMINED'
    return {'outcome': outcome, 'kind': kind, 'agency': agency, 'office': office,
            'possible': set(possible), 'reason': reason}


# --- command line ----------------------------------------------------------------------------

def default_data():
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    return os.path.join(root, 'common', 'reference', 'data')


def answer_file(source, sink, data):
    reader = csv.reader(source)
    writer = csv.writer(sink, lineterminator='\n')
    header = next(reader)
    missing = {'municipality', 'stage', 'provider', 'event_day'} - set(header)
    if missing:
        raise ValueError('columns missing: ' + ' '.join(sorted(missing)))
    passed = [at for at, name in enumerate(header) if name not in RESULT_COLUMNS]
    writer.writerow([header[at] for at in passed] + list(RESULT_COLUMNS))
    for row in reader:
        if len(row) != len(header):
            raise ValueError(f'line {reader.line_num}: {len(row)} cells')
        try:
            answer = determine(dict(zip(header, row)), data)
        except ValueError as error:
            raise ValueError(f'line {reader.line_num}: {error}') from error
        writer.writerow([row[at] for at in passed]
                        + [answer['outcome'], answer['kind'], answer['agency'],
                           answer['office'], '+'.join(sorted(answer['possible']))])


def main():
    parser = argparse.ArgumentParser(description='answer competence questions')
    parser.add_argument('--data', default=default_data(), help='folder of the reference CSVs')
    parser.add_argument('questions')
    arguments = parser.parse_args()
    with open(arguments.questions, encoding='utf-8', newline='') as source:
        try:
            answer_file(source, sys.stdout, Data(arguments.data))
        except ValueError as error:
            sys.exit(f'{arguments.questions}: {error}')


if __name__ == '__main__':
    main()
