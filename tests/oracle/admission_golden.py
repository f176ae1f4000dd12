#!/usr/bin/env python3
"""The golden rows of admission, derived by hand from the law and the two Land texts, not by running
the oracle. admission_golden.csv holds the same rows; `source` says where each comes from.

    admission_golden.py        writes admission_golden.csv
"""

import csv
import os

import admission_oracle as oracle

GOLDEN_FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'admission_golden.csv')
QUESTION_COLUMNS = ('stage', 'provider_type', 'land', 'event_day', 'decision_day', 'law_day',
                    'policies')
EXPECTED_COLUMNS = ('outcome', 'breaches', 'warnings', 'discretion', 'missing', 'open')
MET, NOT_MET, UNDETERMINED = oracle.MET, oracle.NOT_MET, oracle.UNDETERMINED
EV, BBB, AB = oracle.STAGES
GESAMTPLAN, BUDGET, TRAINING = oracle.READINGS

GOLDEN = []

# Persons with nothing in the way, as far as federal law asks. None of them rests on a policy.
PERSON = dict(application_made='yes', teilhabeplan='no', gesamtplan='no', several_traeger='no',
              fachausschuss='yes', needs_determined='yes', personenkreis='yes', better_access='no',
              mindestmass='yes', exclusion_219='none')
ENTRY = (EV, PERSON | dict(initial_months='3'))
TRAINING_AREA = (BBB, PERSON | dict(ev_done='yes', initial_months='12'))
WORK = (AB, PERSON | dict(gesamtplan='yes', ev_done='yes', bbb_done='yes', bbb_statement='yes',
                          age_limit_reached='no'))
# The same in NRW under N: with a Teilhabeplan, so without the Fachausschuss.
PLANNED = dict(teilhabeplan='yes', fachausschuss='no')
ENTRY_N = (EV, ENTRY[1] | PLANNED)
TRAINING_AREA_N = (BBB, TRAINING_AREA[1] | PLANNED | dict(very_high_need='no'))
WORK_N = (AB, WORK[1] | PLANNED)
# Somebody who never was in a Berufsbildungsbereich and asks for the Arbeitsbereich.
DIRECT = (AB, WORK[1] | dict(ev_done='no', bbb_done='no', bbb_statement=None, return_from='none',
                             labour_market_ability='no', labour_market_training='no'))


def golden(source, name, base, outcome, *, breaches='', warnings='', discretion='', missing='',
           open='', provider='wfbm', land='05', day='2025-03-03', decided=None, law='',
           policies='', **facts):
    """One row: a base person with some facts changed (None: unknown)."""
    stage, usual = base
    facts = {fact: value for fact, value in (usual | facts).items() if value is not None}
    GOLDEN.append(dict(
        name=name, source=source, stage=stage, provider_type=provider, land=land, event_day=day,
        decision_day=decided or day, law_day=law, policies=policies,
        **{fact: facts.pop(fact, '') for fact in oracle.FACTS}, outcome=outcome,
        breaches=breaches, warnings=warnings, discretion=discretion, missing=missing, open=open))
    assert not facts, facts


N = dict(policies='nw-n')
T = dict(policies='th-t', land='16', provider='ala')
ALA = dict(provider='ala', discretion='ALA')

# Nothing in the way
golden('§ 57 I Nr. 1, II SGB IX', 'EV, WfbM', ENTRY, MET)
golden('§ 57 I Nr. 2, III SGB IX', 'BBB, WfbM', TRAINING_AREA, MET)
golden('§ 58 I SGB IX', 'AB, WfbM', WORK, MET)
golden('§ 60 I, III SGB IX; T-07', 'EV, aLA: discretion', ENTRY, MET, **ALA)
golden('§ 60 I, III SGB IX; T-07', 'BBB, aLA: discretion', TRAINING_AREA, MET, **ALA)
golden('§ 60 I, III SGB IX; T-07, T-31', 'AB, aLA: discretion', WORK, MET, land='16', **ALA)
golden('§ 60 III SGB IX; T-31', 'AB, aLA under T: same discretion', WORK, MET, discretion='ALA',
       **T)
golden('§ 60 III SGB IX since 2018', 'AB, aLA, first day of SGB IX', WORK, MET, day='2018-01-01',
       **ALA)
golden('N-04, § 2 Ia WVO', 'EV under N', ENTRY_N, MET, **N)
golden('N-04, N-08', 'BBB under N, no very high need', TRAINING_AREA_N, MET, **N)
golden('N-04, N-09', 'AB under N', WORK_N, MET, **N)
golden('N-03 "WfbM and aLA alike"', 'AB under N, aLA', WORK_N, MET, discretion='ALA',
       provider='ala', **N)
golden('§ 57, § 58 SGB IX', 'another Land', TRAINING_AREA, MET, land='09')

# APPLICATION_MISSING
golden('§ 108 I SGB IX', 'EV without application', ENTRY, NOT_MET, breaches='APPLICATION_MISSING',
       application_made='no')
golden('law.md 10 no. 3', 'BBB without application', TRAINING_AREA, NOT_MET,
       breaches='APPLICATION_MISSING', application_made='no')
golden('§ 108 SGB IX; law.md 10 no. 3', 'AB without new application', WORK, NOT_MET,
       breaches='APPLICATION_MISSING', application_made='no')
golden('law.md 10 no. 3', 'AB without new application, 2019', WORK, NOT_MET,
       breaches='APPLICATION_MISSING', application_made='no', day='2019-06-03')
golden('§ 108 SGB IX', 'application unknown', WORK, UNDETERMINED, missing='application_made',
       application_made=None)
golden('§ 60 III, § 108 SGB IX', 'aLA, no application: kann does not mend it', WORK, NOT_MET,
       breaches='APPLICATION_MISSING', application_made='no', **ALA)

# NO_TEILHABEPLAN by § 19
golden('§ 19 I SGB IX', 'EV, several Träger, no plan', ENTRY, NOT_MET, breaches='NO_TEILHABEPLAN',
       several_traeger='yes')
golden('§ 19 I SGB IX; § 2 Ia WVO', 'EV, several Träger, plan', ENTRY, MET, several_traeger='yes',
       **PLANNED)
golden('§ 19 I SGB IX', 'BBB, several Träger, no plan', TRAINING_AREA, NOT_MET,
       breaches='NO_TEILHABEPLAN', several_traeger='yes')
golden('§ 19 I SGB IX; law.md 9 row 26', 'EV, one Träger, no wish: no plan needed', ENTRY, MET,
       several_traeger='no')
golden('§ 19 I SGB IX', 'EV, no plan, several Träger unknown', ENTRY, UNDETERMINED,
       missing='several_traeger', several_traeger=None)
golden('§ 19 I SGB IX', 'EV, several Träger, plan unknown', ENTRY, UNDETERMINED,
       missing='teilhabeplan', several_traeger='yes', teilhabeplan=None)
golden('§ 19 I SGB IX', 'EV, plan and several Träger unknown', ENTRY, UNDETERMINED,
       missing='several_traeger+teilhabeplan', several_traeger=None, teilhabeplan=None)
golden('§ 19, § 21 SGB IX (supplements)', 'AB, several Träger, Gesamtplan alone', WORK, NOT_MET,
       breaches='NO_TEILHABEPLAN', several_traeger='yes')
golden('§ 19, § 21 SGB IX', 'AB, several Träger, both plans', WORK, MET, several_traeger='yes',
       **PLANNED)

# NO_TEILHABEPLAN by §§ 120, 121 / §§ 144, 145 SGB XII
golden('§§ 120, 121 SGB IX', 'AB without Gesamtplan', WORK, NOT_MET, breaches='NO_TEILHABEPLAN',
       gesamtplan='no')
golden('§§ 120, 121 SGB IX', 'AB, Teilhabeplan but no Gesamtplan', WORK, NOT_MET,
       breaches='NO_TEILHABEPLAN', gesamtplan='no', **PLANNED)
golden('§§ 144, 145 SGB XII', 'AB without Gesamtplan, 2019', WORK, NOT_MET,
       breaches='NO_TEILHABEPLAN', gesamtplan='no', day='2019-12-31')
golden('§§ 120, 121 SGB IX', 'AB, Gesamtplan unknown', WORK, UNDETERMINED, missing='gesamtplan',
       gesamtplan=None)
golden('§ 63 I SGB IX: EGH never EV', 'EV needs no Gesamtplan', ENTRY, MET, gesamtplan='no')
golden('§ 63 I SGB IX: EGH never BBB', 'BBB needs no Gesamtplan', TRAINING_AREA, MET,
       gesamtplan='no', day='2019-12-31')

# NO_TEILHABEPLAN by N-04
golden('N-04', 'EV under N without plan', ENTRY, NOT_MET, breaches='NO_TEILHABEPLAN', **N)
golden('N-04', 'BBB under N without plan', TRAINING_AREA, NOT_MET, breaches='NO_TEILHABEPLAN',
       very_high_need='no', **N)
golden('N-04 beside §§ 120, 121', 'AB under N, Gesamtplan alone', WORK, NOT_MET,
       breaches='NO_TEILHABEPLAN', **N)
golden('N-04', 'EV under N, plan unknown', ENTRY, UNDETERMINED, missing='teilhabeplan',
       teilhabeplan=None, **N)
golden('N-17', 'NRW before the last signature: federal law alone', ENTRY, MET, policies='')
golden('N-17, law.md 9a', 'N is Land law: not in Thüringen', ENTRY, MET, land='16', **N)
golden('N-04', 'EV under N, aLA, without plan', ENTRY, NOT_MET, breaches='NO_TEILHABEPLAN',
       discretion='ALA', provider='ala', **N)
golden('T: no such rule', 'T asks for no Teilhabeplan', WORK, MET, discretion='ALA', **T)

# FACHAUSSCHUSS_MISSING
golden('§ 2 II WVO; law.md 10 no. 23', 'EV of a pure BA case', ENTRY, NOT_MET,
       breaches='FACHAUSSCHUSS_MISSING', fachausschuss='no')
golden('§ 3 III WVO', 'BBB, no procedure', TRAINING_AREA, NOT_MET, breaches='FACHAUSSCHUSS_MISSING',
       fachausschuss='no')
golden('§ 60 II SGB IX, § 2 WVO; T-103, law.md 9 row 22', 'EV at an aLA too', ENTRY, NOT_MET,
       breaches='FACHAUSSCHUSS_MISSING', fachausschuss='no', **ALA)
golden('§ 2 Ia 1 WVO; T-101', 'EV, Teilhabeplan silences it', ENTRY, MET, teilhabeplan='yes',
       fachausschuss='no')
golden('§ 2 Ia 1 WVO', 'EV, Teilhabeplan silences it in 2018', ENTRY, MET, teilhabeplan='yes',
       fachausschuss='no', day='2018-01-01')
golden('§ 2 Ia 1 WVO', 'EV, Teilhabeplan: unknown Fachausschuss does not matter', ENTRY, MET,
       teilhabeplan='yes', fachausschuss=None)
golden('§ 2 Ia 2 WVO', 'AB, Gesamtplan silences it today', WORK, MET, fachausschuss='no')
golden('§ 2 Ia 2 WVO; law.md 9 row 7', 'AB, Gesamtplan, text of Aug 2021', WORK, MET,
       fachausschuss='no', day='2021-08-01')
golden('§ 2 Ia 2 WVO, entry unconfirmed', 'AB, Gesamtplan, July 2021', WORK, UNDETERMINED,
       open=GESAMTPLAN, fachausschuss='no', day='2021-07-31')
golden('§ 2 Ia 2 WVO, entry unconfirmed', 'AB, Gesamtplan, 2020', WORK, UNDETERMINED,
       open=GESAMTPLAN, fachausschuss='no', day='2020-01-01')
golden('§ 2 Ia WVO May 2018; law.md 9 row 7', 'AB, Gesamtplan does not silence it in May 2018',
       WORK, NOT_MET, breaches='FACHAUSSCHUSS_MISSING', fachausschuss='no', day='2018-05-15')
golden('§ 2 Ia WVO May 2018', 'AB, law_day picks the text', WORK, NOT_MET,
       breaches='FACHAUSSCHUSS_MISSING', fachausschuss='no', law='2018-05-31')
golden('§ 2 Ia 2 WVO', 'AB of 2018 by the law of today', WORK, MET, fachausschuss='no',
       day='2018-05-15', law='2025-01-01')
golden('§ 2 Ia 2 WVO, entry unconfirmed', 'AB, Gesamtplan, 2020, statement is there', WORK, MET,
       fachausschuss='yes', day='2020-01-01')
golden('§ 2 Ia 2 WVO, entry unconfirmed', 'AB, Gesamtplan, 2020, statement unknown', WORK,
       UNDETERMINED, missing='fachausschuss', open=GESAMTPLAN, fachausschuss=None, day='2020-01-01')
golden('§ 2 II WVO', 'EV, statement unknown', ENTRY, UNDETERMINED, missing='fachausschuss',
       fachausschuss=None)
golden('§ 2 Ia WVO', 'EV, statement, plans unknown', ENTRY, UNDETERMINED,
       missing='fachausschuss+gesamtplan+teilhabeplan', fachausschuss=None, gesamtplan=None,
       teilhabeplan=None)
golden('§§ 120, 121 SGB IX; § 2 II WVO', 'AB, no procedure at all', WORK, NOT_MET,
       breaches='FACHAUSSCHUSS_MISSING+NO_TEILHABEPLAN', gesamtplan='no', fachausschuss='no')
golden('N-04; § 2 Ia 1 WVO', 'EV under N, plan: no Fachausschuss', ENTRY_N, MET, fachausschuss='no',
       **N)

# NEEDS_NOT_DETERMINED, NOT_ENTITLED
golden('§ 13 SGB IX', 'EV, need not determined', ENTRY, NOT_MET, breaches='NEEDS_NOT_DETERMINED',
       needs_determined='no')
golden('§ 13 SGB IX; T-30', 'AB at an aLA, need not determined', WORK, NOT_MET,
       breaches='NEEDS_NOT_DETERMINED', needs_determined='no', discretion='ALA', **T)
golden('§ 13 SGB IX; N-04', 'BBB under N, need not determined', TRAINING_AREA_N, NOT_MET,
       breaches='NEEDS_NOT_DETERMINED', needs_determined='no', **N)
golden('§ 13 SGB IX', 'need unknown', TRAINING_AREA, UNDETERMINED, missing='needs_determined',
       needs_determined=None)
golden('§ 57 I SGB IX', 'EV, not of the group', ENTRY, NOT_MET, breaches='NOT_ENTITLED',
       personenkreis='no')
golden('§ 57 I Nr. 2 SGB IX', 'BBB, not of the group', TRAINING_AREA, NOT_MET,
       breaches='NOT_ENTITLED', personenkreis='no')
golden('§ 53 SGB XII; T-20', 'AB, not of the group, May 2018', WORK, NOT_MET,
       breaches='NOT_ENTITLED', personenkreis='no', discretion='ALA', day='2018-05-15', **T)
golden('§ 99 SGB IX', 'AB, not of the group, today', WORK, NOT_MET, breaches='NOT_ENTITLED',
       personenkreis='no')
golden('§ 99 SGB IX', 'AB, group unknown', WORK, UNDETERMINED, missing='personenkreis',
       personenkreis=None)

# BETTER_ACCESS
golden('§ 58 I 1 SGB IX', 'AB, general labour market possible', WORK, NOT_MET,
       breaches='BETTER_ACCESS', better_access='yes')
golden('§ 58 I 1 SGB IX; T-30', 'AB at an aLA, labour market possible', WORK, NOT_MET,
       breaches='BETTER_ACCESS', better_access='yes', discretion='ALA', **T)
golden('§ 219 II with I SGB IX; N-05', 'EV, better access', ENTRY, NOT_MET,
       breaches='BETTER_ACCESS', better_access='yes')
golden('§ 219 II with I SGB IX; N-05', 'BBB, better access', TRAINING_AREA, NOT_MET,
       breaches='BETTER_ACCESS', better_access='yes')
golden('§ 58 I 1 SGB IX; N-05 "determined separately"', 'AB, better access unknown', WORK,
       UNDETERMINED, missing='better_access', better_access=None)
golden('N-05 "determined separately"', 'AB, group and better access unknown', WORK, UNDETERMINED,
       missing='better_access+personenkreis', better_access=None, personenkreis=None)
golden('§ 220 III "Leistungsberechtigte"', 'return does not do without § 58 I 1', DIRECT, NOT_MET,
       breaches='BETTER_ACCESS', return_from='ala', better_access='yes')

# Mindestmaß
LACKS = dict(mindestmass='no')
golden('§ 58 I 1 SGB IX', 'AB, no Mindestmaß', WORK, NOT_MET, breaches='NO_MINDESTMASS', **LACKS)
golden('§ 57 I Nr. 2 SGB IX', 'BBB, not expected after it', TRAINING_AREA, NOT_MET,
       breaches='NO_MINDESTMASS', **LACKS)
golden('law.md 4 § 57: EV refused only with reasoned prognosis', 'EV, reasoned prognosis', ENTRY,
       NOT_MET, breaches='NO_MINDESTMASS', reasoned_prognosis='yes', **LACKS)
golden('law.md 4 § 57: doubt -> EV', 'EV, no reasoned prognosis', ENTRY, MET,
       reasoned_prognosis='no', **LACKS)
golden('law.md 4 § 57: doubt -> EV', 'EV, nothing known of Mindestmaß, no prognosis on record',
       ENTRY, MET, reasoned_prognosis='no', mindestmass=None)
golden('law.md 4 § 57', 'EV, not expected, prognosis unknown', ENTRY, UNDETERMINED,
       missing='reasoned_prognosis', reasoned_prognosis=None, **LACKS)
golden('law.md 4 § 57', 'EV, Mindestmaß and prognosis unknown', ENTRY, UNDETERMINED,
       missing='mindestmass+reasoned_prognosis', reasoned_prognosis=None, mindestmass=None)
golden('§ 57 I Nr. 2 SGB IX', 'BBB, unknown', TRAINING_AREA, UNDETERMINED, missing='mindestmass',
       mindestmass=None)
golden('§ 57 I Nr. 2 SGB IX: positive condition', 'BBB, not expected, no prognosis on record',
       TRAINING_AREA, NOT_MET, breaches='NO_MINDESTMASS', reasoned_prognosis='no', **LACKS)
golden('N-03', 'AB under N, low standard', WORK_N, MET, discretion='LOW_STANDARD',
       mindestmass_low='yes', **LACKS, **N)
golden('N-03', 'BBB under N, low standard', TRAINING_AREA_N, MET, discretion='LOW_STANDARD',
       mindestmass_low='yes', **LACKS, **N)
golden('N-03; law.md 4 § 57 "goes first there"', 'EV under N, low standard against a prognosis',
       ENTRY_N, MET, discretion='LOW_STANDARD', mindestmass_low='yes', reasoned_prognosis='yes',
       **LACKS, **N)
golden('N-03', 'AB under N, not even the low one', WORK_N, NOT_MET, breaches='NO_MINDESTMASS',
       mindestmass_low='no', **LACKS, **N)
golden('N-03', 'AB under N, low one unknown', WORK_N, UNDETERMINED, missing='mindestmass_low',
       **LACKS, **N)
golden('N-03 "can only help"', 'AB under N, general standard met, low one no', WORK_N, MET,
       mindestmass_low='no', **N)
golden('N-03', 'AB under N, general unknown, low one met', WORK_N, MET, mindestmass_low='yes',
       mindestmass=None, **N)
golden('N-17', 'AB in NRW without N, low standard is nothing', WORK, NOT_MET,
       breaches='NO_MINDESTMASS', mindestmass_low='yes', **LACKS)
golden('N-03', 'AB in Thüringen, low standard is nothing', WORK, NOT_MET, breaches='NO_MINDESTMASS',
       mindestmass_low='yes', discretion='ALA', **LACKS, **T)
golden('N-03', 'AB in Thüringen with a foreign policy', WORK, NOT_MET, breaches='NO_MINDESTMASS',
       mindestmass_low='yes', land='16', **LACKS, **N)
golden('N-03 "WfbM and aLA alike"', 'AB under N, low standard at an aLA', WORK_N, MET,
       discretion='ALA+LOW_STANDARD', mindestmass_low='yes', provider='ala', **LACKS, **N)

# EXCLUDED_219
REASONED = dict(reasoned_prognosis='yes')
golden('§ 219 II 2 SGB IX', 'AB, danger', WORK, NOT_MET, breaches='EXCLUDED_219',
       exclusion_219='danger', **REASONED)
golden('§ 219 II 2 SGB IX', 'BBB, extent of care', TRAINING_AREA, NOT_MET, breaches='EXCLUDED_219',
       exclusion_219='care_extent', **REASONED)
golden('§ 219 II 2 SGB IX', 'EV, lasting circumstances', ENTRY, NOT_MET, breaches='EXCLUDED_219',
       exclusion_219='lasting_circumstances', **REASONED)
golden('§ 219 II 2 SGB IX', 'EV, two grounds', ENTRY, NOT_MET, breaches='EXCLUDED_219',
       exclusion_219='care_extent+danger', **REASONED)
golden('law.md 4 § 219, 10 no. 14', 'EV, danger without a reasoned prognosis', ENTRY, MET,
       exclusion_219='danger', reasoned_prognosis='no')
golden('law.md 10 no. 14', 'AB, danger, prognosis unknown', WORK, UNDETERMINED,
       missing='reasoned_prognosis', exclusion_219='danger')
golden('§ 219 II 2 SGB IX', 'AB, grounds unknown, prognosis yes', WORK, UNDETERMINED,
       missing='exclusion_219', exclusion_219=None, **REASONED)
golden('§ 219 II 2 SGB IX', 'AB, grounds and prognosis unknown', WORK, UNDETERMINED,
       missing='exclusion_219+reasoned_prognosis', exclusion_219=None)
golden('§ 219 II 2 SGB IX', 'AB, grounds unknown, no prognosis', WORK, MET, exclusion_219=None,
       reasoned_prognosis='no')
golden('§ 219 II 2 SGB IX', 'BBB, care and no Mindestmaß', TRAINING_AREA, NOT_MET,
       breaches='EXCLUDED_219+NO_MINDESTMASS', exclusion_219='care_extent', mindestmass='no',
       **REASONED)
golden('§ 219 II 2 SGB IX; N-02 "what remains is § 219 II"',
       'AB under N, exclusion stands beside the low standard', WORK_N, NOT_MET,
       breaches='EXCLUDED_219', discretion='LOW_STANDARD', exclusion_219='danger', mindestmass='no',
       mindestmass_low='yes', **REASONED, **N)
golden('§ 219 II 2 SGB IX', 'EV, danger, prognosis and Mindestmaß unknown: only the prognosis tips',
       ENTRY, UNDETERMINED, missing='reasoned_prognosis', exclusion_219='danger', mindestmass=None)
golden('§ 220 I Nr. 3 SGB IX; N-02', 'AB, very high need is no ground', WORK, MET,
       very_high_need='yes')
golden('§ 220 I Nr. 3 SGB IX; N-06', 'EV under N, very high need is no ground', ENTRY_N, MET,
       very_high_need='yes', two_years_may_not_fit='yes', basismodul='no', **N)

# STAGE_OUT_OF_ORDER
golden('§ 57 I, § 3 WVO', 'BBB without EV', TRAINING_AREA, NOT_MET, breaches='STAGE_OUT_OF_ORDER',
       ev_done='no', return_from='none')
golden('§ 57 I, § 3 WVO', 'BBB, EV unknown', TRAINING_AREA, UNDETERMINED, missing='ev_done',
       ev_done=None, return_from='none')
golden('§ 58 I 2 SGB IX', 'AB without BBB', DIRECT, NOT_MET, breaches='STAGE_OUT_OF_ORDER')
golden('§ 58 I 2 SGB IX "im Anschluss an Leistungen im Berufsbildungsbereich"',
       'AB, BBB done, EV not on record', WORK, MET, ev_done='no')
golden('§ 57 I SGB IX', 'EV asks for nothing before', ENTRY, MET, ev_done='no', bbb_done='no')
golden('§ 58 I 2 SGB IX; T-23', 'direct admission, WfbM', DIRECT, MET,
       discretion='DIRECT_ADMISSION', labour_market_ability='yes')
golden('§ 58 I 2 SGB IX; T-23', 'direct admission, aLA', DIRECT, MET,
       discretion='ALA+DIRECT_ADMISSION', labour_market_ability='yes', provider='ala', land='16')
golden('§ 58 I 2 SGB IX: AB only', 'BBB, ability from the labour market does not skip the EV',
       TRAINING_AREA, NOT_MET, breaches='STAGE_OUT_OF_ORDER', ev_done='no', return_from='none',
       labour_market_ability='yes')
golden('§ 58 I 2 SGB IX', 'ability unknown', DIRECT, UNDETERMINED, missing='labour_market_ability',
       labour_market_ability=None)
golden('§ 58 I 2 SGB IX', 'BBB and ability unknown', DIRECT, UNDETERMINED,
       missing='bbb_done+labour_market_ability', bbb_done=None, labour_market_ability=None)
golden('§ 58 I 2 SGB IX', 'BBB done: ability gives no discretion', WORK, MET,
       labour_market_ability='yes')

# Training: T only
TRAINED = dict(labour_market_training='yes')
golden('§ 58 I 2 SGB IX; law.md 9 row 10', 'training, federal law', DIRECT, NOT_MET,
       breaches='STAGE_OUT_OF_ORDER', discretion='ALA', provider='ala', land='16', **TRAINED)
golden('T-23 against § 58 I 2 (row 10)', 'training under T: open', DIRECT, UNDETERMINED,
       discretion='ALA+TRAINING_ROUTE', open=TRAINING, **TRAINED, **T)
golden('T-00: AB of aLA only', 'training under T, WfbM', DIRECT, NOT_MET,
       breaches='STAGE_OUT_OF_ORDER', land='16', policies='th-t', **TRAINED)
golden('T is Land law', 'training in NRW with a foreign policy', DIRECT, NOT_MET,
       breaches='STAGE_OUT_OF_ORDER', discretion='ALA', provider='ala', policies='th-t', **TRAINED)
golden('T of 2018-05-15; law.md 9a', 'training, decided the day before T', DIRECT, NOT_MET,
       breaches='STAGE_OUT_OF_ORDER', discretion='ALA', day='2018-06-01', decided='2018-05-14',
       **TRAINED, **T)
golden('T of 2018-05-15; law.md 9a', 'training, decided on the day of T', DIRECT, UNDETERMINED,
       discretion='ALA+TRAINING_ROUTE', open=TRAINING, day='2018-06-01', decided='2018-05-15',
       **TRAINED, **T)
golden('T-00', 'training under T, BBB', TRAINING_AREA, NOT_MET, breaches='STAGE_OUT_OF_ORDER',
       discretion='ALA', ev_done='no', return_from='none', **TRAINED, **T)
golden('§ 58 I 2 SGB IX', 'employment and training under T', DIRECT, MET,
       discretion='ALA+DIRECT_ADMISSION', labour_market_ability='yes', **TRAINED, **T)
golden('T-23 against § 58 I 2 (row 10)', 'under T, training unknown', DIRECT, UNDETERMINED,
       discretion='ALA', missing='labour_market_training', open=TRAINING,
       labour_market_training=None, **T)
golden('§ 58 I 2 SGB IX', 'federal law, training unknown does not matter', DIRECT, NOT_MET,
       breaches='STAGE_OUT_OF_ORDER', labour_market_training=None)

# Return
golden('§ 220 III SGB IX', 'AB, back from the labour market', DIRECT, MET,
       return_from='general_labour_market')
golden('§ 220 III SGB IX; T-91', 'AB, back from an aLA', DIRECT, MET, return_from='ala', land='16')
golden('§ 220 III SGB IX; T-91', 'AB, back from an aLA, 2018', DIRECT, MET, return_from='ala',
       day='2018-05-15', land='16')
golden('§ 220 III SGB IX', 'AB, back from the Budget für Arbeit', DIRECT, MET,
       return_from='budget_fuer_arbeit')
golden('§ 220 III SGB IX', 'AB, back from the Budget für Ausbildung', DIRECT, MET,
       return_from='budget_fuer_ausbildung')
golden('§ 220 III SGB IX, text of March 2022', 'Budget für Ausbildung, March 2022', DIRECT, MET,
       return_from='budget_fuer_ausbildung', day='2022-03-01')
golden('§ 220 III SGB IX, start inferred', 'Budget für Ausbildung, February 2022', DIRECT,
       UNDETERMINED, open=BUDGET, return_from='budget_fuer_ausbildung', day='2022-02-28')
golden('§ 220 III SGB IX, start inferred', 'Budget für Ausbildung, first day', DIRECT, UNDETERMINED,
       open=BUDGET, return_from='budget_fuer_ausbildung', day='2020-01-01')
golden('§ 61a since 2020; law.md 9 row 13', 'Budget für Ausbildung, 2019: there is none', DIRECT,
       NOT_MET, breaches='STAGE_OUT_OF_ORDER', return_from='budget_fuer_ausbildung',
       day='2019-12-31')
golden('§ 220 III SGB IX', 'from one WfbM to another is no return', DIRECT, NOT_MET,
       breaches='STAGE_OUT_OF_ORDER', return_from='wfbm')
golden('T-92', 'AB at an aLA, back from the labour market: no right', DIRECT, NOT_MET,
       breaches='STAGE_OUT_OF_ORDER', return_from='general_labour_market', **ALA)
golden('T-92', 'AB at an aLA, back from the WfbM, BBB done', WORK, MET, return_from='wfbm', **ALA)
golden('T-92', 'AB at an aLA, back from another aLA: no right', DIRECT, NOT_MET,
       breaches='STAGE_OUT_OF_ORDER', discretion='ALA', return_from='ala', **T)
golden('§ 220 III SGB IX', 'BBB, back from an aLA: EV is not begun again', TRAINING_AREA, MET,
       ev_done='no', return_from='ala')
golden('§ 220 III SGB IX', 'two ways back, one counts', DIRECT, MET,
       return_from='budget_fuer_arbeit+wfbm')
golden('§ 220 III SGB IX', 'AB, way back unknown', DIRECT, UNDETERMINED, missing='return_from',
       return_from=None)
golden('T-92', 'AB at an aLA, way back unknown does not matter', DIRECT, NOT_MET,
       breaches='STAGE_OUT_OF_ORDER', return_from=None, **ALA)
golden('§ 220 III SGB IX', 'right of return: ability gives no discretion', DIRECT, MET,
       return_from='ala', labour_market_ability='yes')
golden('§ 220 III "Leistungsberechtigte", § 219 II', 'return without Mindestmaß', DIRECT, NOT_MET,
       breaches='NO_MINDESTMASS', return_from='general_labour_market', mindestmass='no')

# BASISMODUL_MISSING
SHORT = dict(very_high_need='yes', two_years_may_not_fit='yes')
golden('N-08', 'BBB under N, no Basismodul', TRAINING_AREA_N, NOT_MET,
       breaches='BASISMODUL_MISSING', basismodul='no', **SHORT, **N)
golden('N-08', 'BBB under N, Basismodul', TRAINING_AREA_N, MET, basismodul='yes', **SHORT, **N)
golden('N-08', 'BBB under N, at an aLA', TRAINING_AREA_N, NOT_MET, breaches='BASISMODUL_MISSING',
       basismodul='no', **SHORT, **ALA, **N)
golden('N-08 "for others says nothing"', 'BBB under N, two years fit', TRAINING_AREA_N, MET,
       very_high_need='yes', two_years_may_not_fit='no', basismodul='no', **N)
golden('N-08 "for others says nothing"',
       'BBB under N, two years may not fit, but no very high need', TRAINING_AREA_N, MET,
       very_high_need='no', two_years_may_not_fit='yes', basismodul='no', **N)
golden('N-17', 'BBB in NRW without N', TRAINING_AREA, MET, basismodul='no', **SHORT)
golden('N-08', 'BBB in Thüringen', TRAINING_AREA, MET, basismodul='no', land='16', **SHORT)
golden('N-08: Berufsbildungsbereich (N-12)', 'AB under N asks for no Basismodul', WORK_N, MET,
       basismodul='no', **SHORT, **N)
golden('N-08', 'BBB under N, Basismodul unknown', TRAINING_AREA_N, UNDETERMINED,
       missing='basismodul', **SHORT, **N)
golden('N-08', 'BBB under N, nothing known of N-08', TRAINING_AREA_N, UNDETERMINED,
       missing='basismodul+two_years_may_not_fit+very_high_need', very_high_need=None, **N)
golden('N-08', 'BBB under N, need unknown, Basismodul offered', TRAINING_AREA_N, MET,
       very_high_need=None, basismodul='yes', **N)

# Durations
golden('§ 57 II SGB IX', 'EV, two months granted', ENTRY, NOT_MET, breaches='INITIAL_TOO_SHORT',
       initial_months='2')
golden('§ 57 II 2 SGB IX: during the EV; law.md 10 no. 11', 'EV, one month granted ex ante', ENTRY,
       NOT_MET, breaches='INITIAL_TOO_SHORT', initial_months='1')
golden('§ 57 II SGB IX', 'EV, none granted', ENTRY, NOT_MET, breaches='INITIAL_TOO_SHORT',
       initial_months='0')
golden('§ 57 II 1 SGB IX "für drei Monate"', 'EV, four months granted', ENTRY, NOT_MET,
       breaches='TOO_LONG', initial_months='4')
golden('§ 57 II SGB IX', 'EV, months unknown', ENTRY, UNDETERMINED, missing='initial_months',
       initial_months=None)
golden('§ 57 III 2 SGB IX', 'BBB, 13 months', TRAINING_AREA, MET, warnings='FIRST_GRANT_LONG',
       initial_months='13')
golden('§ 57 III 1, 2 SGB IX', 'BBB, 24 months', TRAINING_AREA, MET, warnings='FIRST_GRANT_LONG',
       initial_months='24')
golden('§ 57 III 1, 2 SGB IX', 'BBB, 25 months', TRAINING_AREA, NOT_MET, breaches='TOO_LONG',
       warnings='FIRST_GRANT_LONG', initial_months='25')
golden('§ 57 III 2 SGB IX', 'BBB, six months: no rule with a reason', TRAINING_AREA, MET,
       initial_months='6')
golden('§ 57 III SGB IX', 'BBB, months unknown', TRAINING_AREA, UNDETERMINED,
       missing='initial_months', initial_months=None)
golden('§ 58 I 3 SGB IX', 'AB, months do not matter', WORK, MET, initial_months='36')
golden('N-08 is no ground to shorten (row 28)', 'EV under N, short for very high need', ENTRY_N,
       NOT_MET, breaches='INITIAL_TOO_SHORT', initial_months='1', **SHORT, **N)

# Warnings
golden('§ 58 I 3 SGB IX', 'AB, Regelaltersgrenze', WORK, MET, warnings='AGE_LIMIT',
       age_limit_reached='yes')
golden('§ 58 I 3 SGB IX', 'AB at an aLA, Regelaltersgrenze', WORK, MET, warnings='AGE_LIMIT',
       age_limit_reached='yes', **ALA)
golden('§ 58 I 3 SGB IX: AB only', 'BBB, Regelaltersgrenze', TRAINING_AREA, MET,
       age_limit_reached='yes')
golden('§ 58 I 3 SGB IX: soft', 'AB, age unknown', WORK, MET, age_limit_reached=None)
golden('§ 119 II 1 Nr. 1 SGB IX; T-22', 'AB, no statement at the end of the BBB', WORK, MET,
       warnings='STATEMENT_MISSING', bbb_statement='no')
golden('§ 119 II 1 Nr. 1 SGB IX', 'AB, statement unknown', WORK, MET, bbb_statement=None)
golden('§ 58 I 2 SGB IX', 'direct admission: no BBB, no statement', DIRECT, MET,
       discretion='DIRECT_ADMISSION', labour_market_ability='yes', bbb_statement='no')
golden('§ 58 I 3, § 119 SGB IX', 'AB, both warnings', WORK, MET,
       warnings='AGE_LIMIT+STATEMENT_MISSING', age_limit_reached='yes', bbb_statement='no')

# Several, and nothing known
golden('§ 13, § 57, § 58 SGB IX', 'AB, three breaches', WORK, NOT_MET,
       breaches='BETTER_ACCESS+NEEDS_NOT_DETERMINED+NOT_ENTITLED', needs_determined='no',
       personenkreis='no', better_access='yes')
golden('strong Kleene', 'a certain breach beside an unknown fact', WORK, NOT_MET,
       breaches='NOT_ENTITLED', personenkreis='no', better_access=None)
golden('§ 57 I Nr. 1 SGB IX', 'EV, nothing known', (EV, {}), UNDETERMINED,
       missing='application_made+better_access+exclusion_219+fachausschuss+gesamtplan+'
               'initial_months+mindestmass+needs_determined+personenkreis+reasoned_prognosis+'
               'several_traeger+teilhabeplan')
golden('§ 57 I Nr. 2 SGB IX; N-04, N-08', 'BBB under N, nothing known', (BBB, {}), UNDETERMINED,
       missing='application_made+basismodul+better_access+ev_done+exclusion_219+initial_months+'
               'mindestmass+mindestmass_low+needs_determined+personenkreis+reasoned_prognosis+'
               'return_from+teilhabeplan+two_years_may_not_fit+very_high_need', **N)
golden('§ 58 SGB IX', 'AB today, nothing known', (AB, {}), UNDETERMINED,
       missing='application_made+bbb_done+better_access+exclusion_219+gesamtplan+'
               'labour_market_ability+mindestmass+needs_determined+personenkreis+'
               'reasoned_prognosis+return_from+several_traeger+teilhabeplan')


def write_golden():
    with open(GOLDEN_FILE, 'w', encoding='utf-8', newline='') as file:
        writer = csv.DictWriter(file, GOLDEN[0].keys(), lineterminator='\n')
        writer.writeheader()
        writer.writerows(GOLDEN)


if __name__ == '__main__':
    write_golden()
