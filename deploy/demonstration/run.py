#!/usr/bin/env python3
"""Plays the lives of invented persons over three years, day by day, through the nodes of a training network: see
README.md. Ends with 1 if a sum does not hold, with 2 if a call was refused that the path does not expect."""

import argparse
import concurrent.futures
import datetime
import heapq
import json
import pathlib
import random
import sys
import time

import examples
import persons
import report
import summary
from network import Network, Refused
from prepare import prepare
from stories import PATHS, Story

YEARS = 3
WORKERS = 8  # Stories that go on at a time.
HERE = pathlib.Path(__file__).resolve().parent


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True, help="teilhabe")
    parser.add_argument("--state", required=True, help="state folder of the network, which runs")
    parser.add_argument("--start", required=True, help="its start folder")
    parser.add_argument("--out", required=True, help="folder for summary.json and the timelines")
    parser.add_argument("--persons", type=int, default=0, help="so many of the same kinds instead of those of the file")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", action="store_true", help="kills and restarts random nodes meanwhile")
    return parser.parse_args()


class Killer:
    """Kills one node now and then while the day's work goes on, and starts it again."""

    def __init__(self, network, seed):
        self.network, self.rng = network, random.Random(seed)
        self.members = sorted(network.members())
        self.kills = 0

    def strike(self):
        """Comes back when the node runs again."""
        member = self.rng.choice(self.members)
        self.kills += 1
        self.network.kill(member)
        self.network.revive()


def play(network, people, last, killer, each_quarter):
    """Lets each story go on on its days until the last one; returns the stories and the calls that failed."""
    stories = [Story(network, person) for person in people]
    steps = [PATHS[person["path"]](story) for person, story in zip(people, stories)]
    due = [(person["applies"], number) for number, person in enumerate(people)]
    heapq.heapify(due)
    wrong = []

    def go_on(number):
        try:
            return next(steps[number])
        except StopIteration:
            return None
        except (Refused, AssertionError, KeyError, IndexError) as error:
            wrong.append((people[number]["id"], people[number]["path"], network.today, error))
            return None

    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        while network.today < last:
            now = []
            while due and due[0][0] <= network.today:
                now.append(heapq.heappop(due)[1])
            strike = pool.submit(killer.strike) if killer and now and killer.rng.random() < 0.04 else None
            for number, day in zip(now, pool.map(go_on, now)):
                if day is not None and day <= network.today:
                    day = network.today + datetime.timedelta(1)
                if day is not None and day <= last:
                    heapq.heappush(due, (day, number))
            if strike:
                strike.result()
            network.to(network.today + datetime.timedelta(1))
            if network.today.day == 1 and network.today.month % 3 == 1:
                each_quarter(stories)
    return stories, wrong


class Quarters:
    """Prints a line on the first day of each quarter, and looks whether each file is held once."""

    def __init__(self, network):
        self.network, self.members = network, sorted(network.members())
        self.start = time.monotonic()
        self.not_on_one_list = 0

    def __call__(self, stories):
        self.not_on_one_list += summary.not_on_one_list(self.network, self.members, stories)
        print(f"  {self.network.today:%d.%m.%Y}  {self.network.calls:7d} calls  {time.monotonic() - self.start:6.1f} s",
              flush=True)


def main():
    options = arguments()
    if options.persons < 0:
        sys.exit("--persons: a number of persons")
    people = persons.read(HERE / "persons.jsonl")
    if options.persons:
        people = persons.more(people, options.persons, options.seed)
    network = Network(options.program, options.state, options.start, WORKERS)
    first = network.today
    last = first.replace(year=first.year + YEARS)
    start = time.monotonic()
    prepare(network)
    killer = Killer(network, options.seed) if options.faults else None
    quarters = Quarters(network)
    stories, wrong = play(network, people, last, killer, quarters)
    seconds = time.monotonic() - start
    for person, path, day, error in wrong:
        print(f"✗ {person} {path} {day}: {error!r}", file=sys.stderr)
    result = summary.make(network, stories, first, last, quarters.not_on_one_list)
    out = pathlib.Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    (out / "summary.json").write_text(json.dumps(result, ensure_ascii=False, indent=1, sort_keys=True) + "\n",
                                      encoding="utf-8")
    shown = examples.write(network, stories, out)
    print(report.text(result, shown))
    memory = sorted(row["memory"] for row in network.members().values())
    print(f"{len(people)} persons, {(last - first).days} days in {seconds:.1f} s "
          f"({seconds / (last - first).days * 1000:.0f} ms a day), {network.calls} calls "
          f"({network.calls / seconds:.0f}/s), memory of a node {memory[0]} to {memory[-1]}")
    if killer:
        print(f"{killer.kills} nodes killed and started again, {network.repeated} calls repeated")
    network.close()
    return 2 if wrong else 0 if summary.holds(result) else 1


if __name__ == "__main__":
    sys.exit(main())
