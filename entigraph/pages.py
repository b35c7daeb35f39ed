"""Pieces of a page that needs no script and no network; every word that is put in is escaped."""

from collections.abc import Iterable, Sequence
from html import escape

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #222; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3 { line-height: 1.2; } h2 { margin-top: 2.2rem; } h3 { margin: 1.4rem 0 .3rem; }
table { border-collapse: collapse; } th, td { padding: .25rem .8rem .25rem 0; text-align: left; vertical-align: top; }
th { border-bottom: 1px solid #bbb; } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
svg { max-width: 100%; height: auto; } p.note { color: #666; }
.beside { display: grid; grid-template-columns: 1fr 1fr; gap: 1.5rem; border-top: 1px solid #ddd; padding: .6rem 0; }
.beside > div { white-space: pre-wrap; overflow-wrap: anywhere; } .beside .source { color: #555; font-size: .9em; }
.beside h4 { margin: 0 0 .3rem; } .reason { color: #8a2f1c; }
@media (max-width: 40rem) { .beside { grid-template-columns: 1fr; } }
"""


def page(title: str, parts: Iterable[str]) -> str:
    """The whole page."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>"
        f"<h1>{escape(title)}</h1>{''.join(parts)}</body></html>\n"
    ).replace("\ufffe", "\ufffd")


def heading(text: str, level: int = 2) -> str:
    """A heading."""
    return f"<h{level}>{escape(text)}</h{level}>"


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; numbers stand to the right."""
    body = "".join("<tr>" + "".join(map(_cell, row)) + "</tr>" for row in rows)
    return f"<table><tr>{''.join(f'<th>{escape(head)}</th>' for head in heads)}</tr>{body}</table>"


def note(text: str) -> str:
    """A remark in small print."""
    return f'<p class="note">{escape(text)}</p>'


def beside(title: str, text: str, source: str, reason: str = "") -> str:
    """A text on the left, what it rests on on the right; why it was rejected, where it was."""
    said = f'<p class="reason">{escape(reason)}</p>' if reason else ""
    return (
        f'<div class="beside"><div dir="auto"><h4>{escape(title)}</h4>{said}{escape(text)}</div>'
        f'<div class="source" dir="auto">{escape(source)}</div></div>'
    )


def _cell(value: object) -> str:
    if isinstance(value, int):
        return f'<td class="n">{value:,}</td>'
    if isinstance(value, float):
        return f'<td class="n">{value:,.2f}</td>'
    return f"<td>{escape(str(value))}</td>"
