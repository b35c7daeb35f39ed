"""What a text rests on, held against the two documents of the small corpus."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.building import build as build_corpus
from kg.extract import extractor
from kg.model import Document, Entity, Relation, Subgraph
from kg.store import Store
from kg.stores import open_corpus
from synthesis.context import CONTEXTS, Context, ContextBuilder


def subgraph(store: Store, *names: str, documents: tuple[str, ...] = ()) -> Subgraph:
    ids = {entity.name: entity.id for entity in store.read(Entity)}
    chosen = [ids[name] for name in names]
    relations = [r.id for r in store.read(Relation) if r.source in chosen and r.target in chosen]
    return Subgraph.make(chosen, relations, documents)


def build(store: Store, wanted: Subgraph, **options: object) -> Context:
    builder = ContextBuilder(store, **options)  # type: ignore[arg-type]
    return builder.build(
        wanted,
        list(store.read(Entity, "id", wanted.entities)),
        list(store.read(Relation, "id", wanted.relations)),
    )


@pytest.mark.parametrize("way", CONTEXTS)
def test_every_passage_is_a_stretch_of_its_document(store: Store, way: str) -> None:
    context = build(store, subgraph(store, "Joss Arden", "fog bell"), way=way)
    texts = {document.id: document.text for document in store.read(Document)}
    assert context.passages
    for passage in context.passages:
        assert texts[passage.document][passage.start : passage.end] == passage.text


def test_evidence_holds_the_sentence_that_states_the_relation(store: Store) -> None:
    context = build(store, subgraph(store, "Joss Arden", "rope walk"))
    assert "Joss Arden sold the rope walk to Mina Arden." in context.text


def test_each_document_is_headed_by_title_author_and_year(store: Store) -> None:
    context = build(store, subgraph(store, "fog bell"))
    assert '"The Harbour Book", Ada Pell, 1880.' in context.text
    assert '"A Letter to the Pilots", Tom Quill, 1884.' in context.text


def test_a_document_that_is_meant_is_the_only_one_used(store: Store) -> None:
    letter = next(d.id for d in store.read(Document) if "Letter" in d.title)
    context = build(store, subgraph(store, "fog bell", "Mina Arden", documents=(letter,)))
    assert context.documents == (letter,)
    assert "1851" not in context.text


def test_a_whole_document_is_given_without_a_gap(store: Store) -> None:
    harbour = next(d for d in store.read(Document) if "Harbour" in d.title)
    wanted = Subgraph.make((), documents=(harbour.id,))
    context = build(store, wanted, way="document", tokens=2000)
    assert "".join(context.text.split()).endswith("".join(harbour.text.split()))
    assert context.left_out == ()


def test_what_does_not_fit_is_recorded(store: Store) -> None:
    context = build(store, subgraph(store, "Mina Arden", "fog bell", "Skerry Point"), tokens=60)
    assert context.left_out
    assert context.tokens <= 60 + 40  # the headings come on top


def test_a_gap_inside_a_document_shows(store: Store) -> None:
    context = build(store, subgraph(store, "rope walk"), neighbours=0, tokens=60)
    assert "[…]" in context.text


def test_a_graph_without_documents_speaks_for_itself(tmp_path: object) -> None:
    from kg.stores import open_corpus

    corpus = open_corpus(f"{tmp_path}/bare.kg", create=True)
    alba, brine = Entity.make("Alba", "place", description="a port"), Entity.make("Brine", "object")
    sold = Relation.make(alba.id, "sells", brine.id, given=True)
    corpus.upsert([alba, brine, sold])
    context = build(corpus, Subgraph.make([alba.id, brine.id], [sold.id]))
    corpus.close()
    assert "Alba — sells → Brine." in context.text
    assert "a port" in context.text


def test_an_unknown_way_is_refused_with_the_known_ones(store: Store) -> None:
    with pytest.raises(ValueError, match=r"there is no context .everything.\. Known: .*chunks"):
        ContextBuilder(store, way="everything")


def test_a_bound_that_holds_nothing_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="at least 50"):
        ContextBuilder(store, tokens=10)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Store]:
    """A chain of four entities, each relation in a chunk of its own, and a chunk about nothing asked for."""
    (tmp_path / "town.md").write_text(
        "---\ntitle: The Town\n---\n"
        + "\n\n".join(
            f"{words} {' '.join([f'And so it went on at the end of lane {n}.'] * 3)}"
            for n, words in enumerate(
                [
                    "Nobody winds the wheel.",
                    "Bram Keel knows Cora Lund.",
                    "Ada Pell knows Bram Keel.",
                    "Cora Lund knows Dirk Moor.",
                ]
            )
        ),
        encoding="utf-8",
    )
    (tmp_path / "names.txt").write_text("Ada Pell\nBram Keel\nCora Lund\nDirk Moor\n", encoding="utf-8")
    store = open_corpus(tmp_path / "town.kg", create=True)
    build_corpus(
        [tmp_path / "town.md"], store, extractor("dictionary", names=tmp_path / "names.txt"), chunk_tokens=50
    )
    yield store
    store.close()


def test_chunks_come_by_their_distance_in_the_graph(town: Store) -> None:
    wanted = subgraph(town, "Ada Pell")
    first = build(town, wanted, way="chunks", tokens=60)
    assert "Ada Pell knows Bram Keel" in first.text
    assert "Bram Keel knows Cora Lund" not in first.text
    assert len(first.left_out) == 1
    second = build(town, wanted, way="chunks", tokens=200)
    assert "Bram Keel knows Cora Lund" in second.text
    assert "Cora Lund knows Dirk Moor" not in second.text
    assert "wheel" not in second.text
    assert second.left_out == ()


def test_where_no_chunk_fits_sentences_are_taken_instead(town: Store) -> None:
    context = build(town, subgraph(town, "Ada Pell"), way="chunks", tokens=50)
    assert "Ada Pell knows Bram Keel" in context.text
