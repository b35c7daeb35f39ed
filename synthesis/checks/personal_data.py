"""Does the text give away somebody's address, number or account?"""

import re
from collections.abc import Callable, Iterable, Iterator
from ipaddress import ip_address

from kg.model import Check
from kg.suggest import unknown
from synthesis.checks.base import Written, failed, passed

EMAIL = re.compile(
    r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9\u00c0-\u024f\u4e00-\u9fff-]{1,63}\.)+[A-Za-z\u4e00-\u9fff]{2,24}"
)
PHONE = re.compile(
    r"(?<![\w.,/-])(?:"
    r"(?:\+|00)[1-9]\d{0,2}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{1,4}(?:[ .-]?\d{2,4}){1,4}"
    r"|\(0?\d{2,4}\)[ .-]?\d{3,4}[ .-]?\d{3,4}"
    r"|\d{3}[ .-]\d{3}[ .-]\d{4}"
    r"|0[1-9]\d{1,3}[ /-]\d{3,4}[ -]?\d{3,5}"
    r"|1[3-9]\d[ -]?\d{4}[ -]?\d{4}"
    r")(?![\w-]|[.,]\d)"
)
IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?![A-Za-z0-9])")
CARD = re.compile(r"(?<![\d.,-])\d(?:[ -]?\d){12,18}(?![\d]|[.,]\d)")
CHINESE_ID = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[0-9Xx](?![0-9A-Za-z])"
)
IP = re.compile(
    r"(?<![\w.:])(?:(?:\d{1,3}\.){3}\d{1,3}|(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4})(?![\w:]|\.\d)"
)
VERSION = re.compile(r"(?:version|release|build|v|版本|版)\.? ?$", re.IGNORECASE)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


class PersonalData:
    """Fails a text with personal data: e-mail addresses, phone numbers, IBANs, credit cards, Chinese identity
    numbers, IP addresses. Names are none.

    Numbers with a checksum count only where it is right. `kinds` are those that are looked for; what the
    context says itself may be said again unless `repeated` is False.
    """

    name = "personal_data"

    def __init__(self, kinds: Iterable[str] = (), *, repeated: bool = True) -> None:
        self._kinds = tuple(kinds) or tuple(KINDS)
        for kind in self._kinds:
            if kind not in KINDS:
                raise ValueError(unknown("kind of personal data", kind, KINDS))
        self._repeated = repeated

    def check(self, written: Written) -> Check:
        """Whether nobody can be reached or charged by what it says."""
        for kind in self._kinds:
            for found in KINDS[kind](written.text):
                if not (self._repeated and _bare(found) in _bare(written.known)):
                    return failed(self.name, f"{kind} {found!r}")
        return passed(self.name)


def _bare(text: str) -> str:
    """Without what a number may be grouped by."""
    return re.sub(r"[\s().-]", "", text).casefold()


def emails(text: str) -> Iterator[str]:
    """E-mail addresses."""
    if "@" in text:
        yield from (found[0] for found in EMAIL.finditer(text))


def phones(text: str) -> Iterator[str]:
    """Phone numbers of seven digits and more: international, North American, with an area code, Chinese mobile."""
    for found in PHONE.finditer(text):
        if 7 <= len(_digits(found[0])) <= 15:
            yield found[0]


def ibans(text: str) -> Iterator[str]:
    """International bank account numbers whose remainder modulo 97 is 1 (ISO 13616).

    >>> list(ibans("Pay to DE89 3704 0044 0532 0130 00."))
    ['DE89 3704 0044 0532 0130 00']
    """
    for found in IBAN.finditer(text):
        number = found[0].replace(" ", "")
        turned = "".join(str(int(c, 36)) for c in number[4:] + number[:4])
        if 15 <= len(number) <= 34 and int(turned) % 97 == 1:
            yield found[0]


def cards(text: str) -> Iterator[str]:
    """Card numbers of 13 to 19 digits whose check digit is right (Luhn).

    >>> list(cards("4111 1111 1111 1111 and 4111 1111 1111 1112"))
    ['4111 1111 1111 1111']
    """
    for found in CARD.finditer(text):
        digits = _digits(found[0])
        doubled = [
            digit if place % 2 == 0 else sum(divmod(2 * digit, 10))
            for place, digit in enumerate(digits[::-1])
        ]
        if digits[0] in (2, 3, 4, 5, 6) and len(set(digits)) > 1 and sum(doubled) % 10 == 0:
            yield found[0]


def chinese_ids(text: str) -> Iterator[str]:
    """Chinese identity numbers: 18 digits with a date of birth and the right check digit (GB 11643)."""
    for found in CHINESE_ID.finditer(text):
        total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, found[0], strict=False))
        if "10X98765432"[total % 11] == found[0][-1].upper():
            yield found[0]


def addresses(text: str) -> Iterator[str]:
    """IP addresses, versions 4 and 6; not this machine's own, nor versions of a program."""
    for found in IP.finditer(text):
        try:
            address = ip_address(found[0])
        except ValueError:
            continue
        versioned = VERSION.search(text, max(0, found.start() - 10), found.start())
        if not (address.is_loopback or address.is_unspecified or versioned):
            yield found[0]


def _digits(text: str) -> list[int]:
    return [int(c) for c in text if c.isdecimal()]


KINDS: dict[str, Callable[[str], Iterator[str]]] = {
    "email": emails,
    "iban": ibans,
    "card": cards,
    "chinese_id": chinese_ids,
    "phone": phones,
    "ip": addresses,
}
