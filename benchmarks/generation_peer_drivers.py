"""What `generation_peers.py` runs in the virtual environments of the peers: each sends the prompts its own way.

    PYTHON generation_peer_drivers.py curator|distilabel URL PROMPTS IN_FLIGHT

Needs nothing of ours. Prints one line of JSON: the version, and how many answers came. The settings are those
that let each have as many requests in flight as it is asked to, without a cache and without limits a minute.
"""

import json
import os
import sys
import tempfile
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

WORDS = "The tide clock of Sel stopped in the winter when the harbour froze and nobody came. "


def prompts(count: int) -> list[str]:
    """The same prompts as ours."""
    return [f"{WORDS * 40}\nWrite text {number}." for number in range(count)]


def curator(url: str, count: int, in_flight: int, folder: str) -> int:
    """bespokelabs-curator: one LLM object, called with all prompts."""
    os.environ |= {"CURATOR_CACHE_DIR": folder, "CURATOR_DISABLE_CACHE": "1", "TELEMETRY_ENABLED": "0"}
    # its tokenizer would be fetched from the network; one of the packages it brings holds a copy
    found_at = find_spec("litellm")
    if found_at is not None and found_at.origin is not None:
        copies = Path(found_at.origin).parent / "litellm_core_utils" / "tokenizers"
        os.environ["TIKTOKEN_CACHE_DIR"] = str(copies)
    module: Any = import_module("bespokelabs.curator")
    model = module.LLM(
        model_name="fake",
        backend="openai",
        backend_params={
            "base_url": url,
            "max_concurrent_requests": in_flight,
            "max_requests_per_minute": 10_000_000,
            "max_tokens_per_minute": 10_000_000_000,
            "require_all_responses": False,
        },
        generation_params={"max_tokens": 1000},
    )
    found = model(prompts(count))
    rows = getattr(found, "dataset", found)
    return len(rows)


def distilabel(url: str, count: int, in_flight: int, folder: str) -> int:
    """distilabel: one text generation step whose batches are as large as the number in flight."""
    models: Any = import_module("distilabel.models")
    pipelines: Any = import_module("distilabel.pipeline")
    steps: Any = import_module("distilabel.steps")
    tasks: Any = import_module("distilabel.steps.tasks")
    with pipelines.Pipeline(name="peers", cache_dir=folder) as pipeline:
        load = steps.LoadDataFromDicts(
            data=[{"instruction": prompt} for prompt in prompts(count)], batch_size=in_flight
        )
        model = models.OpenAILLM(
            model="fake", base_url=url, api_key="none", generation_kwargs={"max_new_tokens": 1000}
        )
        load >> tasks.TextGeneration(llm=model, input_batch_size=in_flight)
    found = pipeline.run(use_cache=False)
    return sum(text is not None for text in found["default"]["train"]["generation"])


PEERS = {"curator": ("bespokelabs-curator", curator), "distilabel": ("distilabel", distilabel)}

if __name__ == "__main__":
    name, url, count, in_flight = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    os.environ |= {"OPENAI_API_KEY": "none", "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1"}
    package, drive = PEERS[name]
    with tempfile.TemporaryDirectory() as folder:
        answers = drive(url, count, in_flight, folder)
    print(json.dumps({"version": version(package), "answers": answers}))
