#!/usr/bin/env python3
"""Oracle for the admission conditions of Eingangsverfahren, Berufsbildungsbereich and Arbeitsbereich.

Written from the law, the two Land texts and the contract alone, as an independent check of the
product. Pure Python 3.11, standard library only.

    admission_oracle.py [--reading NAME=VALUE]... questions.jsonl > answers.jsonl

A line is {"question": {...}}, or the question itself: stage, provider_type, land, event_day,
decision_day, law_day (absent: event_day), policies, facts. A fact that is absent is unknown. The
answer has outcome, breaches, warnings, discretion, missing, open, outcome_without_policies.

How it works: every duty, warning and discretion below is a function that says what holds for a
person about whom everything is known. Unknown facts are completed in every way: what all
completions have in common is certain. A duty may read the facts it is registered with and no
other (KeyError). Duties share no facts with each other, so they can be completed one by one:
  MET           every duty holds in every completion,
  NOT_MET       some duty fails in every completion,
  UNDETERMINED  there are completions of both kinds.
`missing` are the unknown facts that can tip the outcome: two completions that differ in nothing
else have different outcomes. Facts are completed independently of each other.

Where the sources leave a point of law open it is completed both ways, like an unknown fact, and
named in `open`. READINGS are these points; a reading given by the caller closes one.
"""

import argparse
import collections
import datetime
import functools
import itertools
import json
import sys

EV, BBB, AB = STAGES = ('eingangsverfahren', 'berufsbildungsbereich', 'arbeitsbereich')
WFBM, ALA = PROVIDERS = ('wfbm', 'ala')
NRW, THUERINGEN = '05', '16'
POLICIES = ('nw-n', 'th-t')

MET, NOT_MET, UNDETERMINED = 'MET', 'NOT_MET', 'UNDETERMINED'

YES_NO = ('application_made', 'teilhabeplan', 'gesamtplan', 'several_traeger', 'fachausschuss',
          'needs_determined', 'personenkreis', 'better_access', 'mindestmass', 'mindestmass_low',
          'reasoned_prognosis', 'ev_done', 'bbb_done', 'bbb_statement', 'labour_market_ability',
          'labour_market_training', 'very_high_need', 'two_years_may_not_fit', 'basismodul',
          'age_limit_reached')
SETS = {'exclusion_219': ('danger', 'care_extent', 'lasting_circumstances'),
        'return_from': ('general_labour_market', 'ala', 'budget_fuer_arbeit',
                        'budget_fuer_ausbildung', 'wfbm')}
MONTHS = 'initial_months'
FACTS = YES_NO + tuple(SETS) + (MONTHS,)
NONE = frozenset(('none',))

# Days are ISO texts: their order as texts is their order in time.
FIRST_DAY = '2018-01-01'
TEXT_T_FROM = '2018-05-15'

# Points the sources leave open. For a day: not yet law before `never_before`, surely law from
# `surely_from`, in between unconfirmed; a reading names the first day. Else: yes or no.
Window = collections.namedtuple('Window', 'never_before surely_from')
READINGS = {
    # § 2 Ia 2 WVO: not in the text of May 2018, there by August 2021 ("probably 2020-01-01").
    'gesamtplan_silences_fachausschuss': Window('2018-06-01', '2021-08-01'),
    # § 220 III: the Budget für Ausbildung exists since 2020 (§ 61a), read in the text of March 2022.
    'return_from_budget_fuer_ausbildung': Window('2020-01-01', '2022-03-01'),
    # T 3 names training beside employment, § 58 I 2 does not: may training open the Arbeitsbereich?
    'training_route': None,
}
SILENCES, BUDGET_RETURN, TRAINING_ROUTE = READINGS

# What of a question the law asks for. The last three: True, False or None (open).
Case = collections.namedtuple('Case', 'stage ala text_n text_t ' + ' '.join(READINGS))


def yes(value):
    return value == 'yes'


# --- duties: what binds (must). Each gives the reasons it is breached for ---------------------

def application(case, f):
    """§ 108 SGB IX, and a new application at the change of stage (law.md 10 no. 3)."""
    return set() if yes(f['application_made']) else {'APPLICATION_MISSING'}


def planning(case, f):
    """Teilhabeplan, Gesamtplan, and the Fachausschuss where neither procedure runs."""
    breaches = set()
    plan, whole_plan = yes(f['teilhabeplan']), yes(f['gesamtplan'])
    # § 19 I, II 3 SGB IX. A Gesamtplan supplements the Teilhabeplan (§ 21), it replaces none.
    if yes(f['several_traeger']) and not plan:
        breaches.add('NO_TEILHABEPLAN')
    # N-04: no admission decision without one, whatever § 19 asks for.
    if case.text_n and not plan:
        breaches.add('NO_TEILHABEPLAN')
    # The Träger of the Arbeitsbereich decides on the Gesamtplan: §§ 120, 121 SGB IX, before 2020
    # §§ 144, 145 SGB XII. No fact names another Träger, so it is taken to be the EGH.
    if case.stage == AB and not whole_plan:
        breaches.add('NO_TEILHABEPLAN')
    # § 2 Ia, II, § 3 III, § 4 VI WVO; by § 60 II for other providers too.
    silenced = plan or whole_plan and f[SILENCES]
    if not silenced and not yes(f['fachausschuss']):
        breaches.add('FACHAUSSCHUSS_MISSING')
    return breaches


def needs(case, f):
    """§ 13 SGB IX, N-04, T-30."""
    return set() if yes(f['needs_determined']) else {'NEEDS_NOT_DETERMINED'}


def group_of_persons(case, f):
    """§§ 57, 58; in the Arbeitsbereich § 99, before 2020 § 53 SGB XII (T-20)."""
    return set() if yes(f['personenkreis']) else {'NOT_ENTITLED'}


def labour_market(case, f):
    """§ 58 I 1, § 219 II with I, N-05, T-30."""
    return {'BETTER_ACCESS'} if yes(f['better_access']) else set()


def capacity(case, f):
    """Mindestmaß and the three grounds of § 219 II 2. Kind and intensity of need are not read."""
    breaches = set()
    reasoned = yes(f['reasoned_prognosis'])
    expected = yes(f['mindestmass']) or case.text_n and yes(f['mindestmass_low'])     # N-03
    # § 57 I Nr. 1 names no Mindestmaß: the Eingangsverfahren is there to find out, and only an
    # official with a reasoned prognosis for the end of the Berufsbildungsbereich may refuse it.
    if not expected and (case.stage != EV or reasoned):
        breaches.add('NO_MINDESTMASS')
    # An exclusion is only one when it is reasoned (law.md 4, 10 no. 14).
    if f['exclusion_219'] != NONE and reasoned:
        breaches.add('EXCLUDED_219')
    return breaches


def has_right_of_return(case, f):
    """§ 220 III, T-91: to a WfbM only; an aLA takes back whom it likes (T-92)."""
    if case.ala:
        return False
    left_for = {'general_labour_market', 'ala', 'budget_fuer_arbeit'}
    if f[BUDGET_RETURN]:
        left_for.add('budget_fuer_ausbildung')
    return bool(left_for & f['return_from'])


def came_through_the_stages(case, f):
    """The stage before is done, or a right of return makes the person begin again nowhere."""
    before = f['ev_done'] if case.stage == BBB else f['bbb_done']      # § 58 I 2 names only the BBB
    return yes(before) or has_right_of_return(case, f)


def order(case, f):
    """§ 57, § 58 I 2, N-09, T-22, T-23."""
    if case.stage == EV or came_through_the_stages(case, f):
        return set()
    if case.stage == AB:
        if yes(f['labour_market_ability']):
            return set()
        # T speaks of the Arbeitsbereich of other providers only (T-00).
        if case.text_t and case.ala and yes(f['labour_market_training']) and f[TRAINING_ROUTE]:
            return set()
    return {'STAGE_OUT_OF_ORDER'}


def basismodul(case, f):
    """N-08: the only place where the height of the need is read."""
    due = (case.text_n and case.stage == BBB and yes(f['very_high_need'])
           and yes(f['two_years_may_not_fit']))
    return {'BASISMODUL_MISSING'} if due and not yes(f['basismodul']) else set()


def duration(case, f):
    """§ 57 II, III: three months, shortened at the earliest while they run; two years."""
    months = f[MONTHS]
    if case.stage == EV:
        return {'INITIAL_TOO_SHORT'} if months < 3 else {'TOO_LONG'} if months > 3 else set()
    return {'TOO_LONG'} if case.stage == BBB and months > 24 else set()


DUTIES = (
    (application, ('application_made',)),
    (planning, ('teilhabeplan', 'gesamtplan', 'several_traeger', 'fachausschuss', SILENCES)),
    (needs, ('needs_determined',)),
    (group_of_persons, ('personenkreis',)),
    (labour_market, ('better_access',)),
    (capacity, ('mindestmass', 'mindestmass_low', 'exclusion_219', 'reasoned_prognosis')),
    (order, ('ev_done', 'bbb_done', 'labour_market_ability', 'labour_market_training',
             'return_from', BUDGET_RETURN, TRAINING_ROUTE)),
    (basismodul, ('very_high_need', 'two_years_may_not_fit', 'basismodul')),
    (duration, (MONTHS,)),
)


# --- soll: warnings ---------------------------------------------------------------------------

def age(case, f):
    """§ 58 I 3: "in der Regel"; the limit stands in § 58 only."""
    return {'AGE_LIMIT'} if case.stage == AB and yes(f['age_limit_reached']) else set()


def statement(case, f):
    """§ 119 II 1 Nr. 1, T-22: for who comes from a completed Berufsbildungsbereich."""
    due = case.stage == AB and yes(f['bbb_done'])
    return {'STATEMENT_MISSING'} if due and not yes(f['bbb_statement']) else set()


def first_grant(case, f):
    """§ 57 III 2: "in der Regel zunächst für ein Jahr"."""
    return {'FIRST_GRANT_LONG'} if case.stage == BBB and f[MONTHS] > 12 else set()


WARNINGS = ((age, ('age_limit_reached',)), (statement, ('bbb_done', 'bbb_statement')),
            (first_grant, (MONTHS,)))


# --- kann: discretion -------------------------------------------------------------------------

def other_provider(case, f):
    """§ 60 III, T-07, T-31."""
    return {'ALA'} if case.ala else set()


def direct_admission(case, f):
    """§ 58 I 2 "kann abgewichen werden", T-23."""
    if case.stage != AB or came_through_the_stages(case, f):
        return set()
    if yes(f['labour_market_ability']):
        return {'DIRECT_ADMISSION'}
    by_land_text = case.text_t and case.ala and yes(f['labour_market_training'])
    return {'TRAINING_ROUTE'} if by_land_text and case.training_route is not False else set()


def low_standard(case, f):
    """N-03: the low standard may decide; shown where it alone carries the expectation."""
    alone = case.text_n and yes(f['mindestmass_low']) and not yes(f['mindestmass'])
    return {'LOW_STANDARD'} if alone else set()


DISCRETION = (
    (other_provider, ()),
    (direct_admission, ('ev_done', 'bbb_done', 'labour_market_ability', 'labour_market_training',
                        'return_from', BUDGET_RETURN)),
    (low_standard, ('mindestmass', 'mindestmass_low')),
)


# --- completions of partial facts -------------------------------------------------------------

def completions(fact):
    """Values that stand for all values of an unknown fact or of an open point."""
    if fact in READINGS:
        return (True, False)
    if fact in SETS:
        return (NONE,) + tuple(frozenset((value,)) for value in SETS[fact])
    return (1, 3, 6, 12, 18, 30) if fact == MONTHS else ('yes', 'no')


def values_of(fact, case, known):
    if fact in READINGS:
        settled = getattr(case, fact)
        return completions(fact) if settled is None else (settled,)
    return (known[fact],) if fact in known else completions(fact)


def run(rule, facts, case, known):
    """[(completion, what the rule says)] for all completions of what is not known."""
    ranges = [values_of(fact, case, known) for fact in facts]
    return [(values, frozenset(rule(case, dict(zip(facts, values)))))
            for values in itertools.product(*ranges)]


@functools.lru_cache(maxsize=None)
def judge(at, case, values):
    """(certain breaches, verdict, tipping facts) of one duty; `values` holds None for unknown."""
    duty, facts = DUTIES[at]
    known = {fact: value for fact, value in zip(facts, values) if value is not None}
    results = run(duty, facts, case, known)
    certain = frozenset.intersection(*(breaches for _, breaches in results))
    if all(not breaches for _, breaches in results):
        return certain, MET, ()
    if all(breaches for _, breaches in results):
        assert certain, (duty, case, known)
        return certain, NOT_MET, ()
    tipping = []
    for place, fact in enumerate(facts):
        seen = {}
        for completion, breaches in results:
            rest = completion[:place] + completion[place + 1:]
            seen.setdefault(rest, set()).add(not breaches)
        if any(len(verdicts) > 1 for verdicts in seen.values()):
            tipping.append(fact)
    return certain, UNDETERMINED, tuple(tipping)


def certain_of(rules, case, known):
    found = set()
    for rule, facts in rules:
        found |= frozenset.intersection(*(said for _, said in run(rule, facts, case, known)))
    return sorted(found)


# --- one question -----------------------------------------------------------------------------

def check_day(text):
    if len(text) != 10:
        raise ValueError(f'no ISO day: {text}')
    datetime.date.fromisoformat(text)
    return text


def parse_facts(facts):
    known = {}
    for fact, value in facts.items():
        if fact in YES_NO:
            if value not in ('yes', 'no'):
                raise ValueError(f'{fact}: {value}')
            known[fact] = value
        elif fact in SETS:
            values = frozenset(value)
            if not values or values != NONE and not values <= frozenset(SETS[fact]):
                raise ValueError(f'{fact}: contradictory or unknown value in {value}')
            known[fact] = values
        elif fact == MONTHS:
            if type(value) is not int or value < 0:
                raise ValueError(f'{fact}: {value}')
            known[fact] = value
        else:
            raise ValueError(f'no such fact: {fact}')
    return known


def settle(point, law_day, readings):
    """True, False, or None where the point is open."""
    reading, window = readings.get(point), READINGS[point]
    if window is None:
        return None if reading is None else yes(reading)
    if law_day < window.never_before:
        return False
    if law_day >= window.surely_from:
        return True
    return None if reading is None else law_day >= reading


def case_of(question, policies, readings):
    stage, provider, land = question['stage'], question['provider_type'], question['land']
    event_day, decision_day = check_day(question['event_day']), check_day(question['decision_day'])
    law_day = check_day(question.get('law_day') or event_day)
    if stage not in STAGES or provider not in PROVIDERS or len(land) != 2 or not land.isdigit():
        raise ValueError('stage, provider_type or land')
    if law_day < FIRST_DAY or event_day < FIRST_DAY:
        raise ValueError('before SGB IX 2018')
    if not set(policies) <= set(POLICIES):
        raise ValueError(f'policies: {policies}')
    # A policy is Land law; the first day of N is its last signature, which the caller knows.
    text_n = land == NRW and 'nw-n' in policies
    text_t = land == THUERINGEN and 'th-t' in policies and decision_day >= TEXT_T_FROM
    points = {point: settle(point, law_day, readings) for point in READINGS}
    return Case(stage, provider == ALA, text_n, text_t, **points)


def outcome_of(case, known):
    """(outcome, certain breaches, tipping facts and points)."""
    outcome, breaches, tipping = MET, set(), set()
    for at, (_, facts) in enumerate(DUTIES):
        certain, verdict, tips = judge(at, case, tuple(known.get(fact) for fact in facts))
        breaches |= certain
        tipping |= set(tips)
        if verdict == NOT_MET or verdict == UNDETERMINED and outcome == MET:
            outcome = verdict
    return outcome, breaches, tipping if outcome == UNDETERMINED else set()


def admit(question, readings=None):
    """Answer one question."""
    readings, policies = readings or {}, question.get('policies') or ()
    known = parse_facts(question.get('facts') or {})
    case = case_of(question, policies, readings)
    outcome, breaches, tipping = outcome_of(case, known)
    return {'outcome': outcome,
            'breaches': sorted(breaches),
            'warnings': certain_of(WARNINGS, case, known),
            'discretion': certain_of(DISCRETION, case, known),
            'missing': sorted(tipping - set(READINGS)),
            'open': sorted(tipping & set(READINGS)),
            'outcome_without_policies': outcome_of(case_of(question, (), readings), known)[0]}


# --- command line -----------------------------------------------------------------------------

def reading(text):
    name, _, value = text.partition('=')
    if name not in READINGS:
        raise argparse.ArgumentTypeError(f'none of {", ".join(READINGS)}: {name}')
    try:
        if READINGS[name] is not None:
            check_day(value)
        elif value not in ('yes', 'no'):
            raise ValueError('neither yes nor no')
    except ValueError as error:
        raise argparse.ArgumentTypeError(f'{text}: {error}') from error
    return name, value


def add_reading_option(parser):
    parser.add_argument('--reading', action='append', type=reading, default=[],
                        help='close a point the sources leave open: NAME=DAY or NAME=yes|no')


def line_of(question, readings):
    return json.dumps({'question': question, 'answer': admit(question, readings)},
                      ensure_ascii=False, sort_keys=True)


def main():
    parser = argparse.ArgumentParser(description='answer admission questions')
    add_reading_option(parser)
    parser.add_argument('questions')
    arguments = parser.parse_args()
    with open(arguments.questions, encoding='utf-8') as source:
        for number, text in enumerate(source, 1):
            try:
                row = json.loads(text)
                print(line_of(row.get('question', row), dict(arguments.reading)))
            except (ValueError, KeyError) as error:
                sys.exit(f'{arguments.questions}:{number}: {error!r}')


if __name__ == '__main__':
    main()
