"""Days as the stories count them. Officials work from Monday to Friday, and not on holidays of either Land."""

import csv
import datetime
import pathlib

DATA = pathlib.Path(__file__).resolve().parents[2] / "common" / "reference" / "data"
LAENDER = {"00", "05", "16"}  # Everywhere, Nordrhein-Westfalen, Thüringen.


def read_holidays():
    with open(DATA / "holidays.csv", encoding="utf-8", newline="") as file:
        return {datetime.date.fromisoformat(row["date"]) for row in csv.DictReader(file)
                if row["land"] in LAENDER and row["coverage"] == "full"}


HOLIDAYS = read_holidays()


def add_months(day, count):
    """The same day of a later month; where there is none, its last one."""
    month = day.year * 12 + day.month - 1 + count
    first = datetime.date(month // 12, month % 12 + 1, 1)
    after = datetime.date((month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(first + datetime.timedelta(day.day - 1), after - datetime.timedelta(1))


def first_of_month(day, count):
    """The first day of the month that begins `count` months after that of `day`."""
    return add_months(day.replace(day=1), count)


def later(day, count):
    """So many days later, or the next working day after it."""
    day += datetime.timedelta(count)
    while day.weekday() > 4 or day in HOLIDAYS:
        day += datetime.timedelta(1)
    return day


def before(day):
    return day - datetime.timedelta(1)
