"""`entigraph report`: one HTML page about a corpus, to read without a network."""

from pathlib import Path

from entigraph.cli.options import Corpus, Page
from entigraph.cli.terminal import out, talk


def report(
    corpus: Corpus,
    output: Page = Path("report.html"),
) -> None:
    """Write one page with the graph, what the texts cover, what they cost, and what the checks let through."""
    import os
    import secrets

    from entigraph.places import opened
    from entigraph.reporting import report as page

    if not output.absolute().parent.is_dir():
        raise ValueError(f"there is no folder {str(output.absolute().parent)!r} to put the page into")
    with opened(corpus) as store:
        text = page(store)
    fresh = output.with_name(f"{output.name}.{secrets.token_hex(4)}.part")
    try:
        fresh.write_text(text, encoding="utf-8", errors="replace")
        os.replace(fresh, output)
    finally:
        fresh.unlink(missing_ok=True)
    talk("open it in a browser; it needs no network")
    out(str(output))
