"""What --model may say; and every adapter keeps the protocol."""

from pathlib import Path

import pytest

import lm
from lm.names import adapter_of

SAMPLES = {
    "echo": "echo",
    "endpoint": "http://127.0.0.1:9/v1#some-model",
    "openai": "openai:some-model",
    "pool": "some-model=http://127.0.0.1:9/v1#some-model,http://127.0.0.1:10/v1#some-model*2",
}


@pytest.mark.parametrize(
    ("name", "adapter"),
    [
        ("echo", "echo"),
        ("echo:delay=0.2,fail=0.1", "echo"),
        ("http://h:1/v1#m", "endpoint"),
        ("https://h/v1#org/m:tag", "endpoint"),
        ("openai:gpt-x", "openai"),
        ("openai:https://h.example.org/openai/v1#deployed", "openai"),
        ("local", "local"),
        ("local:qwen", "local"),
        ("local:qwen?threads=2", "local"),
        ("some/file.gguf", "local"),
        ("FILE.GGUF?threads=2", "local"),
        ("http://a:1/v1#m,http://b:2/v1#m*2", "pool"),
        ("m=http://a:1/v1#m", "pool"),
        ("http://h/v1?x=1#m", "endpoint"),
    ],
)
def test_a_form_belongs_to_its_adapter(name: str, adapter: str) -> None:
    assert adapter_of(name) == adapter
    assert adapter in lm.ADAPTERS


@pytest.mark.parametrize(
    "name", ["", "gpt-4", "openai", "openai:", "local:", "echo:", "ecko", "file.bin", "ftp://x#m"]
)
def test_anything_else_lists_the_forms(name: str) -> None:
    with pytest.raises(ValueError, match="A model is one of") as seen:
        lm.connect(name)
    for form in lm.FORMS:
        assert form in str(seen.value)


def test_the_nearest_form_is_listed_first() -> None:
    with pytest.raises(ValueError, match=r"one of:\s+echo "):
        lm.connect("ecko")
    with pytest.raises(ValueError, match=r"one of:\s+openai:NAME "):
        lm.connect("openai")


@pytest.mark.parametrize("name", ["echo:speed=3", "echo:delay=fast", "echo:fail=2", "echo:delay=-1"])
def test_a_wrong_option_of_echo_is_named(name: str) -> None:
    with pytest.raises(ValueError, match="echo"):
        lm.connect(name)


def test_every_adapter_is_sampled_here() -> None:
    assert set(lm.ADAPTERS) == {*SAMPLES, "local"}, "local has its own tests, for it needs a file"


@pytest.mark.parametrize("adapter", SAMPLES)
def test_every_adapter_keeps_the_protocol(adapter: str) -> None:
    model = lm.connect(SAMPLES[adapter])
    assert isinstance(model, lm.LM)
    assert model.name == SAMPLES[adapter].partition("=")[0], "a pool is named before the equals sign"
    assert model.remote == (adapter == "openai")
    assert model.count_tokens("") == 0
    assert model.count_tokens("one two three") >= 3
    lm.close(model)
    lm.close(model)


def test_a_price_and_a_key_reach_the_adapter(tmp_path: Path) -> None:
    from lm.prices import load

    path = tmp_path / "prices.toml"
    path.write_text('["openai:*"]\ninput = 1\noutput = 4\n')
    hosts: list[str] = []
    model = lm.connect("openai:some", prices=load(path), key_for=lambda host: hosts.append(host))
    assert model.price == lm.Price(1.0, 4.0)
    assert hosts == ["api.openai.com"]


def test_names_of_the_door_are_sorted_and_there() -> None:
    assert list(lm.__all__) == sorted(lm.__all__, key=lambda name: (not name.isupper(), name.islower(), name))
    assert all(hasattr(lm, name) for name in lm.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        lm.nothing  # noqa: B018
