"""Local models by name: listed, fetched, verified, found on disk."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lm.fetch import ModelFileError, Progress, fetch
from lm.pins import Source, find, pinned
from lm.stamps import LIST, is_stamped, sha256_of, stamp_file, wrong_files


@dataclass(frozen=True, slots=True)
class LocalModel:
    """One row of the list of local models. `bytes` is its size on disk; `verified` reads no content."""

    name: str
    title: str
    file: str
    bytes: int
    licence: str
    present: bool
    verified: bool
    note: str


def models_folder() -> Path:
    """Where models are kept unless a setting says otherwise: the user's cache folder."""
    import platformdirs

    return platformdirs.user_cache_path("entigraph") / "models"


def default_model() -> str:
    """Name of the local model used where none is named: the first GGUF of `models.toml`."""
    return next(pin.name for pin in pinned() if pin.kind == "gguf")


def list_models(*, cache_folder: Path) -> list[LocalModel]:
    """Every pinned model, whether it is in `cache_folder`, and whether it was found to be the pinned one."""
    return [
        LocalModel(
            name=pin.name,
            title=pin.title,
            file=pin.file,
            bytes=pin.bytes,
            licence=pin.licence,
            present=(cache_folder / pin.file).exists(),
            verified=is_stamped(pin, cache_folder / pin.file),
            note=pin.note,
        )
        for pin in pinned()
    ]


def pull(
    name: str,
    *,
    cache_folder: Path,
    on_progress: Progress | None = None,
    sources: Sequence[Source] | None = None,
) -> Path:
    """Path of the model's file, fetched from the first source that has it if it is not there yet.

    A download that breaks off goes on where it was; a wrong file is removed. `on_progress` gets the
    bytes done and the bytes in all. `sources` replaces the pinned ones (a mirror, a folder of wheels).
    """
    pin = find(name)
    target = cache_folder / pin.file
    if pin.kind == "gguf" and target.is_file() and not is_stamped(pin, target):
        seen = sha256_of(target)  # put there by hand
        if seen == pin.sha256:
            stamp_file(target, seen)
    return fetch(pin, cache_folder, pin.sources if sources is None else sources, on_progress)


def verify(name: str, *, cache_folder: Path) -> Path:
    """Path of the model's file after reading all of it and finding the pinned sha256.

    Raises ModelFileError where it is missing or differs; nothing is removed.
    """
    pin = find(name)
    target = cache_folder / pin.file
    again = f"'entigraph models pull {name}'"
    if not target.exists():
        raise ModelFileError(f"{name} is not in {str(cache_folder)!r}. Fetch it with {again}")
    if pin.kind == "folder":
        if not (target / LIST).is_file():
            raise ModelFileError(f"{str(target)!r} has no list of hashes. Delete it, then {again}")
        if wrong := wrong_files(target):
            raise ModelFileError(
                f"{len(wrong)} files of {name} are missing or changed: {', '.join(wrong[:5])}. "
                f"Delete {str(target)!r}, then {again}"
            )
        return target
    seen = sha256_of(target)
    if seen != pin.sha256:
        raise ModelFileError(
            f"{str(target)!r} has sha256 {seen} where {pin.sha256} is pinned. Delete it, then {again}"
        )
    stamp_file(target, seen)
    return target


def path_of(name: str, *, cache_folder: Path) -> Path:
    """Path of a model that was pulled; where it was not, the error names the command."""
    pin = find(name)
    target = cache_folder / pin.file
    if not target.exists():
        raise ModelFileError(
            f"the local model {name} is not in {str(cache_folder)!r}. "
            f"Fetch it ({pin.bytes / 1e6:,.0f} MB) with 'entigraph models pull {name}'"
        )
    return target
