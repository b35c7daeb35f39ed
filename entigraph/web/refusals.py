"""Why a request is refused, as errors with the HTTP status that says so.

Refused 400
├── ReadOnly 403   the server only shows
├── NotThere 404   an id that this corpus does not have
└── Gone 410       the corpus was deleted, or another lies in its place
"""


class Refused(Exception):
    """A request that is not carried out; the message is for the person at the page."""

    status = 400


class ReadOnly(Refused):
    """Something was to be changed, and the server only shows."""

    status = 403


class NotThere(Refused):
    """What was asked for is not in this corpus."""

    status = 404


class Gone(Refused):
    """The corpus is not there any more."""

    status = 410


class Busy(Refused):
    """It cannot be done at this moment; later it can."""

    status = 409
