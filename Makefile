# The first of these that runs and is recent enough: a version manager may name one that is not installed.
PYTHONS := python3 python3.13 python3.12 python3.11 /usr/bin/python3
IS_RECENT := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in $(PYTHONS); do $$python -c '$(IS_RECENT)' 2>/dev/null && echo $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
# Compiles nothing: the client is served as it is written. TypeScript only reads its JSDoc types.
TYPESCRIPT := typescript@5.9.3

# Tests run in this many processes at once: one more than there are cores, since many tests wait.
WORKERS ?= $(shell echo $$(($$(nproc) + 1)))
PYTEST := $(BIN)/python -m pytest --numprocesses $(WORKERS)

.PHONY: play test quick check bench fuzz train clean

play: $(VENV)/.serving
	$(BIN)/python -m game

# A file's tests stay in one process because they share what is slow to set up. tests/conftest.py orders them.
test: $(VENV)/.everything
	$(PYTEST) --dist loadfile --no-loadscope-reorder

# For an editing loop, within half a minute: the rules, protocol, recognition, storage, mirror, HTTP API and the client's
# pure modules. It leaves out the browser, training, benchmarks, the emulator of Google Sheets and tests marked `slow`,
# and takes fewer of Hypothesis' examples.
quick: $(VENV)/.everything
	$(PYTEST) --dist worksteal -m "not slow" --hypothesis-profile quick \
		$(addprefix --ignore tests/,bench browser sheets training)

check: $(VENV)/.everything
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	npx --yes --package $(TYPESCRIPT) tsc --project client
	npx --yes --package $(TYPESCRIPT) tsc --project client/tsconfig.worker.json

bench: $(VENV)/.everything
	$(BIN)/python -m tests.bench.latency
	$(BIN)/python -m tests.bench.screen_latency
	$(BIN)/python -m tests.bench.invariance
	$(BIN)/python -m tests.bench.bot --alphabet all
	$(BIN)/python -m tests.bench.swap
	$(BIN)/python -m tests.bench.floods
	$(BIN)/python -m tests.bench.hostile
	$(BIN)/python -m tests.bench.kill_workers
	$(BIN)/python -m tests.bench.players
	$(BIN)/python -m tests.bench.memory

# Random damage to everything that reads what others send. `make test` has a short run with the same damage each time.
fuzz: $(VENV)/.everything
	$(BIN)/python -m tests.fuzz --minutes 1
	$(BIN)/python -m tests.bench.plausibility

train: $(VENV)/.everything
	$(BIN)/python -m training train

clean:
	rm -rf $(VENV)

$(VENV)/.serving: pyproject.toml constraints.txt | $(BIN)/pip
	$(BIN)/pip install --constraint constraints.txt --editable .
	touch $@

$(VENV)/.everything: pyproject.toml constraints.txt | $(BIN)/pip
	$(BIN)/pip install --constraint constraints.txt --editable ".[postgres,training,test]"
	touch $@

$(BIN)/pip:
	@[ -n "$(PYTHON)" ] || { echo "Inkrush needs Python 3.11 or later: none of $(PYTHONS) is one."; exit 1; }
	$(PYTHON) -m venv $(VENV)
