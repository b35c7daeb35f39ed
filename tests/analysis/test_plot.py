"""Pictures: real files that open, words as they are, no network."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from analysis.plot import Line, Picture, check_place, draw, svg

PICTURE = Picture(
    title="Half of $10 & <b>more</b>",
    x_label="texts",
    y_label="share",
    lines=[
        Line("_exact", [0, 1, 10], [0.1, 0.2, 0.4], [0.0, 0.1, 0.3], [0.2, 0.3, 0.5]),
        Line("潮汐 <script>", [1, 10], [0.2, 0.3], marks=True),
    ],
    log_x=True,
    percent=True,
    levels=[("ceiling", 0.6)],
)


@pytest.mark.slow
def test_an_svg_is_one_picture_with_its_words_as_words(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    place = draw(PICTURE, tmp_path / "curve.svg")
    words = "".join(ElementTree.parse(place).getroot().itertext())
    for wanted in ("Half of $10 & <b>more</b>", "_exact", "潮汐 <script>", "ceiling", "texts", "share"):
        assert wanted in words
    assert [path.name for path in tmp_path.iterdir()] == ["curve.svg"]


@pytest.mark.slow
def test_the_same_picture_gives_the_same_svg() -> None:
    pytest.importorskip("matplotlib")
    assert svg(PICTURE) == svg(PICTURE)
    assert svg(PICTURE).startswith("<svg")


def test_a_png_is_a_png(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    assert draw(PICTURE, tmp_path / "curve.png").read_bytes().startswith(b"\x89PNG\r\n")


def test_a_page_fetches_nothing_and_runs_no_word_of_ours(tmp_path: Path) -> None:
    pytest.importorskip("plotly")
    page = draw(PICTURE, tmp_path / "curve.html").read_text("utf-8")
    assert not re.search(r"<(?:script|link|img)[^>]+(?:src|href)=", page)
    assert "潮汐 <script>" not in page
    assert "_exact" in page
    assert len(page) > 1_000_000  # the library is in it


@pytest.mark.parametrize("name", ["curve.gif", "curve", "curve.SVGZ"])
def test_another_kind_of_picture_is_refused_before_any_work(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r"ends in \.svg, \.png or \.html"):
        check_place(tmp_path / name)


def test_a_picture_in_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="there is no folder"):
        check_place(tmp_path / "none" / "curve.svg")


def test_a_missing_library_is_named_with_its_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "plotly.graph_objects", None)
    with pytest.raises(ValueError, match=r"needs plotly.*pip install 'entigraph\[plot\]'"):
        check_place(tmp_path / "curve.html")
