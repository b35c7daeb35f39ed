# What can be done here, `make help` lists it. Every target first makes the environment it needs.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# The first Python that starts and that we support; `make test PYTHON=python3.13 VENV=.venv313` names another.
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$python && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/installed
WORKERS ?= 2

# What `make demo` runs. Its second run asks nothing twice.
CORPUS ?= demo.kg
MODEL ?= qwen2.5-coder-1.5b
SMALL_MODEL ?= smollm2-135m
THREADS ?= 2
DEMO = run examples/wendlow -o $(CORPUS)

.PHONY: help demo studio test test-all check format bench pins clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

# uv installs these in 25 s where pip takes 130 s (measured, 2 busy cores, empty caches). Where uv
# cannot reach the packages (it does not read pip's configuration), pip does it.
$(READY): requirements/dev.txt requirements/installer.txt pyproject.toml
	@if [ -z "$(PYTHON)" ]; then echo "make: no Python 3.11, 3.12 or 3.13 here; install one, or name it: make PYTHON=/path/to/python" >&2; exit 1; fi
	@$(BIN)/python -c '' 2>/dev/null || { rm -rf "$(VENV)"; $(PYTHON) -m venv "$(VENV)"; } \
		|| { echo "make: $(PYTHON) cannot make an environment; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@echo "make: installing the pinned packages into $(VENV)" >&2
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/installer.txt
	@$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements/dev.txt \
		|| $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# The page of the studio, rebuilt when a file of its source is newer. Node 20 and npm are needed for this alone.
PAGE = entigraph/web/static/index.html
$(PAGE): studio/package-lock.json studio/package.json studio/index.html studio/vite.config.ts studio/tsconfig.json studio/openapi.json \
		$(shell find studio/src studio/public -type f 2>/dev/null)
	@command -v npm >/dev/null || { echo "make: the page of the studio is made with npm, which is not here; install Node 20 or newer" >&2; exit 1; }
	@echo "make: building the page of the studio" >&2
	@cd studio && npm ci --silent --no-audit --no-fund && npm run --silent build -- --logLevel warn

studio: $(READY) $(PAGE)  ## the page that 'entigraph serve' shows, and its unit tests
	@cd studio && npm test --silent

demo: $(READY)  ## from documents to texts with the local model: fetches it (1.1 GB) the first time
	@$(BIN)/entigraph models pull en_core_web_sm >/dev/null
	@model=$(MODEL); \
	if ! $(BIN)/entigraph models pull $$model >/dev/null; then \
		model=$(SMALL_MODEL); \
		echo "make demo: $(MODEL) could not be fetched (see above); going on with $$model, whose texts are poor" >&2; \
		$(BIN)/entigraph models pull $$model >/dev/null; \
	fi; \
	$(BIN)/entigraph $(DEMO) --model "local:$$model?threads=$(THREADS)"
	@if command -v npm >/dev/null; then $(MAKE) $(PAGE) && echo "look at it in the browser: $(BIN)/entigraph serve $(CORPUS) --open"; \
	else echo "make demo: without npm the studio ('entigraph serve') has no page; everything else is there" >&2; fi

test: $(READY)  ## the tests that take under two seconds each; documents and architecture are left to 'make check'
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal -m "not slow" --ignore tests/test_docs.py --ignore tests/test_architecture.py
	@echo "make test: the slow tests were left to 'make test-all' (CI runs them)" >&2

test-all: $(READY)  ## every test
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal

check: $(READY)  ## format, lint, types, import directions, docs, promises of the command line
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_architecture.py tests/test_docs.py
	@if [ -f ../shared/contract.py ]; then \
		$(BIN)/entigraph models pull en_core_web_sm >/dev/null; \
		echo "../shared/contract.py $(BIN)/entigraph --upto 5"; $(BIN)/python ../shared/contract.py $(BIN)/entigraph --upto 5; fi

format: $(READY)  ## put every file into the one format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY)  ## the benchmarks at small sizes, as JSON
	@$(BIN)/entigraph models pull en_core_web_sm >/dev/null
	$(BIN)/python benchmarks/startup.py --runs 5
	$(BIN)/python benchmarks/resolution.py tests/data/resolution/*.jsonl
	@for key in tests/data/keys/*/*.entities.json; do \
		name=$$(basename $$key .entities.json); document=$$(ls examples/*/$$name.md); \
		extractor=spacy; case $$document in *mianxi*) extractor=jieba;; esac; \
		echo "benchmarks/extraction.py $$document $$key --extractor $$extractor"; \
		$(BIN)/python benchmarks/extraction.py $$document $$key $${key%.entities.json}.relations.jsonl --extractor $$extractor; \
	done
	$(BIN)/python benchmarks/spacy_build.py --rounds 1
	$(BIN)/python benchmarks/stores.py --entities 20000 --relations 100000
	$(BIN)/python benchmarks/generation.py --prompts 2000 --in-flight 64

# The newest versions that fit pyproject.toml, for Python 3.11 to 3.13 and every system, without addresses.
COMPILE = $(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate

pins: $(READY)  ## renew requirements/*.txt
	$(COMPILE) pyproject.toml -o requirements/core.txt
	$(COMPILE) pyproject.toml --extra dev -o requirements/dev.txt
	echo uv | $(COMPILE) - -o requirements/installer.txt

clean:  ## remove the environment, caches and the demo (models stay in the user's cache)
	rm -rf $(VENV) dist build demo.kg studio/node_modules entigraph/web/static .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
