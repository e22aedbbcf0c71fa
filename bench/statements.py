"""Whether a draft states what the examination wants stated, by kinds of statement: an edit, a limit, a global period.

Each kind reads the text as a person would and takes its values from the letter's expectation, never from the engine.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

_GLOBAL_WORDS = {
    "000": "0 days",
    "010": "10 days",
    "090": "90 days",
    "XXX": "none",
    "ZZZ": "primary",
    "MMM": "maternity",
}
_INDICATOR_NAMES = {
    "multiple": "multiple procedures",
    "bilateral": "bilateral",
    "assistant": "assistant at surgery",
    "co_surgeon": "co-surgeons",
}


def holds(check: Mapping[str, Any], text: str) -> bool:
    """Tell whether the text states one expected thing; `check` holds one kind with its values."""
    ((kind, wanted),) = check.items()
    return _KINDS[kind](wanted, " ".join(re.sub(r"\[\d{1,3}\]", "", text).split()))


def _ptp(wanted: Mapping[str, str], text: str) -> bool:
    one, two = wanted["column_one"], wanted["column_two"]
    pair = rf"{one} \(column one\) and {two} \(column two\) [^.]*?indicator {wanted['indicator']}\b"
    return re.search(pair, text) is not None


def _no_ptp(wanted: list[str], text: str) -> bool:
    one, two = wanted
    none = rf"(?:no PTP edit between|no pair of) (?:{one} and {two}|{two} and {one})\b"
    return re.search(none, text, re.IGNORECASE) is not None


def _mue(wanted: Mapping[str, Any], text: str) -> bool:
    rows = re.findall(r"MUE for ([^:.]*): (\d+), adjudication indicator (\d)", text)
    return any(
        wanted["code"] in codes and int(units) == wanted["units"] and str(wanted.get("mai", mai)) == mai
        for codes, units, mai in rows
    )


def _add_on(wanted: Mapping[str, Any], text: str) -> bool:
    rows = re.findall(rf"{wanted['code']} is an add-on code \(type \d\): report it only with ([^.]*)", text)
    return any(all(code in _spread(row) for code in wanted.get("primaries", ())) for row in rows)


def _spread(text: str) -> frozenset[str]:
    """Return every code that a list with ranges names."""
    codes = set(re.findall(r"\b[A-Z]?\d{4,5}[A-Z]?\b", text))
    for low, high in re.findall(r"\b(\d{5}) (?:to|through|-) (\d{5})\b", text):
        codes |= {f"{code:05d}" for code in range(int(low), int(high) + 1)}
    return frozenset(codes)


def _global(wanted: Mapping[str, str], text: str) -> bool:
    code, days = wanted["code"], wanted["days"]
    asked = rf"global period of [^.]*\b{code}\b[^.]*? is [^.]*?\(indicator {days}\)"
    listed = rf"\b{code}\b[^.:]*: global period (?:that of its )?{re.escape(_GLOBAL_WORDS.get(days, days))}"
    return re.search(f"{asked}|{listed}", text) is not None


def _indicator(wanted: Mapping[str, str], text: str) -> bool:
    code, value, name = wanted["code"], wanted["value"], _INDICATOR_NAMES[wanted["field"]]
    asked = rf"{name} indicator of [^.]*\b{code}\b[^.]* is {value}\b"
    listed = rf"\b{code}\b[^.:]*: global period [^.]*\b{name} {value}\b"
    return re.search(f"{asked}|{listed}", text) is not None


def _icd(wanted: Mapping[str, Any], text: str) -> bool:
    code = re.escape(wanted["code"])
    if wanted.get("valid") is False:
        return re.search(rf"\b{code} is not in the ICD-10-CM", text) is not None
    word = "valid and billable" if wanted.get("billable", True) else "a category and not billable"
    return re.search(rf"\b{code}(?: \([^.]*?\))? is {word}", text) is not None


def _says(wanted: list[str], text: str) -> bool:
    return all(re.search(pattern, text, re.IGNORECASE) for pattern in wanted)


def _says_not(wanted: list[str], text: str) -> bool:
    return not any(re.search(pattern, text, re.IGNORECASE) for pattern in wanted)


_KINDS: Mapping[str, Callable[[Any, str], bool]] = MappingProxyType(
    {
        "ptp": _ptp,
        "no_ptp": _no_ptp,
        "mue": _mue,
        "add_on": _add_on,
        "global": _global,
        "indicator": _indicator,
        "icd": _icd,
        "says": _says,
        "says_not": _says_not,
    }
)
