import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from kg.drawing import OTHER, PALETTE, draw, short
from kg.excerpt import excerpt
from kg.graph import Graph
from kg.model import Entity, Relation
from kg.picture import picture

SVG = "{http://www.w3.org/2000/svg}"


def kite(
    names: tuple[str, ...] = ("Ann", "Bo", "Cy", "Dee"), types: tuple[str, ...] = ("a", "a", "b", "")
) -> Graph:
    """Two triangles, 0-1-2 and 1-2-3."""
    entities = [Entity.make(name, type) for name, type in zip(names, types, strict=True)]
    pairs = [(0, 1), (0, 2), (1, 2), (2, 1), (1, 3), (2, 3)]
    relations = [Relation.make(entities[x].id, "knows", entities[y].id) for x, y in pairs]
    return Graph.build(
        [(one.id, one.name, one.type, 1) for one in entities],
        [(one.id, one.source, one.label, one.target, 1.0) for one in relations],
    )


def test_a_picture_holds_every_entity_every_joined_pair_and_the_chosen_triangle(tmp_path: Path) -> None:
    path = picture(kite(), tmp_path / "kite.svg", highlight=["Ann", "Bo", "Cy"])
    root = ElementTree.parse(path).getroot()
    texts = {element.text for element in root.iter(f"{SVG}text")}
    assert {"Ann", "Bo", "Cy", "Dee"} <= texts
    assert len(list(root.iter(f"{SVG}line"))) == 5
    assert len(list(root.iter(f"{SVG}polygon"))) == 1


def test_the_same_graph_makes_the_same_file(tmp_path: Path) -> None:
    one, two = (picture(kite(), tmp_path / f"{i}.svg").read_bytes() for i in range(2))
    assert one == two


def test_hostile_names_are_only_text(tmp_path: Path) -> None:
    names = ("<script>alert(1)</script>", '"/><image href="x"/>', "\ud800 lone \x00", "اسم טוב 名字")
    root = ElementTree.parse(picture(kite(names), tmp_path / "x.svg")).getroot()
    assert {element.tag for element in root.iter()} <= {
        f"{SVG}{tag}" for tag in ("svg", "title", "rect", "line", "circle", "text", "polygon")
    }


def test_an_empty_graph_is_an_empty_picture(tmp_path: Path) -> None:
    root = ElementTree.parse(picture(Graph.build([], []), tmp_path / "x.svg")).getroot()
    assert not list(root.iter(f"{SVG}line"))


def test_a_highlight_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no entity named 'Zed'"):
        picture(kite(), tmp_path / "x.svg", highlight=["Zed"])
    assert not (tmp_path / "x.svg").exists()


def test_colours_go_by_type_and_things_without_a_type_are_grey() -> None:
    drawing = draw(kite(), excerpt(kite()))
    by_label = dict(zip(drawing.labels, drawing.colours, strict=True))
    assert by_label == {"Ann": PALETTE[0], "Bo": PALETTE[0], "Cy": PALETTE[1], "Dee": OTHER}
    assert drawing.legend == [("a", PALETTE[0], 2), ("", OTHER, 1), ("b", PALETTE[1], 1)]


def test_an_entity_with_more_neighbours_is_larger() -> None:
    drawing = draw(kite(), excerpt(kite()))
    size = dict(zip(drawing.labels, drawing.radius, strict=True))
    assert size["Bo"] > size["Ann"]


def test_a_long_name_is_shortened_and_controls_vanish() -> None:
    assert short("x" * 10_000, 34) == "x" * 33 + "…"
    assert short("a\u202eb\x00c\ud800d\ne", 34) == "a b c d e"
    assert not re.search(r"\s\s", short("many    spaces\n\n\there", 34))


def test_zero_width_joiners_stay_because_scripts_need_them() -> None:
    assert short("می\u200cخواهم", 34) == "می\u200cخواهم"
