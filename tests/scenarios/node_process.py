"""Nodes and commands as processes, for the scenarios.

A node starts on a free port with folders of its own, and its log is read as it comes: nothing here sleeps, each wait
is for a line or an end, with a deadline. All nodes are that of one agency in a training network which is made once for
each file of tests.
"""

import atexit
import functools
import json
import os
import pathlib
import re
import signal
import ssl
import subprocess
import tempfile
import threading
import time

from raw_grpc import Connection

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("TEILHABE_BIN", ROOT / "build" / "release" / "bin")).resolve()
SOON = 60  # Seconds by which what must happen has happened.
AGENCY = "lwl"


def environment(**more):
    """The environment of every process: none of the settings that the one who runs the tests may have."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TEILHABE_", "GRPC_"))}
    return {**kept, "LC_ALL": "C.UTF-8", **more}


def run(program, *arguments, text=None, data=None, env=None, cwd=None, timeout=SOON):
    """Runs a program to its end; gives returncode, stdout and stderr as text. `data`: input as bytes."""
    done = subprocess.run([program, *map(str, arguments)], input=data if text is None else text.encode(), cwd=cwd,
                          stdin=subprocess.DEVNULL if text is None and data is None else None,
                          capture_output=True, env=env or environment(), timeout=timeout, check=False)
    done.stdout = done.stdout.decode()  # Strict: what the programs print is UTF-8.
    done.stderr = done.stderr.decode()
    return done


@functools.lru_cache(maxsize=None)
def network():
    """The state folder of the training network: keys and certificates of the agency's node and of its command line."""
    folder = tempfile.TemporaryDirectory(prefix="teilhabe-network.")
    atexit.register(folder.cleanup)
    start, state = pathlib.Path(folder.name, "start"), pathlib.Path(folder.name, "state")
    start.mkdir()
    (start / "network.json").write_text(json.dumps({
        "network": "schulung-test", "training": True, "first_day": "2026-01-05",
        "members": [{"id": AGENCY, "kind": "agency"}]}))
    for command in (["up", start, "--base-port", "0"], ["down", start]):
        done = run(BIN / "teilhabe", "--state", state, "network", *command)
        if done.returncode != 0:
            raise AssertionError(f"no network: {done.stderr}")
    return state


def identity():
    """The arguments that make a node the agency's."""
    return ["--identity", network() / "members" / AGENCY / "identity", "--clock", network() / "clock"]


def as_cli(**more):
    """The environment in which `teilhabe` acts as the agency."""
    return environment(TEILHABE_STATE=str(network()), TEILHABE_AS=AGENCY, **more)


def cli(*arguments, node=None, env=None, **more):
    """Runs `teilhabe` as the agency; `node`: HOST:PORT of the node to ask."""
    settings = {**(env or {}), **({"TEILHABE_NODE": node} if node else {})}
    return run(BIN / "teilhabe", *arguments, env=as_cli(**settings), **more)


def connect(port, **more):
    """A connection of raw gRPC with the certificate of the agency's command line."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    tls.check_hostname = False  # The node's certificate holds a URI; who it is matters not here.
    tls.verify_mode = ssl.CERT_NONE
    folder = network() / "members" / AGENCY / "system" / "cli"
    tls.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    tls.set_alpn_protocols(["h2"])
    return Connection(port, tls, **more)


def reason_of(done):
    """The reason code of an error that `teilhabe` printed: `✗ Rejected: ... [REASON]`."""
    found = re.search(r"^✗ .*\[([A-Z0-9_]+)\]$", done.stderr, re.MULTILINE)
    return found.group(1) if found else ""


def field_of(done):
    found = re.search(r"^  Field: (.*)$", done.stderr, re.MULTILINE)
    return found.group(1) if found else ""


def listing(folder):
    """Every path below a folder with its size and content, to see whether something was stored."""
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
            for path in sorted(pathlib.Path(folder).rglob("*"))}


class Node:
    """One running node. Use as a context manager; it is killed at the end if it still runs."""

    def __init__(self, folder, *arguments, program="teilhabe-node", listen="127.0.0.1:0", env=None):
        self.folder = pathlib.Path(folder)
        self.data = self.folder / "data"
        self.lines = []
        self.news = threading.Condition()
        self.ended = False
        self.process = subprocess.Popen(
            [BIN / program, "--listen", listen, "--data", self.data, "--journal", self.folder / "journal",
             *identity(), *map(str, arguments)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment(**(env or {})))
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        try:
            self.port = self.wait_for("serving")["port"]
        except BaseException:
            self.__exit__()
            raise
        self.address = f"127.0.0.1:{self.port}"

    def read(self):
        for line in self.process.stderr:
            with self.news:
                self.lines.append(line.decode(errors="backslashreplace").rstrip("\n"))
                self.news.notify_all()
        with self.news:
            self.ended = True
            self.news.notify_all()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.reader.join(SOON)
        self.process.stderr.close()

    def wait_for(self, event):
        """The first line of the log with this event, as soon as it is there."""
        deadline = time.monotonic() + SOON
        seen = 0
        with self.news:
            while True:
                for line in self.lines[seen:]:
                    entry = as_json(line)
                    if entry.get("event") == event:
                        return entry
                seen = len(self.lines)
                if self.ended or not self.news.wait(deadline - time.monotonic()):
                    raise AssertionError(f"no '{event}' in the log:\n" + "\n".join(self.lines))

    def terminate(self, number=signal.SIGTERM):
        self.process.send_signal(number)

    def stop(self, number=signal.SIGTERM):
        """Ends the node and returns its exit code; afterwards the log is whole."""
        self.terminate(number)
        code = self.process.wait(SOON)
        self.reader.join(SOON)
        return code

    def cli(self, *arguments, **more):
        return cli(*arguments, node=self.address, **more)


def as_json(line):
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
