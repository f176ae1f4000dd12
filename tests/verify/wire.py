"""A strict reader of the Protocol Buffers wire format.

Stricter than every library on purpose: what a library would skip, repair or let win over something earlier is a fault,
because it would be a second way to write the same thing, or a place to hide something.
"""

import functools

from contracts import ENUMS, MESSAGES, Field
from shapes import shape_faults

_VARINT, _LENGTH = 0, 2


class _Broken(Exception):
    """The bytes cannot be read on from here."""


class Message:
    """What was read. `broken`: reading stopped before the end; what came before it stands in the fields.

    `faults` are (path, rule, text), those of messages inside included. Messages are shared between readings (see
    `decode`) and never change.
    """
    __slots__ = ("name", "fields", "faults", "broken")

    def __init__(self, name: str, fields: dict, faults: tuple, broken: bool):
        self.name, self.fields, self.faults, self.broken = name, fields, faults, broken

    def __getitem__(self, field: str):
        return self.fields[field]

    def one(self, oneof: str) -> str:
        """Name of the member of a oneof that is set; empty: none."""
        return self.fields.get("." + oneof, "")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    start = at
    while True:
        if at == len(data):
            raise _Broken("a number is cut off")
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
        shift += 7
        if shift > 63:
            raise _Broken("a number is longer than ten bytes")
    if byte == 0 and at - start > 1:
        raise _Broken("a number is not in its shortest form")
    if value >> 64:
        raise _Broken("a number has more than 64 bits")
    return value, at


def _number(field: Field, value: int):
    if field.type == "bool":
        if value > 1:
            raise _Broken(f"{field.name} is neither true nor false")
        return value == 1
    if field.type == "uint32":
        if value >> 32:
            raise _Broken(f"{field.name} has more than 32 bits")
        return value
    if field.type in ENUMS:
        if not 1 <= value <= len(ENUMS[field.type]):
            raise _Broken(f"{field.name} is not a named value of {field.type}")
        return value
    value -= (value >> 63) << 64
    if field.type == "int32" and not -(1 << 31) <= value < 1 << 31:
        raise _Broken(f"{field.name} has more than 32 bits")
    return value


def _packed(field: Field, data: bytes) -> list:
    if not data:
        raise _Broken(f"{field.name} is present and empty")
    values, at = [], 0
    while at < len(data):
        value, at = _varint(data, at)
        values.append(_number(field, value))
    return values


def _value(field: Field, data: bytes):
    if field.is_message:
        return decode(field.type, data)
    if field.type == "string":
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            raise _Broken(f"{field.name} is not UTF-8") from None
    return data


def _read_into(fields: dict, name: str, data: bytes) -> None:
    contract = MESSAGES[name]
    at = last = 0
    while at < len(data):
        tag, at = _varint(data, at)
        number, wire_type = tag >> 3, tag & 7
        field = contract.get(number)
        if field is None:
            raise _Broken(f"{name} has no field {number}")
        packed = field.repeated and field.is_varint
        if wire_type != (_VARINT if field.is_varint and not packed else _LENGTH):
            raise _Broken(f"{field.name} has wire type {wire_type}")
        if number < last:
            raise _Broken(f"{field.name} stands behind a field of a higher number")
        if number == last and (packed or not field.repeated):
            raise _Broken(f"{field.name} is there twice")
        last = number
        if fields.get("." + field.oneof, field.name) != field.name:
            raise _Broken(f"{field.name} stands beside {fields['.' + field.oneof]}")
        value, at = _varint(data, at)
        if wire_type == _LENGTH:
            if value > len(data) - at:
                raise _Broken(f"{field.name} goes on behind the end of {name}")
            content, at = data[at:at + value], at + value
            value = _packed(field, content) if packed else _value(field, content)
        else:
            value = _number(field, value)
        if field.repeated and not packed:
            fields.setdefault(field.name, []).append(value)
        elif value == field.default:
            raise _Broken(f"{field.name} is written though it holds its default")
        else:
            fields[field.name] = value
        if field.oneof:
            fields["." + field.oneof] = field.name


def read(name: str, data: bytes) -> Message:
    """Reads a whole message. Never raises."""
    fields, faults, broken = {}, [], False
    try:
        _read_into(fields, name, data)
    except _Broken as error:
        faults.append(("", "Messages", str(error)))
        broken = True
    for field in MESSAGES[name].values():
        value = fields.setdefault(field.name, field.default)
        if not field.is_message or not value:
            continue
        for index, inner in enumerate(value if field.repeated else (value,)):
            path = f"{field.name}[{index}]" if field.repeated else field.name
            faults += [(f"{path}.{below}" if below else path, rule, text) for below, rule, text in inner.faults]
    if not broken:
        faults += shape_faults(name, fields)
    return Message(name, fields, tuple(faults), broken)


# The same event, certificate or directory is read again whenever a file is verified that differs elsewhere only.
decode = functools.lru_cache(maxsize=8192)(read)
