"""Files of points: with and without a header, and each way they can be wrong."""

from pathlib import Path

import pytest

from analysis.point_tables import read_points


def test_columns_are_found_by_their_names_in_any_order(tmp_path: Path) -> None:
    place = tmp_path / "p.csv"
    place.write_text("accuracy, tokens ,note\n39.5,0,base\n44,10,x\n\n46,20,y\n", encoding="utf-8")
    found = read_points(place)
    assert (found.x.tolist(), found.y.tolist()) == ([0, 10, 20], [39.5, 44, 46])
    assert (found.weights, found.noise) == (None, None)


def test_without_a_header_the_columns_are_x_y_weight(tmp_path: Path) -> None:
    place = tmp_path / "p.tsv"
    place.write_text("\ufeff1\t2\t0.5\n2\t3\t1\n", encoding="utf-8")
    found = read_points(place)
    assert found.weights is not None
    assert (found.x.tolist(), found.y.tolist(), found.weights.tolist()) == ([1, 2], [2, 3], [0.5, 1])


def test_standard_deviations_become_weights_and_the_noise_of_a_mean_point(tmp_path: Path) -> None:
    place = tmp_path / "p.csv"
    place.write_text("x,y,sd\n1,2,0.5\n2,3,0.5\n", encoding="utf-8")
    found = read_points(place)
    assert found.weights is not None
    assert found.weights.tolist() == [4, 4]
    assert found.noise == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "there is nothing in it"),
        ("\n \n", "there is nothing in it"),
        ("x,y\n", "a header and no point"),
        ("1\n2\n", "saw one column: '1'"),
        ("1;2\n2;3\n", "parted by another mark"),
        ("a,b\n1,2\n", "wanted the columns x and y, saw 'a, b'"),
        ("x,y\n1,2\n2,high\n", "line 3: y is no number: saw 'high'"),
        ("x,y\n1\n", "line 2: y is no number: saw nothing"),
        ("x,y,sd\n1,2,0\n", "a standard deviation must be positive, saw 0.0"),
        ("x,y\n1,2\n2,nan\n", "p.csv.*y must be 0 or more and finite, saw nan at point 2"),
        ("x,y\n1,2\n3,3\n2,4\n", "p.csv.*x must increase.*saw 3.0 and then 2.0 at point 3"),
        ("x,y\n-1,2\n3,3\n", "p.csv.*x must be 0 or more and finite, saw -1.0 at point 1"),
        ("x,y,weight\n1,2,1\n3,3,-1\n", "p.csv.*a weight must be positive and finite, saw -1.0 at point 2"),
        ("x,y,sd\n1,2,nan\n", "a standard deviation must be positive, saw nan"),
    ],
)
def test_what_is_no_table_of_points_is_refused_in_one_line(tmp_path: Path, text: str, message: str) -> None:
    place = tmp_path / "p.csv"
    place.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=message) as caught:
        read_points(place)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot read the points"):
        read_points(tmp_path / "none.csv")
    (tmp_path / "p.csv").write_bytes(b"x,y\n\xff\xfe,1\n")
    with pytest.raises(ValueError, match="not UTF-8"):
        read_points(tmp_path / "p.csv")
