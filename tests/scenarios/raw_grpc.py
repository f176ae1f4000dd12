"""A gRPC client of a hundred lines, for what the project's own client never sends: strange metadata, broken messages,
calls left open. HTTP/2 on one connection, encrypted with the TLS context given; several calls may be open at once.
"""

import socket
import struct
import time

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = 0, 1, 3, 4, 6, 7, 8, 9
END_STREAM, END_HEADERS, ACK = 1, 4, 1
# HPACK's static table as far as an answer needs it (RFC 7541, appendix A): index → name.
STATIC_NAMES = {8: ":status", 9: ":status", 10: ":status", 11: ":status", 12: ":status", 13: ":status", 14: ":status",
                31: "content-type"}


class CallFailed(Exception):
    """The connection ended, or the stream was reset, before a status came."""


def varint(number):
    """A number as Protocol Buffers write it."""
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def field(number, value):
    """One field of a message: an int as a varint, text or bytes with their length."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    value = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(value)) + value


def hpack_integer(number, bits, first=0):
    limit = (1 << bits) - 1
    if number < limit:
        return bytes([first | number])
    out, number = bytes([first | limit]), number - limit
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def hpack_literal(name, value):
    """A header that no table remembers; neither name nor value is compressed."""
    def text(part):
        part = part.encode() if isinstance(part, str) else part
        return hpack_integer(len(part), 7) + part
    return b"\0" + text(name) + text(value)


class HeaderReader:
    """Reads what gRPC's own server writes: literals without Huffman code, and a table that grows."""

    def __init__(self):
        self.dynamic = []

    def read(self, block):
        headers, at = {}, 0

        def integer(bits):
            nonlocal at
            number = block[at] & (1 << bits) - 1
            at += 1
            if number < (1 << bits) - 1:
                return number
            shift = 0
            while True:
                byte = block[at]
                at += 1
                number += (byte & 127) << shift
                shift += 7
                if byte < 128:
                    return number

        def text():
            nonlocal at
            huffman = block[at] & 128
            length = integer(7)
            raw = block[at:at + length]
            at += length
            return "(huffman)" if huffman else raw.decode("latin-1")

        while at < len(block):
            first = block[at]
            if first & 128:
                index = integer(7)
                name, value = self.entry(index)
            elif first & 0xE0 == 0x20:
                integer(5)
                continue
            else:
                keep = first & 64
                index = integer(6 if keep else 4)
                name = self.entry(index)[0] if index else text()
                value = text()
                if keep:
                    self.dynamic.insert(0, (name, value))
            headers[name] = value
        return headers

    def entry(self, index):
        if index > 61:
            return self.dynamic[index - 62]
        return STATIC_NAMES.get(index, f"static-{index}"), ""


class Connection:
    """One HTTP/2 connection. Use as a context manager."""

    def __init__(self, port, tls=None, timeout=20, window=(1 << 24)):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket)
        self.deadline = time.monotonic() + timeout
        self.reader = HeaderReader()
        self.next_stream = 1
        self.buffer = b""
        self.messages = {}  # stream → bytes of its DATA frames
        self.trailers = {}  # stream → headers of its last HEADERS frame
        self.ended = set()
        self.socket.sendall(PREFACE + self.frame(SETTINGS, 0, 0, struct.pack(">HI", 4, window)))
        if window > 65535:
            self.socket.sendall(self.frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", window - 65535)))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    @staticmethod
    def frame(kind, flags, stream, payload=b""):
        return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload

    def start(self, path, metadata=()):
        """Opens a call and returns its stream."""
        stream, self.next_stream = self.next_stream, self.next_stream + 2
        self.messages[stream], self.trailers[stream] = b"", {}
        headers = [(":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "localhost"),
                   ("te", "trailers"), ("content-type", "application/grpc"), *metadata]
        block = b"".join(hpack_literal(*header) for header in headers)
        kind, flags = HEADERS, 0
        while True:  # 16 KiB a frame.
            part, block = block[:16384], block[16384:]
            flags |= 0 if block else END_HEADERS
            self.socket.sendall(self.frame(kind, flags, stream, part))
            if not block:
                return stream
            kind = CONTINUATION

    def send(self, stream, message, last=False):
        """Sends one message; cares nothing for the other side's window."""
        data = b"\0" + struct.pack(">I", len(message)) + message
        parts = [data[at:at + 16384] for at in range(0, len(data), 16384)]
        for at, part in enumerate(parts):
            self.socket.sendall(self.frame(DATA, END_STREAM if last and at + 1 == len(parts) else 0, stream, part))

    def half_close(self, stream):
        self.socket.sendall(self.frame(DATA, END_STREAM, stream))

    def cancel(self, stream):
        self.socket.sendall(self.frame(RST_STREAM, 0, stream, struct.pack(">I", 8)))

    def finish(self, stream):
        """Reads until the call has ended; returns (status, grpc-message, [messages])."""
        while stream not in self.ended:
            self.read_frame()
        trailers = self.trailers[stream]
        if "grpc-status" not in trailers:
            raise CallFailed(f"no status: {trailers}")
        return int(trailers["grpc-status"]), trailers.get("grpc-message", ""), self.take(stream)

    def take(self, stream):
        """The whole messages that came so far."""
        data, out = self.messages[stream], []
        while len(data) >= 5 and len(data) >= 5 + struct.unpack(">I", data[1:5])[0]:
            size = struct.unpack(">I", data[1:5])[0]
            out.append(data[5:5 + size])
            data = data[5 + size:]
        self.messages[stream] = data
        return out

    def next_message(self, stream):
        """Reads until one more message is there."""
        while True:
            found = self.take(stream)
            if found:
                return found[0]
            if stream in self.ended:
                raise CallFailed(f"ended: {self.trailers[stream]}")
            self.read_frame()

    def call(self, path, message, metadata=()):
        stream = self.start(path, metadata)
        self.send(stream, message, last=True)
        return self.finish(stream)

    def receive(self, size):
        while len(self.buffer) < size:
            if time.monotonic() > self.deadline:
                raise CallFailed("no answer in time")
            got = self.socket.recv(65536)
            if not got:
                raise CallFailed("the connection was closed")
            self.buffer += got
        out, self.buffer = self.buffer[:size], self.buffer[size:]
        return out

    def read_frame(self):
        head = self.receive(9)
        kind, flags, stream = struct.unpack(">BBI", head[3:])
        payload = self.receive(int.from_bytes(head[:3], "big"))
        if kind == SETTINGS and not flags & ACK:
            self.socket.sendall(self.frame(SETTINGS, ACK, 0))
        elif kind == PING and not flags & ACK:
            self.socket.sendall(self.frame(PING, ACK, 0, payload))
        elif kind == DATA:
            self.messages[stream] += payload
        elif kind == HEADERS:
            self.trailers[stream] = self.reader.read(payload)
        elif kind == RST_STREAM:
            self.ended.add(stream)
        elif kind == GOAWAY and struct.unpack(">II", payload[:8])[1] != 0:
            raise CallFailed(f"the server gave up the connection: {payload[8:]!r}")
        if kind in (DATA, HEADERS) and flags & END_STREAM:
            self.ended.add(stream)
        return kind, stream
