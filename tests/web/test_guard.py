"""Who may ask: Host, Origin, the token, the size of a request, and what every answer says to the browser."""

import http.client
from pathlib import Path

import pytest

from entigraph.web.guard import Door
from tests.web.conftest import Serve, Studio

BUILT = '<!doctype html><script src="/assets/index-1a2b3c.js"></script>'


@pytest.fixture
def built_page(tmp_path: Path) -> Path:
    """A built page: itself and one file whose name says what is in it."""
    (tmp_path / "static" / "assets").mkdir(parents=True)
    (tmp_path / "static" / "index.html").write_text(BUILT)
    (tmp_path / "static" / "assets" / "index-1a2b3c.js").write_text("1")
    return tmp_path / "static"


def host_of(studio: Studio) -> str:
    return studio.url.removeprefix("http://").rstrip("/")


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "127.0.0.1.evil.example:{port}", "localhost", "127.0.0.1:1", ""],
)
def test_a_strange_host_is_refused_and_told_what_to_do(folder_studio: Studio, host: str) -> None:
    port = folder_studio.server.door.port
    answer = folder_studio.ask("GET", "/api/corpus", headers={"Host": host.format(port=port)})
    assert answer.status in (400, 403)
    if host:
        assert f"ssh -L {port}:" in answer.said
    assert b"entities" not in answer.body


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "[::1]"])
def test_every_name_of_this_machine_is_known(folder_studio: Studio, host: str) -> None:
    port = folder_studio.server.door.port
    assert folder_studio.ask("GET", "/api/corpus", headers={"Host": f"{host}:{port}"}).status == 200


def test_two_hosts_in_one_request_are_refused(folder_studio: Studio) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", folder_studio.server.door.port, timeout=10)
    connection.putrequest("GET", "/api/corpus", skip_host=True)
    connection.putheader("Host", host_of(folder_studio))
    connection.putheader("Host", "evil.example")
    connection.endheaders()
    assert connection.getresponse().status in (400, 403)
    connection.close()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "file://"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_page_of_another_site_changes_nothing_and_hears_no_events(
    folder_studio: Studio, headers: dict[str, str]
) -> None:
    body = {"Content-Type": "application/json"}
    assert folder_studio.ask("POST", "/api/view", b"{}", headers | body).status == 403
    events = folder_studio.ask("GET", "/api/events", headers=headers)
    assert events.status == 403
    assert "another site" in events.said


def test_our_own_page_and_a_shell_may_ask(folder_studio: Studio) -> None:
    own = {"Origin": folder_studio.url.rstrip("/"), "Sec-Fetch-Site": "same-origin"}
    assert folder_studio.post("/api/view", **own).status == 200
    assert folder_studio.post("/api/view").status == 200


def test_another_site_may_lead_to_the_page_but_not_read_through_it(
    folder_corpus: str, serve: Serve, built_page: Path
) -> None:
    studio = serve(folder_corpus, static=built_page)
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert studio.ask("GET", "/", headers=link).status == 200
    assert studio.ask("GET", "/api/corpus", headers={"Sec-Fetch-Site": "cross-site"}).status == 403


def test_a_body_beyond_a_megabyte_is_refused_whether_or_not_it_says_so(folder_studio: Studio) -> None:
    large = b'{"added": [' + b" " * 1_000_001 + b"]}"
    json = {"Content-Type": "application/json"}
    told = folder_studio.ask("POST", "/api/view", large, json)
    assert told.status == 413
    assert "1,000,000 bytes" in told.said
    connection = http.client.HTTPConnection("127.0.0.1", folder_studio.server.door.port, timeout=30)
    parts = (large[i : i + 65536] for i in range(0, len(large), 65536))
    connection.request(
        "POST", "/api/view", parts, {**json, "Transfer-Encoding": "chunked"}, encode_chunked=True
    )
    assert connection.getresponse().status == 413
    connection.close()


def test_every_answer_forbids_the_browser_what_the_page_does_not_need(folder_studio: Studio) -> None:
    for answer in (
        folder_studio.get("/api/corpus"),
        folder_studio.get("/api/nothing"),
        folder_studio.get("/"),
        folder_studio.ask("GET", "/", headers={"Host": "evil.example"}),
    ):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'self'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"


def test_a_browser_keeps_files_named_by_their_content_and_no_answer(
    folder_corpus: str, serve: Serve, built_page: Path
) -> None:
    studio = serve(folder_corpus, static=built_page)
    assert "immutable" in studio.get("/assets/index-1a2b3c.js").headers["cache-control"]
    assert "immutable" not in studio.get("/assets/gone.js").headers["cache-control"]
    assert studio.get("/").headers["cache-control"] == "no-cache"
    assert studio.get("/api/corpus").headers["cache-control"] == "no-store"


def test_a_view_of_the_page_is_the_page_and_a_missing_file_is_none(
    folder_corpus: str, serve: Serve, built_page: Path
) -> None:
    studio = serve(folder_corpus, static=built_page)
    assert studio.get("/coverage").body.decode() == BUILT
    assert studio.get("/assets/gone.js").status == 404
    assert studio.get("/..%2f..%2fetc%2fpasswd").body.decode() == BUILT
    for path in ("/../clock.kg/graph.sqlite", "/%2e%2e/clock.kg/graph.sqlite", "/assets/..%2f..%2f..%2fx.py"):
        assert studio.get(path).status == 404


def test_without_a_built_page_it_is_said_what_to_type(
    folder_corpus: str, serve: Serve, tmp_path: Path
) -> None:
    answer = serve(folder_corpus, static=tmp_path / "none").get("/")
    assert answer.status == 503
    assert b"make studio" in answer.body


def test_the_page_of_the_routes_loads_nothing(folder_studio: Studio) -> None:
    page = folder_studio.get("/api/docs").body.decode()
    assert "POST /api/view" in page
    assert "<script" not in page
    assert "http" not in page.replace("https", "http").replace("<!doctype html>", "")
    assert "/api/view" in folder_studio.get("/api/openapi.json").json["paths"]


def test_other_machines_need_the_token(folder_corpus: str, serve: Serve) -> None:
    studio = serve(folder_corpus, host="0.0.0.0")
    token = studio.server.door.token
    stranger = Studio(studio.url)
    for answer in (
        stranger.get("/"),
        stranger.get("/api/corpus"),
        stranger.get("/", token="wrong"),
        stranger.ask("GET", "/", headers={"Authorization": "Bearer wrong"}),
        stranger.ask("GET", "/", headers={"Cookie": f"entigraph-{studio.server.door.port}=wrong"}),
        stranger.ask("POST", f"/api/view?token={token}", b"{}"),
    ):
        assert answer.status == 401
        assert "?token=" in answer.said
        assert token not in answer.said
    assert studio.get("/api/corpus").status == 200


def test_the_token_in_the_address_becomes_a_cookie_that_scripts_do_not_see(
    folder_corpus: str, serve: Serve
) -> None:
    studio = serve(folder_corpus, host="0.0.0.0")
    token = studio.server.door.token
    first = Studio(studio.url).get("/coverage", token=token, top=5)
    assert first.status == 303
    assert first.headers["location"] == "/coverage?top=5"
    cookie, _, rest = first.headers["set-cookie"].partition("; ")
    assert set(rest.split("; ")) == {"HttpOnly", "SameSite=Strict", "Path=/"}
    assert Studio(studio.url, {"Cookie": f"other=1; {cookie}"}).get("/api/corpus").status == 200
    away = Studio(studio.url).ask("GET", f"//evil.example/x?token={token}")
    assert away.headers["location"].startswith("/evil.example")


def test_an_address_of_every_machine_is_known_but_no_strange_name() -> None:
    door = Door.make("0.0.0.0", 8321)
    assert door.token
    assert door.knows("192.168.1.7:8321")
    assert not door.knows("evil.example:8321")
    assert not Door.make("127.0.0.1", 8321).knows("192.168.1.7:8321")
    assert Door("studio.example", 80).knows("studio.example")
    assert Door("::1", 8321).url == "http://[::1]:8321/"
