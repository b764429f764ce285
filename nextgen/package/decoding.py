"""The bytes of a CSV file as text, or the sentence that says how to save it."""

import codecs

from nextgen.package.fault import Fault
from nextgen.package.sheet import Sheet, parse

_WIDE = {codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16"}


def sheet(file: str, data: bytes) -> Sheet:
    """The sheet in these bytes, or an empty one with the fault of its encoding."""
    wide = next((name for mark, name in _WIDE.items() if data.startswith(mark)), "")
    if not wide and data[:200].count(0) > len(data[:200]) // 4:
        wide = "UTF-16"
    if wide:
        return _refused(file, 1, f"is written in {wide}: save it as UTF-8")
    if 0 in data:
        return _refused(file, _line(data, data.index(0)), "holds a NUL byte: remove it")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = _line(data, error.start)
        byte = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        told = f"is not UTF-8: byte {byte} of the line is 0x{data[error.start]:02X}; save as UTF-8"
        return _refused(file, line, told)
    if not text.startswith("\ufeff"):
        return parse(file, text)
    found = parse(file, text[1:])
    found.faults.append(Fault(file, 1, "", "starts with a byte order mark: save it without"))
    return found


def _refused(file: str, line: int, sentence: str) -> Sheet:
    return Sheet(file, faults=[Fault(file, line, "", sentence)], unread=True)


def _line(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1
