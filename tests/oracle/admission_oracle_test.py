#!/usr/bin/env python3
"""Tests of admission_oracle.py: the golden rows and what holds for every question.

    admission_oracle_test.py [unittest arguments]
"""

import csv
import itertools
import json
import os
import random
import subprocess
import sys
import unittest

import admission_oracle as oracle
import generate_admission as generate
from admission_golden import (AB, BBB, EV, EXPECTED_COLUMNS, GOLDEN, GOLDEN_FILE, MET, NOT_MET,
                              QUESTION_COLUMNS, UNDETERMINED, BUDGET, GESAMTPLAN, TRAINING)

HERE = os.path.dirname(os.path.abspath(__file__))


def cells(values):
    return '+'.join(values)


def question_of(row):
    """The JSON question of a golden row."""
    facts = {}
    for fact in oracle.FACTS:
        if text := row[fact]:
            facts[fact] = (text.split('+') if fact in oracle.SETS
                           else int(text) if fact == oracle.MONTHS else text)
    question = {column: row[column] for column in QUESTION_COLUMNS if row[column]}
    question['policies'] = row['policies'].split('+') if row['policies'] else []
    return question | {'facts': facts}


def answer_cells(question, readings=None):
    answer = oracle.admit(question, readings)
    return {column: answer[column] if column == 'outcome' else cells(answer[column])
            for column in EXPECTED_COLUMNS}


def random_questions(seed, count):
    rnd = random.Random(seed)
    return [generate.question(rnd) for _ in range(count)]


def with_facts(question, **facts):
    """The question with some facts changed; None takes one away."""
    changed = {fact: value for fact, value in (question['facts'] | facts).items()
               if value is not None}
    return question | {'facts': changed}


def json_values(fact):
    return [sorted(value) if fact in oracle.SETS else value for value in oracle.completions(fact)]


RANK = {NOT_MET: 0, UNDETERMINED: 1, MET: 2}


class Golden(unittest.TestCase):
    def test_rows(self):
        for row in GOLDEN:
            with self.subTest(row['name']):
                expected = {column: row[column] for column in EXPECTED_COLUMNS}
                self.assertEqual(answer_cells(question_of(row)), expected)

    def test_file_holds_the_same_rows(self):
        with open(GOLDEN_FILE, encoding='utf-8', newline='') as file:
            self.assertEqual(list(csv.DictReader(file)), GOLDEN)

    def test_names_are_unique_and_every_row_has_a_source(self):
        self.assertEqual(len({row['name'] for row in GOLDEN}), len(GOLDEN))
        self.assertTrue(all(row['source'] for row in GOLDEN))
        self.assertGreaterEqual(len(GOLDEN), 120)

    def test_every_reason_is_met_alone(self):
        alone = {row['breaches'] for row in GOLDEN}
        self.assertLessEqual({
            'APPLICATION_MISSING', 'NO_TEILHABEPLAN', 'FACHAUSSCHUSS_MISSING',
            'NEEDS_NOT_DETERMINED', 'NOT_ENTITLED', 'BETTER_ACCESS', 'NO_MINDESTMASS',
            'EXCLUDED_219', 'STAGE_OUT_OF_ORDER', 'BASISMODUL_MISSING', 'INITIAL_TOO_SHORT',
            'TOO_LONG'}, alone)


class Readings(unittest.TestCase):
    """A reading closes an open point, and nothing else is changed by it."""

    def outcome(self, name, **readings):
        (row,) = [row for row in GOLDEN if row['name'] == name]
        return oracle.admit(question_of(row), readings)['outcome']

    def test_training(self):
        self.assertEqual(self.outcome('training under T: open', training_route='yes'), MET)
        self.assertEqual(self.outcome('training under T: open', training_route='no'), NOT_MET)
        self.assertEqual(self.outcome('training, federal law', training_route='yes'), NOT_MET)

    def test_days(self):
        name = 'AB, Gesamtplan, 2020'
        self.assertEqual(self.outcome(name, **{GESAMTPLAN: '2020-01-01'}), MET)
        self.assertEqual(self.outcome(name, **{GESAMTPLAN: '2020-01-02'}), NOT_MET)
        name = 'Budget für Ausbildung, first day'
        self.assertEqual(self.outcome(name, **{BUDGET: '2020-01-01'}), MET)
        self.assertEqual(self.outcome(name, **{BUDGET: '2021-01-01'}), NOT_MET)

    def test_only_open_answers_change(self):
        readings = {GESAMTPLAN: '2020-01-01', BUDGET: '2020-01-01', TRAINING: 'yes'}
        for question in random_questions(5, 2000):
            before, after = oracle.admit(question), oracle.admit(question, readings)
            self.assertEqual(after['open'], [])
            if before['outcome'] != UNDETERMINED:
                self.assertEqual(after['outcome'], before['outcome'])
            elif not before['open']:
                self.assertEqual(after['missing'], before['missing'])


class Properties(unittest.TestCase):
    def test_duties_share_no_facts(self):
        facts = [fact for _, names in oracle.DUTIES for fact in names]
        self.assertEqual(len(facts), len(set(facts)))
        read = facts + [fact for _, names in oracle.WARNINGS for fact in names]
        self.assertEqual(set(read), set(oracle.FACTS) | set(oracle.READINGS))

    def test_outcome_and_missing_are_those_of_all_completions_together(self):
        """Every completion of all unknown facts and open points at once, not duty by duty."""
        checked = 0
        for question in random_questions(11, 3000):
            known = oracle.parse_facts(question['facts'])
            case = oracle.case_of(question, question['policies'], {})
            free = [fact for _, names in oracle.DUTIES for fact in names
                    if len(oracle.values_of(fact, case, known)) > 1]
            if not 1 <= len(free) <= 6:
                continue
            checked += 1
            verdicts = {}
            for values in itertools.product(*(oracle.completions(fact) for fact in free)):
                full = known | dict(zip(free, values))
                full |= {point: settled for point in oracle.READINGS
                         if (settled := getattr(case, point)) is not None}
                verdicts[values] = not any(duty(case, full) for duty, _ in oracle.DUTIES)
            tips = {free[at] for values, verdict in verdicts.items() for at in range(len(free))
                    for other in oracle.completions(free[at])
                    if verdicts[values[:at] + (other,) + values[at + 1:]] != verdict}
            outcome = {(True,): MET, (False,): NOT_MET}.get(tuple(set(verdicts.values())),
                                                            UNDETERMINED)
            answer = oracle.admit(question)
            self.assertEqual(answer['outcome'], outcome, question)
            self.assertEqual(set(answer['missing'] + answer['open']), tips, question)
        self.assertGreater(checked, 500)

    def test_very_high_need_matters_through_the_basismodul_only(self):
        for question in random_questions(21, 3000):
            answers = [oracle.admit(with_facts(question, very_high_need=value))
                       for value in (None, 'no', 'yes')]
            under_n = 'nw-n' in question['policies'] and question['land'] == '05'
            due = (under_n and question['stage'] == BBB
                   and question['facts'].get('two_years_may_not_fit') != 'no'
                   and question['facts'].get('basismodul') != 'yes')
            if not due:
                self.assertEqual(answers[0], answers[1], question)
                self.assertEqual(answers[0], answers[2], question)
                continue
            for answer in answers:          # the Basismodul is all that differs
                answer['breaches'] = set(answer['breaches']) - {'BASISMODUL_MISSING'}
            for key in ('breaches', 'warnings', 'discretion', 'outcome_without_policies'):
                self.assertEqual(answers[0][key], answers[1][key], question)
                self.assertEqual(answers[0][key], answers[2][key], question)

    def test_a_further_fact_never_unsettles(self):
        """Adding a fact changes no certain outcome and takes back no breach, warning, discretion."""
        rnd = random.Random(31)
        for question in random_questions(31, 2500):
            unknown = [fact for fact in oracle.FACTS if fact not in question['facts']]
            if not unknown:
                continue
            before, fact = oracle.admit(question), rnd.choice(unknown)
            for value in json_values(fact):
                after = oracle.admit(with_facts(question, **{fact: value}))
                if before['outcome'] != UNDETERMINED:
                    self.assertEqual(after['outcome'], before['outcome'], (question, fact, value))
                for key in ('breaches', 'warnings', 'discretion'):
                    self.assertLessEqual(set(before[key]), set(after[key]), (question, fact))
                self.assertLessEqual(set(after['missing']), set(before['missing']) - {fact})

    def test_a_fact_that_is_not_missing_settles_nothing(self):
        for question in random_questions(32, 1500):
            before = oracle.admit(question)
            for fact in set(oracle.FACTS) - set(question['facts']) - set(before['missing']):
                for value in json_values(fact):
                    after = oracle.admit(with_facts(question, **{fact: value}))
                    self.assertEqual(after['outcome'], before['outcome'], (question, fact, value))

    def test_the_low_standard_only_helps(self):
        for question in random_questions(41, 2500):
            none, no, low = [RANK[oracle.admit(with_facts(question, mindestmass_low=value))['outcome']]
                             for value in (None, 'no', 'yes')]
            self.assertLessEqual(no, none)
            self.assertLessEqual(none, low)
            # Text N against federal law: with the low standard met, N asks for a plan and the
            # Basismodul, and that is all it can cost.
            answer = oracle.admit(with_facts(question, mindestmass_low='yes', teilhabeplan='yes',
                                             basismodul='yes'))
            self.assertLessEqual(RANK[answer['outcome_without_policies']], RANK[answer['outcome']])

    def test_text_t_only_helps(self):
        for question in random_questions(42, 2500):
            answer = oracle.admit(question | {'policies': ['th-t']})
            self.assertLessEqual(RANK[answer['outcome_without_policies']], RANK[answer['outcome']])

    def test_facts_of_another_stage_do_not_matter(self):
        elsewhere = {EV: ('ev_done', 'bbb_done', 'bbb_statement', 'labour_market_ability',
                          'labour_market_training', 'return_from', 'age_limit_reached',
                          'two_years_may_not_fit', 'basismodul'),
                     BBB: ('bbb_done', 'bbb_statement', 'labour_market_ability',
                           'labour_market_training', 'age_limit_reached'),
                     AB: ('ev_done', 'two_years_may_not_fit', 'basismodul', 'initial_months')}
        for question in random_questions(51, 1000):
            bare = with_facts(question, **dict.fromkeys(elsewhere[question['stage']]))
            self.assertEqual(oracle.admit(question), oracle.admit(bare), question)

    def test_another_land_takes_no_policy(self):
        for question in random_questions(52, 500):
            answer = oracle.admit(question | {'land': '09', 'policies': ['nw-n', 'th-t']})
            self.assertEqual(answer['outcome'], answer['outcome_without_policies'])

    def test_a_refused_person_is_told_why(self):
        for question in random_questions(53, 2000):
            answer = oracle.admit(question)
            self.assertEqual(bool(answer['breaches']), answer['outcome'] == NOT_MET, question)
            self.assertEqual(bool(answer['missing'] or answer['open']),
                             answer['outcome'] == UNDETERMINED, question)


class Input(unittest.TestCase):
    def refused(self, **changes):
        question = question_of(GOLDEN[0])
        with self.assertRaises(ValueError):
            oracle.admit(question | changes)

    def test_contradictions_and_unknown_values(self):
        self.refused(facts={'return_from': ['none', 'ala']})
        self.refused(facts={'exclusion_219': []})
        self.refused(facts={'exclusion_219': ['very_high_need']})
        self.refused(facts={'application_made': 'unknown'})
        self.refused(facts={'initial_months': -1})
        self.refused(facts={'grade': 'yes'})

    def test_question(self):
        self.refused(stage='general_labour_market')
        self.refused(provider_type='inklusionsbetrieb')
        self.refused(land='5')
        self.refused(policies=['nw-x'])
        self.refused(event_day='2017-12-31')
        self.refused(law_day='2017-12-31')
        self.refused(event_day='2018-02-30')

    def test_an_undeclared_fact_is_a_key_error(self):
        case = oracle.case_of(question_of(GOLDEN[0]), (), {})
        with self.assertRaises(KeyError):
            oracle.run(oracle.planning, ('teilhabeplan',), case, {})


class Generator(unittest.TestCase):
    def lines(self, *arguments):
        command = [sys.executable, os.path.join(HERE, arguments[0]), *arguments[1:]]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def test_same_seed_same_file_and_the_oracle_reads_it_back(self):
        arguments = ('generate_admission.py', '--seed', '3', '--count', '200')
        text = self.lines(*arguments)
        self.assertEqual(text, self.lines(*arguments))
        self.assertEqual(len(text.splitlines()), 200)
        file = os.path.join(os.environ.get('TMPDIR', '/tmp'), f'admission_{os.getpid()}.jsonl')
        try:
            with open(file, 'w', encoding='utf-8') as sink:
                sink.write(text)
            self.assertEqual(self.lines('admission_oracle.py', file), text)
        finally:
            os.remove(file)

    def test_every_outcome_and_reason_turns_up(self):
        seen, outcomes = set(), {}
        for question in random_questions(1, 6000):
            answer = oracle.admit(question)
            outcomes[answer['outcome']] = outcomes.get(answer['outcome'], 0) + 1
            for key in ('breaches', 'warnings', 'discretion', 'missing', 'open'):
                seen |= set(answer[key])
        self.assertTrue(all(outcomes[outcome] > 600 for outcome in RANK), outcomes)
        expected = {name for row in GOLDEN for column in EXPECTED_COLUMNS[1:]
                    for name in row[column].split('+') if name}
        self.assertEqual(seen, expected)

    def test_a_reading_reaches_the_answers(self):
        arguments = ('generate_admission.py', '--seed', '4', '--count', '500')
        closed = self.lines(*arguments, '--reading', 'training_route=no', '--reading',
                            f'{GESAMTPLAN}=2020-01-01', '--reading', f'{BUDGET}=2020-01-01')
        self.assertTrue(any(json.loads(line)['answer']['open']
                            for line in self.lines(*arguments).splitlines()))
        self.assertFalse(any(json.loads(line)['answer']['open'] for line in closed.splitlines()))


if __name__ == '__main__':
    unittest.main()
