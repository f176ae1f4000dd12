#!/usr/bin/env python3
"""Tests of competence_oracle.py, and the golden rows that the product has to meet as well.

    competence_oracle_test.py [--data DIR] [unittest arguments]
    competence_oracle_test.py --write-golden

The expected values in GOLDEN were derived by hand from the law and the reference data, not by
running the oracle. The first word of a name is the step of the law: A1 to A5 (EV, BBB), B1 to B5
(Arbeitsbereich), `two` (several causes), `nobody`, `unknown` (partial facts).
golden.csv holds the same rows.
"""

import csv
import itertools
import os
import random
import sys
import unittest

import competence_oracle as oracle
import generate

HERE = os.path.dirname(os.path.abspath(__file__))
GOLDEN_FILE = os.path.join(HERE, 'golden.csv')
QUESTION_COLUMNS = ('municipality', 'stage', 'provider', 'event_day') + oracle.FACTS
EXPECTED_COLUMNS = ('outcome', 'kind', 'agency', 'office')
DATA = {'folder': oracle.default_data()}

EV, BBB, AB = oracle.STAGES
KOELN, DUESSELDORF, DORTMUND, BOTTROP = '05315000', '05111000', '05913000', '05512000'
DETMOLD, PADERBORN, HOEXTER = '05766020', '05774032', '05762020'
ERFURT, GERA, JENA, SUHL, GOTHA = '16051000', '16052000', '16053000', '16054000', '16067029'
NORDHAUSEN, MUEHLHAUSEN, RUHLA = '16062041', '16064046', '16063066'
EISENACH_CITY, EISENACH_DISTRICT = '16056000', '16063105'
KIEL, HAMBURG, HANNOVER, BREMEN, KASSEL = '01002000', '02000000', '03241001', '04011000', '06611000'
MAINZ, STUTTGART, MUENCHEN, AUGSBURG = '07315000', '08111000', '09162000', '09761000'
SAARBRUECKEN, BERLIN, POTSDAM, SCHWERIN = '10041100', '11000000', '12054000', '13004000'
DRESDEN, MAGDEBURG = '14612000', '15003000'

GOLDEN = []
POSSIBLE = {}


def golden(name, stage, municipality, day, expected, possible=None, provider='wfbm', **facts):
    """One row. `expected` is the four result columns, `possible` the results left open."""
    question = dict.fromkeys(QUESTION_COLUMNS, '')
    question |= {'municipality': municipality, 'stage': stage, 'provider': provider,
                 'event_day': day} | facts
    GOLDEN.append((name, question, tuple(expected)))
    if possible is not None:
        POSSIBLE[name] = set(possible)


def determined(kind, agency, office=''):
    return ('DETERMINED', kind, agency, office)


def no_agency(kind):
    return ('UNDETERMINED', kind, '', '')


OPEN = ('UNDETERMINED', '', '', '')
REJECTED = ('NOBODY', 'NOBODY', '', '')
UV, SE, KOF, SEG = oracle.UV, oracle.SE, oracle.KOF, oracle.SEG
RV, BA, JH, EGH, SH = oracle.RV, oracle.BA, oracle.JH, oracle.EGH, oracle.SH

# The usual person for EV and BBB: every insurance fact known, no route to the RV.
NO_ROUTE = dict(cause='none', rv_personal='yes', insured_months='0', em_pension='no',
                em_pension_imminent='no', labour_market_prognosis='no', survivor_pension='no',
                rv_exclusion='none')
# Everything that could lead to the RV, with a carrier.
ALL_ROUTES = dict(rv_personal='yes', insured_months='400', em_pension='yes',
                  em_pension_imminent='yes', labour_market_prognosis='yes',
                  survivor_pension='yes', rv_exclusion='none', drv_account='drv-rheinland')
WESTFALEN = dict(drv_account='drv-westfalen')
# The usual person for the Arbeitsbereich.
WORK = dict(cause='none', disability='intellectual', birth_date='1990-05-05',
            young_adult_help='no', first_application='this', sgb12_place='this')
ACCIDENT = dict(cause='work_accident')
DAMAGE = dict(cause='recognised_damage')
SERVICE = dict(cause='service_damage')
SOUL = WORK | dict(disability='psychological')

# A1: UV
golden('A1 accident, EV', EV, KOELN, '2025-03-03', determined(UV, 'bgw'),
       accident_insurer='bgw', **ACCIDENT)
golden('A1 accident, BBB at an aLA', BBB, MUENCHEN, '2018-05-15', determined(UV, 'bg-bau'),
       provider='ala', accident_insurer='bg-bau', **ACCIDENT)
golden('A1 before RV', BBB, KOELN, '2025-03-03', determined(UV, 'svlfg'),
       accident_insurer='svlfg', **ACCIDENT | ALL_ROUTES)
golden('A1 insurer unknown', BBB, KOELN, '2025-03-03', no_agency(UV), {UV},
       **ACCIDENT | ALL_ROUTES)
golden('A1 disability does not matter', EV, ERFURT, '2026-02-02', determined(UV, 'uvb'),
       accident_insurer='uvb', disability='psychological', birth_date='2010-01-01', **ACCIDENT)

# A2: Kriegsopferfuersorge and Soziale Entschaedigung
golden('A2 KOF, last day', BBB, KOELN, '2023-12-31', no_agency(KOF), {KOF},
       application_day='2023-06-01', **DAMAGE)
golden('A2 KOF, May 2018, before RV', EV, ERFURT, '2018-05-15', no_agency(KOF), {KOF},
       application_day='2018-04-01', **DAMAGE | ALL_ROUTES)
golden('A2 KOF, application day unknown', BBB, KOELN, '2023-12-31', no_agency(KOF), {KOF},
       **DAMAGE)
golden('A2 application under the new law after the service began', BBB, KOELN, '2023-12-31',
       OPEN, {'UNBUILT:SE_APPLICATION_AFTER_SERVICE'}, application_day='2024-01-01', **DAMAGE)
golden('A2 SE, first day', BBB, KOELN, '2024-01-01', no_agency(SE), {SE},
       application_day='2024-01-01', **DAMAGE)
golden('A2 SE, before RV', EV, BERLIN, '2026-05-04', no_agency(SE), {SE},
       application_day='2026-02-02', **DAMAGE | ALL_ROUTES)
golden('A2 transition, applied on the last day of the BVG', BBB, KOELN, '2024-01-01', OPEN,
       {'UNBUILT:BVG_TRANSITION'}, application_day='2023-12-31', **DAMAGE)
golden('A2 from 2024, application day unknown', BBB, KOELN, '2024-01-01', OPEN,
       {SE, 'UNBUILT:BVG_TRANSITION'}, **DAMAGE)

# A3: SEG
golden('A3 SEG, first day', BBB, KOELN, '2025-01-01', no_agency(SEG), {SEG}, **SERVICE)
golden('A3 SEG, before RV', EV, KOELN, '2026-01-01', no_agency(SEG), {SEG},
       **SERVICE | ALL_ROUTES)
golden('A3 day before the SEG', BBB, KOELN, '2024-12-31', OPEN,
       {'UNBUILT:SERVICE_DAMAGE_BEFORE_2025'}, **SERVICE)

# Several causes: a human decides
golden('two causes, accident and service', EV, KOELN, '2025-03-03', OPEN, {'HUMAN'},
       cause='service_damage+work_accident', accident_insurer='bgw')
golden('two causes, accident and recognised damage, AB', AB, KOELN, '2025-03-03', OPEN, {'HUMAN'},
       **WORK | dict(cause='recognised_damage+work_accident', application_day='2025-01-02'))
golden('two causes, service damage before the SEG', BBB, KOELN, '2024-12-31', OPEN, {'HUMAN'},
       cause='recognised_damage+service_damage', application_day='2024-06-01')
golden('two causes, all three', BBB, KOELN, '2026-03-03', OPEN, {'HUMAN'},
       cause='recognised_damage+service_damage+work_accident')

# A4: each route of section 11 SGB VI alone
KOELN_BA = determined(BA, 'rd-nrw', 'aa-koeln')
golden('A4 11-I-1, 180 months', BBB, KOELN, '2025-03-03', determined(RV, 'drv-westfalen'),
       {RV}, **NO_ROUTE | WESTFALEN | dict(insured_months='180'))
golden('A4 11-I-1, 179 months are not enough', BBB, KOELN, '2025-03-03', KOELN_BA,
       {BA}, **NO_ROUTE | WESTFALEN | dict(insured_months='179'))
golden('A4 11-I-1, EV in May 2018', EV, KOELN, '2018-05-15', determined(RV, 'drv-westfalen'),
       **NO_ROUTE | WESTFALEN | dict(insured_months='181'))
golden('A4 11-I-2, pension drawn', BBB, KOELN, '2025-03-03', determined(RV, 'drv-westfalen'),
       **NO_ROUTE | WESTFALEN | dict(em_pension='yes'))
golden('A4 11-IIa-1, pension imminent and prognosis', BBB, KOELN, '2025-03-03',
       determined(RV, 'drv-westfalen'),
       **NO_ROUTE | WESTFALEN | dict(em_pension_imminent='yes', labour_market_prognosis='yes'))
golden('A4 11-IIa-1, imminent without prognosis', BBB, KOELN, '2025-03-03', KOELN_BA,
       **NO_ROUTE | WESTFALEN | dict(em_pension_imminent='yes'))
golden('A4 11-IIa-1, prognosis without imminent pension', BBB, KOELN, '2025-03-03', KOELN_BA,
       **NO_ROUTE | WESTFALEN | dict(labour_market_prognosis='yes'))
golden('A4 11-III, survivor', BBB, KOELN, '2025-03-03', determined(RV, 'drv-westfalen'),
       **NO_ROUTE | WESTFALEN | dict(survivor_pension='yes'))
golden('A4 all routes, aLA', BBB, KOELN, '2025-03-03', determined(RV, 'drv-rheinland'),
       provider='ala', **NO_ROUTE | ALL_ROUTES)
golden('A4 10, personal conditions fail', BBB, KOELN, '2025-03-03', KOELN_BA,
       **NO_ROUTE | ALL_ROUTES | dict(rv_personal='no'))
for reason, text in (('old_age_pension', '12-I-2, old age pension'),
                     ('public_service_provision', '12-I-4, provision as for officials'),
                     ('benefit_until_old_age', '12-I-4a, benefit until old age pension'),
                     ('custody', '12-I-5, custody'),
                     ('custody+old_age_pension', '12, two reasons')):
    golden('A4 ' + text, BBB, KOELN, '2025-03-03', KOELN_BA, {BA},
           **NO_ROUTE | ALL_ROUTES | dict(rv_exclusion=reason))

# A4: which carrier of the RV
ROUTE = NO_ROUTE | dict(insured_months='240')
golden('A4 account', BBB, KOELN, '2025-03-03', determined(RV, 'drv-nord'),
       **ROUTE, drv_account='drv-nord')
golden('A4 account before area number', BBB, KOELN, '2025-03-03', determined(RV, 'drv-hessen'),
       **ROUTE, drv_account='drv-hessen', area_number='11')
for number, carrier in (('11', 'drv-westfalen'), ('51', 'drv-bund'), ('38', 'drv-kbs'),
                        ('13', 'drv-rheinland'), ('03', 'drv-mitteldeutschland'),
                        ('68', 'drv-bund'), ('82', 'drv-kbs'), ('39', 'drv-kbs'),
                        ('28', 'drv-oldenburg-bremen'), ('none', 'drv-bund')):
    golden('A4 area number ' + number, EV, KOELN, '2025-03-03', determined(RV, carrier),
           **ROUTE, area_number=number)
golden('A4 neither account nor area number', BBB, KOELN, '2025-03-03', no_agency(RV), {RV},
       **ROUTE)

# A5: BA; offices in NRW and Thueringen only
for place, name, agency in (
        (KIEL, 'Kiel', 'rd-nord'), (HAMBURG, 'Hamburg', 'rd-nord'),
        (HANNOVER, 'Hannover', 'rd-nsb'), (BREMEN, 'Bremen', 'rd-nsb'),
        (KASSEL, 'Kassel', 'rd-hessen'), (MAINZ, 'Mainz', 'rd-rps'),
        (STUTTGART, 'Stuttgart', 'rd-bw'), (MUENCHEN, 'Muenchen', 'rd-bayern'),
        (SAARBRUECKEN, 'Saarbruecken', 'rd-rps'), (BERLIN, 'Berlin', 'rd-bb'),
        (POTSDAM, 'Potsdam', 'rd-bb'), (SCHWERIN, 'Schwerin', 'rd-nord'),
        (DRESDEN, 'Dresden', 'rd-sachsen'), (MAGDEBURG, 'Magdeburg', 'rd-sat')):
    golden('A5 ' + name, EV, place, '2025-03-03', determined(BA, agency), **NO_ROUTE)
for place, name, day, agency, office in (
        (KOELN, 'Koeln', '2018-05-15', 'rd-nrw', 'aa-koeln'),
        (ERFURT, 'Erfurt', '2022-12-31', 'rd-sat', 'aa-erfurt'),
        (ERFURT, 'Erfurt', '2023-01-01', 'rd-sat', 'aa-thueringen-mitte'),
        (GOTHA, 'Gotha', '2022-12-31', 'rd-sat', 'aa-gotha'),
        (GOTHA, 'Gotha', '2023-01-01', 'rd-sat', 'aa-thueringen-mitte'),
        (MUEHLHAUSEN, 'Muehlhausen', '2022-12-31', 'rd-sat', 'aa-gotha'),
        (MUEHLHAUSEN, 'Muehlhausen', '2023-01-01', 'rd-sat', 'aa-thueringen-nord'),
        (NORDHAUSEN, 'Nordhausen', '2022-12-31', 'rd-sat', 'aa-nordhausen'),
        (NORDHAUSEN, 'Nordhausen', '2023-01-01', 'rd-sat', 'aa-thueringen-nord'),
        (GERA, 'Gera', '2022-12-31', 'rd-sat', 'aa-altenburg-gera'),
        (GERA, 'Gera', '2023-01-01', 'rd-sat', 'aa-thueringen-ost'),
        (JENA, 'Jena', '2022-12-31', 'rd-sat', 'aa-jena'),
        (JENA, 'Jena', '2023-01-01', 'rd-sat', 'aa-thueringen-ost'),
        (SUHL, 'Suhl', '2022-12-31', 'rd-sat', 'aa-suhl'),
        (SUHL, 'Suhl', '2023-01-01', 'rd-sat', 'aa-thueringen-suedwest'),
        (DETMOLD, 'Detmold', '2025-12-31', 'rd-nrw', 'aa-detmold'),
        (DETMOLD, 'Detmold', '2026-01-01', 'rd-nrw', 'aa-detmold-paderborn'),
        (PADERBORN, 'Paderborn', '2025-12-31', 'rd-nrw', 'aa-paderborn'),
        (PADERBORN, 'Paderborn', '2026-01-01', 'rd-nrw', 'aa-detmold-paderborn'),
        (HOEXTER, 'Hoexter', '2025-12-31', 'rd-nrw', 'aa-paderborn'),
        (HOEXTER, 'Hoexter', '2026-01-01', 'rd-nrw', 'aa-detmold-paderborn'),
        (EISENACH_CITY, 'Eisenach', '2021-06-30', 'rd-sat', 'aa-suhl'),
        (EISENACH_DISTRICT, 'Eisenach', '2021-07-01', 'rd-sat', 'aa-suhl'),
        (EISENACH_DISTRICT, 'Eisenach', '2023-01-01', 'rd-sat', 'aa-thueringen-suedwest')):
    golden(f'A5 {name} {day}', BBB, place, day, determined(BA, agency, office), **NO_ROUTE)
golden('A5 aLA as WfbM', BBB, KOELN, '2025-03-03', KOELN_BA, provider='ala', **NO_ROUTE)

# Never Jugendhilfe or EGH for EV and BBB
golden('A5 never Jugendhilfe', BBB, KOELN, '2025-03-03', KOELN_BA, {BA},
       **SOUL | NO_ROUTE | dict(birth_date='2008-01-01', young_adult_help='yes'))
golden('A5 never EGH', EV, KOELN, '2025-03-03', KOELN_BA, {BA}, **WORK | NO_ROUTE)
golden('A5 never Sozialhilfe', EV, KOELN, '2019-12-31', KOELN_BA, {BA}, **WORK | NO_ROUTE)
golden('A5 not rejected without disability', EV, KOELN, '2025-03-03', KOELN_BA, {BA},
       **NO_ROUTE | dict(disability='none'))

# B1 to B3
golden('B1 accident', AB, KOELN, '2025-03-03', determined(UV, 'bghm'),
       **WORK | ACCIDENT | dict(accident_insurer='bghm'))
golden('B1 accident before Jugendhilfe, insurer unknown', AB, KOELN, '2018-01-01', no_agency(UV),
       **SOUL | ACCIDENT | dict(birth_date='2005-01-01'))
golden('B1 accident without disability', AB, KOELN, '2025-03-03', determined(UV, 'vbg'),
       **WORK | ACCIDENT | dict(accident_insurer='vbg', disability='none'))
golden('B2 KOF, last day', AB, ERFURT, '2023-12-31', no_agency(KOF), {KOF},
       **WORK | DAMAGE | dict(application_day='2023-12-31'))
golden('B2 SE, first day', AB, ERFURT, '2024-01-01', no_agency(SE), {SE},
       **WORK | DAMAGE | dict(application_day='2024-01-01'))
golden('B2 transition', AB, ERFURT, '2024-03-01', OPEN, {'UNBUILT:BVG_TRANSITION'},
       **WORK | DAMAGE | dict(application_day='2023-12-31'))
golden('B2 applied late', AB, ERFURT, '2023-12-01', OPEN,
       {'UNBUILT:SE_APPLICATION_AFTER_SERVICE'},
       **WORK | DAMAGE | dict(application_day='2024-01-15'))
golden('B3 SEG, first day', AB, ERFURT, '2025-01-01', no_agency(SEG), {SEG}, **WORK | SERVICE)
golden('B3 day before the SEG', AB, ERFURT, '2024-12-31', OPEN,
       {'UNBUILT:SERVICE_DAMAGE_BEFORE_2025'}, **WORK | SERVICE)

# B4: Jugendhilfe
LVR = determined(EGH, 'lvr')
for name, day, birth, adult_help, expected in (
        ('day before the 18th birthday', '2025-03-03', '2007-03-04', 'no', no_agency(JH)),
        ('18th birthday without help', '2025-03-03', '2007-03-03', 'no', LVR),
        ('18th birthday with help', '2025-03-03', '2007-03-03', 'yes', no_agency(JH)),
        ('21st birthday with help', '2025-03-03', '2004-03-03', 'yes', no_agency(JH)),
        ('day before the 27th birthday with help', '2025-03-03', '1998-03-04', 'yes',
         no_agency(JH)),
        ('27th birthday with help', '2025-03-03', '1998-03-03', 'yes', LVR),
        ('born 29 February, 17 on 28 February', '2022-02-28', '2004-02-29', 'no', no_agency(JH)),
        ('born 29 February, 18 on 1 March', '2022-03-01', '2004-02-29', 'no', LVR),
        ('born 29 February, 26 on 28 February', '2023-02-28', '1996-02-29', 'yes',
         no_agency(JH)),
        ('born 29 February, 27 on 1 March', '2023-03-01', '1996-02-29', 'yes', LVR),
        ('born 28 February, 18 on 28 February of a leap year', '2024-02-28', '2006-02-28', 'no',
         LVR),
        ('born 1 March, 17 on 29 February', '2024-02-29', '2006-03-01', 'no', no_agency(JH)),
        ('under Sozialhilfe law', '2019-12-31', '2003-05-05', 'no', no_agency(JH))):
    golden('B4 ' + name, AB, KOELN, day, expected,
           **SOUL | dict(birth_date=birth, young_adult_help=adult_help))
golden('B4 aLA', AB, KOELN, '2025-03-03', no_agency(JH), {JH}, provider='ala',
       **SOUL | dict(birth_date='2008-03-03'))
golden('B4 also intellectual: EGH', AB, KOELN, '2025-03-03', LVR, {EGH},
       **WORK | dict(disability='intellectual+psychological', birth_date='2009-03-03'))
golden('B4 also physical: EGH', AB, KOELN, '2025-03-03', LVR, {EGH},
       **WORK | dict(disability='physical+psychological', birth_date='2006-03-03',
                     young_adult_help='yes'))
golden('B4 intellectual only, minor: EGH', AB, KOELN, '2025-03-03', LVR, {EGH},
       **WORK | dict(birth_date='2009-03-03'))

# B5: EGH and, to 2019, Sozialhilfe
for place, name, carrier in (
        (KOELN, 'Koeln', 'lvr'), (DUESSELDORF, 'Duesseldorf', 'lvr'), (DORTMUND, 'Dortmund', 'lwl'),
        (BOTTROP, 'Bottrop', 'lwl'), (DETMOLD, 'Detmold', 'lwl'), (ERFURT, 'Erfurt', 'egh-16051'),
        (KIEL, 'Kiel', 'egh-01002'), (HAMBURG, 'Hamburg', 'land-hh'),
        (HANNOVER, 'Hannover', 'land-ni'), (BREMEN, 'Bremen', 'egh-04011'),
        (KASSEL, 'Kassel', 'lwv-hessen'), (MAINZ, 'Mainz', 'land-rp'),
        (STUTTGART, 'Stuttgart', 'egh-08111'), (MUENCHEN, 'Muenchen', 'bezirk-oberbayern'),
        (AUGSBURG, 'Augsburg', 'bezirk-schwaben'), (SAARBRUECKEN, 'Saarbruecken', 'land-sl'),
        (BERLIN, 'Berlin', 'land-be'), (POTSDAM, 'Potsdam', 'egh-12054'),
        (SCHWERIN, 'Schwerin', 'egh-13004'), (DRESDEN, 'Dresden', 'ksv-sachsen'),
        (MAGDEBURG, 'Magdeburg', 'land-st')):
    golden('B5 ' + name, AB, place, '2025-03-03', determined(EGH, carrier), **WORK)
golden('B5 aLA', AB, DORTMUND, '2025-03-03', determined(EGH, 'lwl'), provider='ala', **WORK)
golden('B5 physical', AB, DORTMUND, '2025-03-03', determined(EGH, 'lwl'),
       **WORK | dict(disability='physical'))
golden('B5 psychological, adult', AB, DORTMUND, '2025-03-03', determined(EGH, 'lwl'), **SOUL)
golden('B5 first application elsewhere', AB, KOELN, '2025-03-03',
       determined(EGH, 'bezirk-oberbayern'), **WORK | dict(first_application=MUENCHEN))
golden('B5 first application unknown', AB, KOELN, '2025-03-03', no_agency(EGH), {EGH},
       **WORK | dict(first_application=''))
golden('B5 never RV or BA', AB, KOELN, '2025-03-03', LVR, {EGH}, **WORK | ALL_ROUTES)
golden('B5 first day of the EGH', AB, KOELN, '2020-01-01', LVR, **WORK)
golden('B5 first day of the EGH, Muenchen', AB, MUENCHEN, '2020-01-01',
       determined(EGH, 'bezirk-oberbayern'), **WORK)
golden('B5 Sozialhilfe place does not matter from 2020', AB, KOELN, '2020-01-01', LVR,
       **WORK | dict(sgb12_place=''))
golden('B5 Sozialhilfe, last day', AB, KOELN, '2019-12-31', determined(SH, 'lvr'), {SH}, **WORK)
golden('B5 Sozialhilfe, first application does not matter', AB, KOELN, '2019-12-31',
       determined(SH, 'lvr'), **WORK | dict(first_application=MUENCHEN))
golden('B5 Sozialhilfe in Thueringen, May 2018', AB, ERFURT, '2018-05-15',
       determined(SH, 'egh-16051'), **WORK)
golden('B5 Sozialhilfe in another Land', AB, MUENCHEN, '2019-12-31', no_agency(SH), {SH}, **WORK)
golden('B5 Sozialhilfe by a place in NRW', AB, MUENCHEN, '2019-12-31', determined(SH, 'lwl'),
       **WORK | dict(sgb12_place=DORTMUND))
golden('B5 Sozialhilfe by a place in another Land', AB, KOELN, '2019-12-31', no_agency(SH),
       **WORK | dict(sgb12_place=MUENCHEN))
golden('B5 Sozialhilfe, place unknown', AB, KOELN, '2019-12-31', no_agency(SH), {SH},
       **WORK | dict(sgb12_place=''))

# B5: Eisenach, territory 2021-07-01, tasks 2022-01-01
for place, day, kind, carrier in (
        (EISENACH_CITY, '2019-12-31', SH, 'egh-16056'),
        (EISENACH_CITY, '2020-01-01', EGH, 'egh-16056'),
        (EISENACH_CITY, '2021-06-30', EGH, 'egh-16056'),
        (EISENACH_DISTRICT, '2021-07-01', EGH, 'egh-16056'),
        (EISENACH_DISTRICT, '2021-12-31', EGH, 'egh-16056'),
        (EISENACH_DISTRICT, '2022-01-01', EGH, 'egh-16063')):
    golden(f'B5 Eisenach {day}', AB, place, day, determined(kind, carrier), **WORK)
golden('B5 Wartburgkreis beside Eisenach', AB, RUHLA, '2021-10-01',
       determined(EGH, 'egh-16063'), **WORK)
for day, carrier in (('2021-03-01', 'egh-16056'), ('2021-10-01', 'egh-16056'),
                     ('2021-12-31', 'egh-16056'), ('2022-01-01', 'egh-16063'),
                     ('2025-01-01', 'egh-16063')):
    golden(f'B5 first application in the former city of Eisenach, {day}', AB, KOELN, day,
           determined(EGH, carrier), **WORK | dict(first_application=EISENACH_CITY))
golden('B5 first application in new Eisenach, 2021-10-01', AB, KOELN, '2021-10-01',
       determined(EGH, 'egh-16056'), **WORK | dict(first_application=EISENACH_DISTRICT))
golden('B5 first application in a former municipality', AB, KOELN, '2025-01-01',
       determined(EGH, 'egh-16061'), **WORK | dict(first_application='16061007'))
golden('B5 Sozialhilfe by the city of Eisenach', AB, KOELN, '2019-12-31',
       determined(SH, 'egh-16056'), **WORK | dict(sgb12_place=EISENACH_CITY))

# Nobody: the Arbeitsbereich has no fallback
NOT_DISABLED = WORK | dict(disability='none')
golden('nobody', AB, KOELN, '2025-03-03', REJECTED, {'NOBODY'}, **NOT_DISABLED)
golden('nobody under Sozialhilfe law', AB, MUENCHEN, '2018-05-15', REJECTED, **NOT_DISABLED)
golden('nobody, aLA', AB, KOELN, '2025-03-03', REJECTED, provider='ala', **NOT_DISABLED)
golden('nobody, RV and BA do not step in', AB, KOELN, '2025-03-03', REJECTED,
       **NOT_DISABLED | ALL_ROUTES)
golden('nobody, minor', AB, KOELN, '2025-03-03', REJECTED,
       **NOT_DISABLED | dict(birth_date='2010-01-01', young_adult_help='yes'))
golden('nobody, all else unknown', AB, KOELN, '2025-03-03', REJECTED,
       cause='none', disability='none')

# Unknown facts
golden('unknown: everything, EV 2023', EV, KOELN, '2023-12-31', OPEN,
       {UV, KOF, 'UNBUILT:SERVICE_DAMAGE_BEFORE_2025', RV, BA})
golden('unknown: everything, BBB 2024', BBB, KOELN, '2024-01-01', OPEN,
       {UV, SE, 'UNBUILT:BVG_TRANSITION', 'UNBUILT:SERVICE_DAMAGE_BEFORE_2025', RV, BA})
golden('unknown: everything, AB 2025', AB, KOELN, '2025-01-01', OPEN,
       {UV, SE, 'UNBUILT:BVG_TRANSITION', SEG, JH, EGH, 'NOBODY'})
golden('unknown: everything, AB 2019', AB, KOELN, '2019-12-31', OPEN,
       {UV, KOF, 'UNBUILT:SERVICE_DAMAGE_BEFORE_2025', JH, SH, 'NOBODY'})
golden('unknown: cause alone, EV', EV, KOELN, '2025-03-03', OPEN, {UV, SE, SEG, BA},
       **NO_ROUTE | dict(cause='', application_day='2025-01-02'))
golden('unknown: cause alone, AB', AB, KOELN, '2023-03-03', OPEN,
       {UV, KOF, 'UNBUILT:SERVICE_DAMAGE_BEFORE_2025', EGH},
       **WORK | dict(cause='', application_day='2023-01-02'))
golden('unknown: all of section 11', BBB, KOELN, '2025-03-03', OPEN, {RV, BA}, cause='none')
golden('unknown: all but the personal conditions, which fail', BBB, KOELN, '2025-03-03', KOELN_BA,
       {BA}, cause='none', rv_personal='no')
golden('unknown: all but an exclusion', BBB, KOELN, '2025-03-03', KOELN_BA, {BA},
       cause='none', rv_exclusion='custody')
golden('unknown: exclusion alone', BBB, KOELN, '2025-03-03', OPEN, {RV, BA},
       **NO_ROUTE | dict(insured_months='180', rv_exclusion=''))
golden('unknown: exclusion, no route', BBB, KOELN, '2025-03-03', KOELN_BA, {BA},
       **NO_ROUTE | dict(rv_exclusion='', rv_personal=''))
golden('unknown: personal conditions alone', BBB, KOELN, '2025-03-03', OPEN, {RV, BA},
       **NO_ROUTE | dict(insured_months='180', rv_personal=''))
golden('unknown: months alone', BBB, KOELN, '2025-03-03', OPEN, {RV, BA},
       **NO_ROUTE | dict(insured_months=''))
golden('unknown: other routes, pension drawn', BBB, KOELN, '2025-03-03',
       determined(RV, 'drv-westfalen'), {RV}, cause='none', rv_personal='yes', em_pension='yes',
       rv_exclusion='none', **WESTFALEN)
golden('unknown: prognosis, pension imminent', BBB, KOELN, '2025-03-03', OPEN, {RV, BA},
       **NO_ROUTE | dict(em_pension_imminent='yes', labour_market_prognosis=''))
golden('unknown: prognosis, pension not imminent', BBB, KOELN, '2025-03-03', KOELN_BA, {BA},
       **NO_ROUTE | dict(labour_market_prognosis=''))
golden('unknown: imminent pension, no prognosis', BBB, KOELN, '2025-03-03', KOELN_BA, {BA},
       **NO_ROUTE | dict(em_pension_imminent=''))
golden('unknown: imminent pension, prognosis', BBB, KOELN, '2025-03-03', OPEN, {RV, BA},
       **NO_ROUTE | dict(em_pension_imminent='', labour_market_prognosis='yes'))
golden('unknown: pension drawn or not, other routes fail', BBB, KOELN, '2025-03-03', OPEN,
       {RV, BA}, **NO_ROUTE | dict(em_pension=''))
golden('unknown: survivor alone', BBB, KOELN, '2025-03-03', OPEN, {RV, BA},
       **NO_ROUTE | dict(survivor_pension=''))
golden('unknown: disability, adult', AB, KOELN, '2025-03-03', OPEN, {EGH, 'NOBODY'},
       **WORK | dict(disability=''))
golden('unknown: disability, minor', AB, KOELN, '2025-03-03', OPEN, {JH, EGH, 'NOBODY'},
       **WORK | dict(disability='', birth_date='2008-01-01'))
golden('unknown: age, intellectual', AB, KOELN, '2025-03-03', LVR, {EGH},
       **WORK | dict(birth_date='', young_adult_help=''))
golden('unknown: age, psychological, no help', AB, KOELN, '2025-03-03', OPEN, {JH, EGH},
       **SOUL | dict(birth_date=''))
golden('unknown: age, psychological, help', AB, KOELN, '2025-03-03', OPEN, {JH, EGH},
       **SOUL | dict(birth_date='', young_adult_help='yes'))
golden('unknown: help, aged 20', AB, KOELN, '2025-03-03', OPEN, {JH, EGH},
       **SOUL | dict(birth_date='2004-10-10', young_adult_help=''))
golden('unknown: help, aged 17', AB, KOELN, '2025-03-03', no_agency(JH), {JH},
       **SOUL | dict(birth_date='2007-10-10', young_adult_help=''))
golden('unknown: help, aged 27', AB, KOELN, '2025-03-03', LVR, {EGH},
       **SOUL | dict(birth_date='1998-03-03', young_adult_help=''))
golden('unknown: application day does not matter without damage', AB, KOELN, '2024-01-01', LVR,
       {EGH}, **WORK | dict(application_day=''))


def plain_possible(question):
    """The possible results by enumeration of every fact and many values, with no memo and no
    list of relevant facts; None where that would take too long."""
    day = question['event_day']
    known = oracle.parse_facts(question, day)
    ranges = []
    for fact in ('cause', 'application_day') + oracle.RV_FACTS + oracle.WORK_FACTS:
        if fact in known:
            ranges.append((fact, (known[fact],)))
        elif fact == 'birth_date':
            ranges.append((fact, tuple(f'{int(day[:4]) - age}{day[4:]}' if day[5:] != '02-29' else
                                       f'{int(day[:4]) - age}-02-28' for age in range(0, 60))))
        elif fact == 'insured_months':
            ranges.append((fact, tuple(range(0, 600, 20)) + (179,)))
        else:
            ranges.append((fact, oracle.completions(fact, day)))
    size = 1
    for _, values in ranges:
        size *= len(values)
    if size > 30000:
        return None
    names = [fact for fact, _ in ranges]
    return {oracle.kind_of(question['stage'], day, dict(zip(names, values)))
            for values in itertools.product(*(values for _, values in ranges))}


class GoldenRows(unittest.TestCase):
    def test_rows(self):
        data = oracle.Data(DATA['folder'])
        for name, question, expected in GOLDEN:
            with self.subTest(name):
                answer = oracle.determine(question, data)
                self.assertEqual(tuple(answer[column] for column in EXPECTED_COLUMNS), expected)
                if name in POSSIBLE:
                    self.assertEqual(answer['possible'], POSSIBLE[name])

    def test_names_are_unique(self):
        self.assertEqual(len({name for name, _, _ in GOLDEN}), len(GOLDEN))

    def test_file_has_the_same_rows(self):
        with open(GOLDEN_FILE, encoding='utf-8', newline='') as file:
            self.assertEqual(list(csv.reader(file)), golden_table())


class Possible(unittest.TestCase):
    def test_plain_enumeration_agrees(self):
        places = generate.Places(DATA['folder'])
        rnd = random.Random(63)
        compared = 0
        for _ in range(4000):
            question = dict(zip(QUESTION_COLUMNS, generate.question(rnd, places)))
            expected = plain_possible(question)
            if expected is None:
                continue
            compared += 1
            found = oracle.possible_kinds(question['stage'], question['event_day'],
                                          oracle.parse_facts(question, question['event_day']))
            self.assertEqual(found, expected, question)
        self.assertGreater(compared, 1000)

    def test_learning_a_fact_never_adds_a_result(self):
        places = generate.Places(DATA['folder'])
        rnd = random.Random(11)
        for _ in range(4000):
            question = dict(zip(QUESTION_COLUMNS, generate.question(rnd, places)))
            if '+' in question['cause']:
                continue
            day = question['event_day']
            if question['application_day'] >= oracle.SE_FROM > day:
                continue        # an unknown application day counts as not after the service
            full = oracle.parse_facts(question, day)
            less = dict(full)
            less.pop(rnd.choice(sorted(full)), None) if full else None
            self.assertLessEqual(oracle.possible_kinds(question['stage'], day, full),
                                 oracle.possible_kinds(question['stage'], day, less))


class Questions(unittest.TestCase):
    """What the generator promises."""

    def test_no_contradictions(self):
        data = oracle.Data(DATA['folder'])
        places = generate.Places(DATA['folder'])
        rnd = random.Random(7)
        lands = set()
        for _ in range(10000):
            row = dict(zip(QUESTION_COLUMNS, generate.question(rnd, places)))
            oracle.determine(row, data)
            lands.add(row['municipality'][:2])
            event, birth, applied = row['event_day'], row['birth_date'], row['application_day']
            self.assertTrue('2018-01-01' <= event <= '2032-12-31')
            self.assertTrue(not birth or birth <= event and (not applied or birth <= applied))
            if applied:
                years = oracle.age_on(applied, event) if applied <= event else 0
                self.assertTrue(years < 5 or applied[5:] == event[5:] or applied[5:] == '03-01')
            if birth and row['insured_months']:
                self.assertLessEqual(int(row['insured_months']),
                                     12 * (oracle.age_on(birth, applied or event) + 1) - 1)
            if row['accident_insurer']:
                self.assertTrue(not row['cause'] or 'work_accident' in row['cause'])
            self.assertFalse(row['area_number'] == 'none' and row['drv_account'])
            self.assertNotEqual(row['area_number'], '40')
        self.assertEqual(len(lands), 16)

    def test_same_seed_same_questions(self):
        places = generate.Places(DATA['folder'])
        first, second = random.Random(5), random.Random(5)
        self.assertEqual([generate.question(first, places) for _ in range(50)],
                         [generate.question(second, places) for _ in range(50)])


class Refusals(unittest.TestCase):
    def test_contradictory_input(self):
        data = oracle.Data(DATA['folder'])
        base = {'municipality': KOELN, 'stage': AB, 'provider': 'wfbm', 'event_day': '2025-03-03'}
        for change in ({'cause': 'none+work_accident'}, {'disability': 'blind'},
                       {'birth_date': '2025-03-04'}, {'em_pension': 'maybe'},
                       {'event_day': '2017-12-31'}, {'event_day': '2025-02-30'},
                       {'municipality': EISENACH_CITY}, {'municipality': '05999999'},
                       {'stage': 'work'}, {'provider': 'x'}, {'insured_months': '-1'}):
            with self.subTest(change), self.assertRaises(ValueError):
                oracle.determine(base | change, data)


def golden_table():
    return [['name', *QUESTION_COLUMNS, *EXPECTED_COLUMNS]] + [
        [name, *(question[column] for column in QUESTION_COLUMNS), *expected]
        for name, question, expected in GOLDEN]


def main():
    arguments = sys.argv[:]
    if '--data' in arguments:
        at = arguments.index('--data')
        DATA['folder'] = arguments[at + 1]
        del arguments[at:at + 2]
    if '--write-golden' in arguments:
        with open(GOLDEN_FILE, 'w', encoding='utf-8', newline='') as file:
            csv.writer(file, lineterminator='\n').writerows(golden_table())
        return
    unittest.main(argv=arguments)


if __name__ == '__main__':
    main()
