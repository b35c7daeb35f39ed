"""The studio beside a notebook."""

import urllib.error
import urllib.request
from pathlib import Path

import pytest

import entigraph
from kg.store import CorpusNotFound
from kg.stores import open_corpus


def test_it_serves_until_it_is_stopped_and_says_where(folder_corpus: str) -> None:
    with entigraph.studio(folder_corpus, open=False) as studio:
        with urllib.request.urlopen(studio.url + "api/corpus", timeout=30) as answer:
            assert b"clock" in answer.read()
        assert studio.url in repr(studio)
        assert f'href="{studio.url}"' in studio._repr_html_()
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(studio.url, timeout=5)
    studio.stop()


def test_it_takes_an_opened_corpus_which_stays_usable(folder_corpus: str) -> None:
    store = open_corpus(folder_corpus)
    with entigraph.studio(store, open=False, read_only=True):
        pass
    assert len(store.graph()) > 0
    store.close()


def test_a_corpus_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CorpusNotFound):
        entigraph.studio(tmp_path / "none.kg", open=False)
    assert not (tmp_path / "none.kg").exists()


def test_it_is_opened_at_a_place_of_the_page(folder_corpus: str) -> None:
    at = "http://127.0.0.1:8321/#/browse?top=30&type=a%20b"
    with entigraph.studio(folder_corpus, open=False, at=at) as studio:
        assert studio.url.endswith("/#/browse?top=30&type=a%20b")
    with pytest.raises(ValueError, match="no place in the page"):
        entigraph.studio(folder_corpus, open=False, at="<script>")
