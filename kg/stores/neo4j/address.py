"""The address of a corpus in Neo4j: bolt://user:password@host:7687/database#corpus."""

from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from kg.store import StoreError

SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")
PORT = 7687
CORPUS = "corpus"  # where the address names none
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Address:
    """Where a corpus is kept. `database` is empty for the server's default one."""

    scheme: str
    host: str
    port: int
    database: str
    corpus: str
    user: str = ""
    password: str = ""

    @property
    def host_port(self) -> str:
        """host:port, as `login` is asked for it."""
        return f"{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def server(self) -> str:
        """What the driver connects to."""
        return f"{self.scheme}://{self.host_port}"

    def __str__(self) -> str:
        """The address without user and password: this one may be shown."""
        database = f"/{_quoted(self.database)}" if self.database else ""
        return f"{self.server}{database}#{_quoted(self.corpus)}"

    def __repr__(self) -> str:
        return f"Address({str(self)!r})"


def parse(location: str) -> Address:
    """The parts of an address. StoreError says which part is wrong; a password is never repeated."""
    example = "Write it as bolt://host:7687#handbook"
    parts = _split(location)
    if parts is None:
        raise StoreError(
            "cannot read an address of Neo4j: its port is no number from 1 to 65535, or its user and password hold a "
            "character such as / # ? @ [ that must be written with a percent sign (%2F %23 %3F %40 %5B), as an @ in the "
            f"name of the corpus must. {example}"
        )
    host, port = parts.hostname or "", parts.port
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if parts.scheme not in SCHEMES:
        raise StoreError(
            f"cannot open a corpus with the scheme {parts.scheme!r}: known are {', '.join(SCHEMES)}. {example}"
        )
    if not host:
        raise StoreError(f"cannot open a corpus in Neo4j: the address names no host. {example}")
    if parts.query or "/" in parts.path[1:]:
        raise StoreError(
            f"cannot open a corpus at {parts.scheme}://{host}: after the host come /database and #corpus, "
            f"nothing else. {example}"
        )
    corpus = unquote(parts.fragment) or CORPUS
    if len(corpus) > LONGEST_NAME or not corpus.isprintable() or corpus != corpus.strip():
        raise StoreError(
            f"cannot call a corpus {corpus[:60]!r}: a name has at most {LONGEST_NAME} printable characters and no "
            f"space at its ends. {example}"
        )
    return Address(parts.scheme, host, port or PORT, unquote(parts.path[1:]), corpus, user, password)


def _split(location: str) -> SplitResult | None:
    """The parts of an address; None where it cannot be one. What is wrong with it may be a part of its password."""
    try:
        parts = urlsplit(location)
        port = parts.port
    except ValueError:
        return None
    # bolt://user:1#2@host would be the host "user" with the port 1.
    beyond = location.partition("://")[2][len(parts.netloc) :]
    torn = "@" in beyond and "@" not in parts.netloc and (port is not None or ":" in parts.netloc)
    return None if torn else parts


def _quoted(name: str) -> str:
    """A name as it stands in an address: what would be read otherwise has a percent sign."""
    return name.replace("%", "%25").replace("@", "%40")
