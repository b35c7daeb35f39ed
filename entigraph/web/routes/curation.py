"""What is one entity and what is two: a user's word, which can be taken back. As 'entigraph entities'."""

from collections.abc import Iterable

from fastapi import APIRouter

from entigraph.web.desk import AtDesk, Desk
from entigraph.web.refusals import NotThere
from entigraph.web.shapes.base import Id
from entigraph.web.shapes.curation import Merge, Said, Split
from kg import curation
from kg.model import Entity

router = APIRouter(tags=["curation"])


@router.post("/entities/{id}/split")
def split(desk: AtDesk, id: Id, split: Split) -> Said:
    """Take what some candidates name out of an entity: it stands for itself from now on."""
    desk.refuse_if_read_only()
    _known(desk, [id])
    with desk.own_store() as store:
        parted = curation.split(store, id, *split.parts)
    return Said(
        said=f"{parted.name!r} now stands for itself",
        entity=parted.id,
        command=f"entigraph entities split {desk.typed} {id} {' '.join(split.parts)}",
    )


@router.post("/entities/merge")
def merge(desk: AtDesk, merge: Merge) -> Said:
    """Say that these are one entity."""
    desk.refuse_if_read_only()
    _known(desk, [*merge.entities, *([merge.into] if merge.into else [])])
    with desk.own_store() as store:
        merged = curation.merge(store, merge.entities, into=merge.into)
    into = f" --into {merge.into}" if merge.into else ""
    return Said(
        said=f"merged into {merged.name!r}",
        entity=merged.id,
        command=f"entigraph entities merge {desk.typed} {' '.join(merge.entities)}{into}",
    )


@router.post("/curation/undo")
def undo(desk: AtDesk) -> Said:
    """Take back the last merge or split."""
    desk.refuse_if_read_only()
    with desk.own_store() as store:
        said = curation.undo(store)
    return Said(said=f"taken back: {said}", command=f"entigraph entities undo {desk.typed}")


def _known(desk: Desk, ids: Iterable[str]) -> None:
    for id in ids:
        if next(desk.store.read(Entity, "id", [id]), None) is None:
            raise NotThere(f"no entity of this corpus has the id {id}; search for it by its name")
