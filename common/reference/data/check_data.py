#!/usr/bin/env python3
"""Checks the reference data in this folder: headers, keys, code formats, dates,
references between files, and the known counts. Exit 1 if a check fails.
Independent of the C++ that reads the same files: what both check, two readers agree on."""
import csv
import datetime as dt
import os
import re
import sys

import make_holidays

HERE = os.path.dirname(os.path.abspath(__file__))
passed = failed = 0


def check(ok, what, detail=""):
    global passed, failed
    if ok:
        passed += 1
    else:
        failed += 1
        print(f"FAIL {what} {detail}")


def load(name):
    path = os.path.join(HERE, name)
    raw = open(path, "rb").read()
    try:
        text = raw.decode("utf-8")
        check(not text.startswith("\ufeff") and "\r" not in text, f"{name}: UTF-8, no BOM, LF")
    except UnicodeDecodeError:
        check(False, f"{name}: UTF-8")
        text = raw.decode("utf-8", "replace")
    rows = list(csv.reader(text.splitlines()))
    hdr, body = rows[0], rows[1:]
    check(all(len(r) == len(hdr) for r in body), f"{name}: every row has {len(hdr)} fields")
    check(all(c == c.strip() for r in body for c in r), f"{name}: no stray blanks")
    print(f"{name}: {len(body)} rows")
    return [dict(zip(hdr, r)) for r in body]


def unique(rows, cols, name):
    keys = [tuple(r[c] for c in cols) for r in rows]
    dup = {k for k in keys if keys.count(k) > 1} if len(keys) < 3000 else (
        set() if len(set(keys)) == len(keys) else {"some"})
    check(not dup, f"{name}: key {cols} unique", str(list(dup)[:3]))


def fmt(rows, col, rx, name):
    bad = [r[col] for r in rows if not re.fullmatch(rx, r[col])]
    check(not bad, f"{name}.{col} matches {rx}", str(bad[:3]))


def ref(rows, col, allowed, name):
    bad = sorted({r[col] for r in rows if r[col] and r[col] not in allowed})
    check(not bad, f"{name}.{col} refers to a known key", str(bad[:5]))


def day(s):
    return dt.date.fromisoformat(s) if s else None


def dates(rows, name):
    bad = []
    for r in rows:
        try:
            f, t = day(r["valid_from"]), day(r["valid_to"])
            if f and t and f > t:
                bad.append(r)
        except ValueError:
            bad.append(r)
    check(not bad, f"{name}: valid_from <= valid_to", str(bad[:2]))


def overlap_free(rows, key, name):
    seen, bad = {}, []
    for r in rows:
        f = day(r["valid_from"]) or dt.date.min
        t = day(r["valid_to"]) or dt.date.max
        k = tuple(r[c] for c in key)
        for f2, t2 in seen.get(k, []):
            if f <= t2 and f2 <= t:
                bad.append(k)
        seen.setdefault(k, []).append((f, t))
    check(not bad, f"{name}: no overlapping periods per {key}", str(bad[:3]))


def resolve(rows, code, on):
    """Longest prefix valid on the day, or None."""
    best = None
    for r in rows:
        f, t = day(r["valid_from"]), day(r["valid_to"])
        if code.startswith(r["prefix"]) and (not f or f <= on) and (not t or on <= t):
            if best is None or len(r["prefix"]) > len(best["prefix"]):
                best = r
    return best["carrier_id"] if best else None


def vsnr_check_digit(v):
    """VKVV § 2 Abs. 6: 11 leading places of a Versicherungsnummer -> Prüfziffer."""
    digits = v[:8] + f"{ord(v[8]) - 64:02d}" + v[9:11]
    total = 0
    for c, w in zip(digits, (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)):
        p = int(c) * w
        total += p // 10 + p % 10
    return total % 10


D = load("districts.csv")
M = load("municipalities.csv")
F = load("municipalities_former.csv")
N = load("municipality_snapshots.csv")
Y = load("municipality_days.csv")
C = load("carriers.csv")
E = load("egh_jurisdiction.csv")
B = load("ba_jurisdiction.csv")
R = load("drv_jurisdiction.csv")
A = load("drv_area_numbers.csv")
I = load("integrationsamt_jurisdiction.csv")
U = load("successions.csv")
H = load("holidays.csv")
V = load("manifest.csv")

# districts
unique(D, ["ags5"], "districts")
fmt(D, "ags5", r"(0[1-9]|1[0-6])\d{3}", "districts")
fmt(D, "kind", "Kreisfreie Stadt|Stadtkreis|Kreis|Landkreis|Regionalverband", "districts")
fmt(D, "regbez", r"(\d{3})?", "districts")
dates(D, "districts")
check(all(d["ags5"][:2] == d["land"] for d in D), "districts.land is the key's prefix")
check(all(not d["regbez"] or d["ags5"].startswith(d["regbez"]) for d in D), "districts.regbez is a prefix")
check(all(bool(d["regbez"]) == (d["land"] in ("05", "06", "08", "09")) for d in D), "regbez in NW, HE, BW, BY only")
check(all(bool(d["regbez"]) == bool(d["regbez_name"]) for d in D), "regbez code and name together")
dk = {d["ags5"] for d in D}


def live(land, on):
    return [d for d in D if d["land"] == land and (not d["valid_to"] or day(d["valid_to"]) >= on)]


check(len(live("05", dt.date(2025, 1, 1))) == 53, "NRW has 53 districts")
check(sum(1 for d in live("05", dt.date(2025, 1, 1)) if d["kind"] == "Kreisfreie Stadt") == 22, "NRW has 22 kreisfreie Städte")
check(len(live("16", dt.date(2021, 6, 30))) == 23, "TH has 23 districts up to 2021-06-30")
check(len(live("16", dt.date(2021, 7, 1))) == 22, "TH has 22 districts from 2021-07-01")
check(sum(1 for d in live("16", dt.date(2021, 7, 1)) if d["kind"] == "Landkreis") == 17, "TH has 17 Landkreise")
check(sum(1 for d in D if not d["valid_to"]) == 400, "400 districts today")

# municipalities
unique(M, ["ags8"], "municipalities")
unique(M, ["ars12"], "municipalities")
unique(F, ["ags8"], "municipalities_former")
fmt(M, "ags8", r"\d{8}", "municipalities")
fmt(M, "ars12", r"\d{12}", "municipalities")
fmt(M, "population_2022", r"\d*", "municipalities")
fmt(M, "population_2019", r"\d*", "municipalities")
check(all(m["ars12"][:5] + m["ars12"][9:] == m["ags8"] for m in M), "ars12 and ags8 agree")
check(all(m["ags8"][:5] == m["ags5"] and m["ags5"][:2] == m["land"] for m in M + F), "ags8, ags5, land agree")
ref(M, "ags5", dk - {"16056"}, "municipalities")
ref(F, "ags5", dk, "municipalities_former")
check(all(m["name"] for m in M + F), "every municipality has a name")
mk, fk = {m["ags8"] for m in M}, {m["ags8"] for m in F}
check(not mk & fk, "no municipality both current and former")
check(sum(m["land"] == "05" for m in M) == 396, "NRW has 396 municipalities")
check(sum(m["land"] == "16" for m in M) == 605, "TH has 605 municipalities on 2024-11-30")
check("16063105" in mk and "16056000" in fk, "Eisenach: new key current, old key former")
check(dk - {"16056"} == {m["ags5"] for m in M}, "every current district has a municipality")

# snapshots, and legal days between two of them
snapshots = [n["day"] for n in N]
check(snapshots == sorted(set(snapshots)), "snapshots ascend")
check({m["first_seen"] for m in M + F} | {f["last_seen"] for f in F} <= set(snapshots), "first_seen, last_seen are snapshots")
check(all(f["last_seen"] < snapshots[-1] for f in F), "a former municipality is not in the last snapshot")
unique(Y, ["ags8"], "municipality_days")
ref(Y, "ags8", mk | fk, "municipality_days")
ref(Y, "successor", mk | fk, "municipality_days")
dates(Y, "municipality_days")
check(all(y["source"] and (y["valid_from"] or y["valid_to"]) for y in Y), "every known day has a source")
first, last = {m["ags8"]: m["first_seen"] for m in M + F}, {f["ags8"]: f["last_seen"] for f in F}
for y in Y:
    k = y["ags8"]
    if y["valid_from"]:
        check(max(s for s in snapshots if s < first[k]) < y["valid_from"] <= first[k], f"{k} begins between its snapshots")
    if y["valid_to"]:
        check(last[k] <= y["valid_to"] < min(s for s in snapshots if s > last[k]), f"{k} ends between its snapshots")
for d in D:
    ended = {y["valid_to"] for y in Y if y["ags8"][:5] == d["ags5"]}
    check(not d["valid_to"] or d["valid_to"] in ended, f"the municipality of {d['ags5']} ends with it")

# carriers
unique(C, ["id"], "carriers")
fmt(C, "id", r"[a-z0-9]+(-[a-z0-9]+)*", "carriers")
fmt(C, "kind", "BA_REGIONALDIREKTION|BA_AGENTUR|DRV|EGH_UEBEROERTLICH|EGH_OERTLICH|UV|SER|JUGENDHILFE|INTEGRATIONSAMT|OBSERVER", "carriers")
fmt(C, "land", r"\d{2}( \d{2})*", "carriers")
fmt(C, "basis", "source|elimination|domain-knowledge", "carriers")
fmt(C, "seat_basis", "source|elimination|domain-knowledge|", "carriers")
fmt(C, "office_ags8", r"(\d{8})?", "carriers")
dates(C, "carriers")
check(all(bool(c["seat"]) == bool(c["seat_basis"]) for c in C), "seat and seat_basis together")
check(all(bool(c["seat"]) == bool(c["office_ags8"]) for c in C), "every seat has its municipality")
ref(C, "office_ags8", mk, "carriers")
mname = {m["ags8"]: m["name"] for m in M}
bad = [c["id"] for c in C if c["seat"] and not mname[c["office_ags8"]].startswith(c["seat"])]
check(not bad, "the municipality of the office bears the name of the seat", str(bad))
bad = [c["id"] for c in C if c["office_ags8"] and c["land"] != "00" and c["office_ags8"][:2] not in c["land"].split()]
check(not bad, "the office lies in the carrier's Land", str(bad))
kind = {c["id"]: c["kind"] for c in C}
ref(C, "part_of", set(kind), "carriers")
bad = [d["ags5"] for d in D if d["land"] == "16" and not any(c["id"] == "egh-" + d["ags5"] and c["office_ags8"] for c in C)]
check(not bad, "every local carrier in TH has an office", str(bad))
bad = [c["id"] for c in C if c["kind"] == "EGH_OERTLICH" and c["id"] != "egh-16056" and c["office_ags8"]
       and c["office_ags8"][:5] != c["id"][4:]]
check(not bad, "the office of a local carrier lies in its district", str(bad))
n = lambda k: sum(v == k for v in kind.values())
check(n("BA_REGIONALDIREKTION") == 10, "10 Regionaldirektionen")
check(n("DRV") == 16, "16 DRV carriers")
check(n("INTEGRATIONSAMT") == 3, "3 Integrationsämter (NRW 2, TH 1)")


def aa(land, on):
    return sum(1 for c in C if c["kind"] == "BA_AGENTUR" and c["land"] == land
               and day(c["valid_from"]) <= on and (not c["valid_to"] or on <= day(c["valid_to"])))


check(aa("05", dt.date(2025, 12, 31)) == 30, "NRW: 30 agencies up to 2025-12-31")
check(aa("05", dt.date(2026, 1, 1)) == 29, "NRW: 29 agencies from 2026-01-01")
check(aa("16", dt.date(2022, 12, 31)) == 6, "TH: 6 agencies up to 2022-12-31")
check(aa("16", dt.date(2023, 1, 1)) == 4, "TH: 4 agencies from 2023-01-01")

# jurisdictions
for rows, name, kinds in ((E, "egh_jurisdiction", {"EGH_UEBEROERTLICH", "EGH_OERTLICH"}),
                          (B, "ba_jurisdiction", {"BA_REGIONALDIREKTION", "BA_AGENTUR"}),
                          (R, "drv_jurisdiction", {"DRV"}),
                          (I, "integrationsamt_jurisdiction", {"INTEGRATIONSAMT"})):
    fmt(rows, "prefix", r"\d{2}|\d{3}|\d{5}|\d{8}", name)
    fmt(rows, "basis", "source|elimination|domain-knowledge", name)
    dates(rows, name)
    ref(rows, "carrier_id", set(kind), name)
    check(all(kind.get(r["carrier_id"]) in kinds for r in rows), f"{name}: carrier kinds fit")
    check(all(len(r["prefix"]) != 5 or r["prefix"] in dk for r in rows), f"{name}: 5-digit prefixes are districts")
    check(all(len(r["prefix"]) != 8 or r["prefix"] in mk | fk for r in rows), f"{name}: 8-digit prefixes are municipalities")
    check(all(len(r["prefix"]) != 3 or any(k.startswith(r["prefix"]) for k in dk) for r in rows), f"{name}: 3-digit prefixes exist")
overlap_free(E, ["prefix"], "egh_jurisdiction")
overlap_free(B, ["prefix", "level"], "ba_jurisdiction")
overlap_free(R, ["prefix"], "drv_jurisdiction")
overlap_free(I, ["prefix"], "integrationsamt_jurisdiction")
period = {c["id"]: (c["valid_from"], c["valid_to"]) for c in C}
check(all((period[r["carrier_id"]][1] or "9999") >= (r["valid_to"] or "9999") for r in E + B + R + I), "no jurisdiction outlives its carrier")

TODAY = dt.date(2026, 11, 21)
RD = [b for b in B if b["level"] == "RD"]
AA = [b for b in B if b["level"] == "AA"]
for d in D:
    k = d["ags5"]
    on = day(d["valid_to"]) or TODAY
    check(resolve(E, k, on) is not None, f"EGH for {k} on {on}")
    check(resolve(RD, k, on) is not None, f"RD for {k}")
    check(resolve(R, k, on) is not None, f"DRV for {k}")
    if d["land"] in ("05", "16"):
        check(resolve(I, k, on) is not None, f"Integrationsamt for {k}")
        for q in (dt.date(2018, 1, 1), dt.date(2018, 6, 1), dt.date(2019, 12, 31), dt.date(2020, 1, 1)):
            check(resolve(E, k, q) is not None, f"EGH for {k} on {q}")
        check(resolve(E, k, dt.date(2017, 12, 31)) is None, f"no EGH row for {k} before 2018")
        for q in (dt.date(2020, 1, 1), dt.date(2022, 12, 31), dt.date(2023, 1, 1), dt.date(2026, 1, 1)):
            if q <= on:
                check(resolve(AA, k, q) is not None, f"AA for {k} on {q}")
for code, on, want in (("05315000", TODAY, "lvr"), ("05111000", TODAY, "lvr"), ("05515000", TODAY, "lwl"),
                       ("05774032", TODAY, "lwl"), ("05913000", TODAY, "lwl"),
                       ("16056000", dt.date(2021, 6, 30), "egh-16056"), ("16056000", dt.date(2021, 7, 1), None),
                       ("16063105", dt.date(2021, 7, 1), "egh-16056"), ("16063105", dt.date(2021, 12, 31), "egh-16056"),
                       ("16063105", dt.date(2022, 1, 1), "egh-16063"), ("16063003", dt.date(2021, 7, 1), "egh-16063"),
                       ("05315000", dt.date(2018, 6, 1), "lvr"), ("05515000", dt.date(2018, 6, 1), "lwl"),
                       ("16056000", dt.date(2018, 6, 1), "egh-16056"), ("16051000", TODAY, "egh-16051")):
    check(resolve(E, code, on) == want, f"EGH {code} on {on} is {want}", str(resolve(E, code, on)))
for code, on, want in (("05766020", dt.date(2025, 12, 31), "aa-detmold"), ("05766020", dt.date(2026, 1, 1), "aa-detmold-paderborn"),
                       ("16064046", dt.date(2022, 12, 31), "aa-gotha"), ("16064046", dt.date(2023, 1, 1), "aa-thueringen-nord")):
    check(resolve(AA, code, on) == want, f"AA {code} on {on} is {want}", str(resolve(AA, code, on)))
for code, want in (("05315000", "drv-rheinland"), ("05515000", "drv-westfalen"), ("16051000", "drv-mitteldeutschland"),
                   ("03403000", "drv-oldenburg-bremen"), ("03241001", "drv-braunschweig-hannover")):
    check(resolve(R, code, TODAY) == want, f"DRV {code} is {want}", str(resolve(R, code, TODAY)))

for code, want in (("05315000", "lvr-inklusionsamt"), ("05515000", "lwl-inklusionsamt-arbeit"), ("16051000", "integrationsamt-th")):
    check(resolve(I, code, TODAY) == want, f"Integrationsamt {code} is {want}", str(resolve(I, code, TODAY)))

# successions
unique(U, ["old_id", "new_id"], "successions")
ref(U, "old_id", set(kind), "successions")
ref(U, "new_id", set(kind), "successions")
fmt(U, "basis", "source|elimination|domain-knowledge", "successions")
fmt(U, "area", r"\d{2,8}( \d{2,8})*", "successions")
check(all(u["act"] and u["source"] for u in U), "every succession names act and source")
ended = {c["id"] for c in C if c["valid_to"]}
check({u["old_id"] for u in U} == ended, "every carrier that ended has a successor, and no other", str(ended))
one = dt.timedelta(days=1)
for u in U:
    on = day(u["day"])
    check(day(period[u["old_id"]][1]) == on - one, f"{u['old_id']} ends the day before its successor takes over")
    check(kind[u["old_id"]] == kind[u["new_id"]], f"{u['old_id']} and {u['new_id']} are of one kind")
    rows = AA if kind[u["old_id"]] == "BA_AGENTUR" else E
    for a in u["area"].split():
        check(resolve(rows, a, on - one) == u["old_id"] and resolve(rows, a, on) == u["new_id"],
              f"{a} passes from {u['old_id']} to {u['new_id']} on {on}")
for o in ended:
    held = {r["prefix"] for r in E + B if r["carrier_id"] == o and r["valid_to"] == period[o][1]}
    check(held == {a for u in U if u["old_id"] == o for a in u["area"].split()}, f"successions cover the area of {o}")

# area numbers and the check digit
unique(A, ["area_number"], "drv_area_numbers")
fmt(A, "area_number", r"\d{2}", "drv_area_numbers")
fmt(A, "class", "REGIONAL|BUND|KBS|ZULAGENUMMER", "drv_area_numbers")
ref(A, "carrier_id", {c["id"] for c in C if c["kind"] == "DRV"}, "drv_area_numbers")
reg = {a["area_number"] for a in A if a["class"] == "REGIONAL"}
check({f"{int(x) + 40:02d}" for x in reg} == {a["area_number"] for a in A if a["class"] == "BUND"}, "Bund numbers are 40 + region")
check(vsnr_check_digit("10010490A44") == 3, "worked example 10010490A443")

# holidays
LAND = [f"{i:02d}" for i in range(1, 17)]
unique(H, ["date", "land", "scope_prefix"], "holidays")
fmt(H, "date", r"20(1[7-9]|2\d|3[0-2])-\d\d-\d\d", "holidays")
fmt(H, "land", "00|0[1-9]|1[0-6]", "holidays")
fmt(H, "scope", "land|regional", "holidays")
fmt(H, "coverage", "full|partial|none", "holidays")
check({h["land"] for h in H} == {"00", *LAND}, "holidays for all 16 Länder and nationwide")
check({h["date"][:4] for h in H} == {str(y) for y in range(2017, 2033)}, "holidays for 2017 to 2032")
check(all((h["scope"] == "land") == (h["scope_prefix"] == h["land"] and not (h["land"] == "09" and h["name"].startswith("Mariä")))
          for h in H), "scope land only with the Land as prefix")
check(all(h["scope"] == "regional" or h["coverage"] == "full" for h in H), "scope land means everywhere")
check(all(h["scope"] == "land" or h["note"] for h in H), "every regional row has a note")
check(all(h["land"] == "00" or h["scope_prefix"].startswith(h["land"]) for h in H), "scope_prefix lies in the Land")
check(all(len(h["scope_prefix"]) != 8 or h["scope_prefix"] in mk | fk for h in H), "8-digit scopes are municipalities")
check(all(len(h["scope_prefix"]) != 5 or h["scope_prefix"] in dk for h in H), "5-digit scopes are districts")


by_date = {}
for h in H:
    by_date.setdefault(h["date"], []).append(h)


def holiday(ags, on):
    """full, partial (undecided without the local list) or none."""
    best = {}
    for h in by_date.get(on, ()):
        if h["land"] == "00" or ags.startswith(h["scope_prefix"]):
            k = (h["land"] == "00", h["name"])
            if k not in best or len(h["scope_prefix"]) > len(best[k]["scope_prefix"]):
                best[k] = h
    found = {h["coverage"] for h in best.values()}
    return "full" if "full" in found else "partial" if "partial" in found else "none"


def count(land, year):
    return len({h["date"] for h in H if h["scope"] == "land" and h["land"] in ("00", land) and h["date"][:4] == str(year)})


# days a year in the whole of the Land: SH HH NI HB NW HE RP BW BY SL BE BB MV SN ST TH
for year, want in ((2017, (10, 10, 10, 10, 12, 11, 12, 13, 13, 13, 10, 12, 10, 11, 11, 10)),
                   (2018, (10, 10, 10, 10, 11, 10, 11, 12, 12, 12, 9, 12, 10, 11, 11, 10)),
                   (2019, (10, 10, 10, 10, 11, 10, 11, 12, 12, 12, 10, 12, 10, 11, 11, 11)),
                   (2024, (10, 10, 10, 10, 11, 10, 11, 12, 12, 12, 10, 12, 11, 11, 11, 11)),
                   (2025, (10, 10, 10, 10, 11, 10, 11, 12, 12, 12, 11, 12, 11, 11, 11, 11))):
    check(tuple(count(x, year) for x in LAND) == want, f"days per Land in {year}", str(tuple(count(x, year) for x in LAND)))
check(sum(h["land"] == "00" for h in H) == 16 * 9 + 1, "nine nationwide holidays a year, ten in 2017")
for on, ags, want in (
        # dates printed in calendars for 2019 and 2024
        ("2019-04-19", "07315000", "full"), ("2019-04-22", "07315000", "full"), ("2019-05-30", "07315000", "full"),
        ("2019-06-10", "07315000", "full"), ("2019-06-20", "07315000", "full"), ("2019-11-01", "07315000", "full"),
        ("2024-03-29", "05315000", "full"), ("2024-04-01", "05315000", "full"), ("2024-05-09", "05315000", "full"),
        ("2024-05-20", "05315000", "full"), ("2024-05-30", "05315000", "full"), ("2024-05-30", "11000000", "none"),
        ("2024-11-20", "14713000", "full"), ("2024-11-20", "15002000", "none"), ("2024-10-31", "15002000", "full"),
        ("2024-01-06", "15002000", "full"), ("2024-08-15", "10041100", "full"), ("2024-10-31", "03241001", "full"),
        # first and last days of a rule
        ("2018-03-08", "11000000", "none"), ("2019-03-08", "11000000", "full"), ("2022-03-08", "13003000", "none"),
        ("2023-03-08", "13003000", "full"), ("2017-10-31", "05315000", "full"), ("2018-10-31", "05315000", "none"),
        ("2018-10-31", "02000000", "full"), ("2018-09-20", "16051000", "none"), ("2019-09-20", "16051000", "full"),
        ("2020-05-08", "11000000", "full"), ("2020-05-08", "12053000", "none"), ("2021-05-08", "11000000", "none"),
        ("2025-05-08", "11000000", "full"), ("2028-06-17", "11000000", "full"), ("2025-04-20", "12053000", "full"),
        ("2025-04-20", "11000000", "none"), ("2032-03-28", "12053000", "full"), ("2032-12-26", "01002000", "full"),
        # regional
        ("2024-05-30", "16061045", "full"), ("2024-05-30", "16063003", "none"), ("2024-05-30", "16063032", "full"),
        ("2024-05-30", "16063015", "partial"), ("2022-06-16", "16064073", "partial"), ("2024-05-30", "16051000", "none"),
        ("2024-05-30", "14625080", "full"), ("2024-05-30", "14625020", "partial"), ("2024-05-30", "14713000", "none"),
        ("2024-08-08", "09761000", "full"), ("2024-08-08", "09162000", "none"), ("2024-08-15", "09162000", "full"),
        ("2024-08-15", "09564000", "none"), ("2024-08-15", "09462000", "partial"), ("2024-08-15", "08111000", "none")):
    check(holiday(ags, on) == want, f"{on} in {ags} is {want}", holiday(ags, on))

check([(h["date"], h["name"], h["scope_prefix"], h["coverage"]) for h in H]
      == [(r[0].isoformat(), r[1], r[3], r[5]) for r in sorted(make_holidays.rows(), key=lambda r: (r[0], r[2], r[3]))],
      "holidays.csv is what make_holidays.py writes")

# manifest
unique(V, ["file"], "manifest")
check({v["file"] for v in V} == {f for f in os.listdir(HERE) if f.endswith(".csv")} - {"manifest.csv"}, "manifest names every table")
fmt(V, "as_of", r"\d{4}-\d\d-\d\d", "manifest")
check(all(day(v["reach_from"]) <= day(v["reach_to"]) and v["licence"] for v in V), "manifest has reach and licence")

print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
