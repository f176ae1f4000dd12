"""The training network as its agencies use it: calls of public contracts, the clock, nodes that are killed."""

import datetime
import json
import os
import pathlib
import queue
import signal
import subprocess

AGAIN = {"UNAVAILABLE", "DEADLINE_EXCEEDED"}  # Nothing became durable, or it did: the request id tells.
TRIES = 20


class Refused(Exception):
    """A node said no."""

    def __init__(self, call, error):
        super().__init__(f"{call['as']} {call['method']}: {error['code']} {error['reason']} {error['message']} "
                         f"{error['details']}")
        self.reason = error["reason"]
        self.details = error["details"]


class Process:
    """A program that answers line by line."""

    def __init__(self, words, state):
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True, env={**os.environ, "TEILHABE_STATE": str(state)})

    def ask(self, line):
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            raise RuntimeError(f"{' '.join(map(str, self.process.args))}: {self.process.stderr.read()}")
        return answer

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Network:
    """Nodes of one state folder. Calls may come from several threads; each has a program of its own to make them."""

    def __init__(self, program, state, start, workers):
        self.program, self.state, self.start = program, pathlib.Path(state), start
        self.lines = queue.LifoQueue()
        for _ in range(workers):
            self.lines.put(Process([program, "--timeout", "30", "rpc", "--lines"], state))
        self.clock = Process([program, "--timeout", "30", "network", "clock", "set", "-"], state)
        self.today = datetime.date.fromisoformat(self.run("network", "clock").strip())
        self.calls = 0
        self.repeated = 0

    def run(self, *words):
        return subprocess.run([self.program, *words], check=True, capture_output=True, text=True,
                              env={**os.environ, "TEILHABE_STATE": str(self.state)}).stdout

    def call(self, agency, method, request, official=False):
        """One call; it is repeated, with the same request id, while its node cannot be reached. Errors: Refused."""
        call = {"as": agency, "method": method, "request": request}
        if official:
            call["official"] = "sb-1"
        line = json.dumps(call, ensure_ascii=False)
        for _ in range(TRIES):
            process = self.lines.get()
            try:
                answer = json.loads(process.ask(line))
            finally:
                self.lines.put(process)
            self.calls += 1
            if "error" not in answer:
                return answer["answer"]
            if answer["error"]["code"] not in AGAIN:
                break
            self.repeated += 1
        raise Refused(call, answer["error"])

    def to(self, day):
        """Moves the clock; comes back when everything that was sent has arrived."""
        answer = self.clock.ask(day.isoformat()).strip()
        assert answer == day.isoformat(), answer
        self.today = day

    def members(self):
        """The nodes by member id: {id: {"name", "memory"}}."""
        lines = self.run("network", "status").splitlines()
        keys = lines[0].split("\t")
        return {row["node"]: row for row in (dict(zip(keys, line.split("\t"))) for line in lines[1:])}

    def kill(self, member):
        """SIGKILL; the node is gone when this returns."""
        process = int((self.state / "members" / member / "node.pid").read_text(encoding="utf-8"))
        os.kill(process, signal.SIGKILL)
        command = pathlib.Path(f"/proc/{process}/cmdline")
        while command.exists() and command.read_bytes():
            pass

    def revive(self):
        """Starts what does not run."""
        self.run("network", "up", str(self.start))

    def close(self):
        self.clock.close()
        while not self.lines.empty():
            self.lines.get().close()
