# The commands of this project; `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin
SERVICE := .venv/.service
DEVELOPMENT := .venv/.development
SECONDS ?= 600
SEED ?= 1

.DEFAULT_GOAL := help
.PHONY: help run test check format types layout unit fuzz bench eval accuracy faults lock picture clean

help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

run: $(SERVICE) ## Install what is needed and run the whole desk on this machine
	@$(BIN)/consultant up

test: $(DEVELOPMENT) ## Install what tests need and run all of them
	@sh scripts/install_services.sh
	@$(BIN)/python scripts/run_tests.py

check: $(DEVELOPMENT) ## Format, lint, types, import rules and unit tests, without a network
	@$(MAKE) --no-print-directory -j2 --output-sync=target format types layout unit

format: $(DEVELOPMENT)
	@$(BIN)/ruff format --check --quiet . && $(BIN)/ruff check --quiet .

types: $(DEVELOPMENT)
	@$(BIN)/mypy

layout: $(DEVELOPMENT)
	@$(BIN)/lint-imports --no-cache >.venv/layout.txt 2>&1 || (cat .venv/layout.txt; false)
	@$(BIN)/deptry . >.venv/layout.txt 2>&1 || (cat .venv/layout.txt; false)

unit: $(DEVELOPMENT)
	@$(BIN)/pytest tests/unit tests/layout --disable-socket --allow-unix-socket -n 2

fuzz: $(DEVELOPMENT) ## Spoil letters of the corpus and look at how they are read (SECONDS=600 SEED=1)
	@nice -n 10 $(BIN)/python -m tests.fuzz --seconds $(SECONDS) --seed $(SEED)

bench: $(DEVELOPMENT) ## Measure side by side: official edits and search (need the real releases beside the repository), the mail side
	@$(BIN)/python -m bench

eval: $(DEVELOPMENT) ## Draft and score the letters of bench/questions, and compare with the figures kept last
	@$(BIN)/python -m bench.eval --times 1

accuracy: $(DEVELOPMENT) ## Keep the figures of this version and write docs/accuracy.md from them
	@$(BIN)/python -m bench.eval --keep --report

faults: $(DEVELOPMENT) ## Send 10,000 letters while everything is killed in turn, judge by the sink, write docs/faults.md (about an hour)
	@sh scripts/install_services.sh
	@$(BIN)/python -m tests.faults.run --report docs $(FAULTS)

lock: ## Renew the locked dependencies (needs uv)
	@sh scripts/lock.sh

picture: $(DEVELOPMENT) ## Take the picture of the desk that the README shows
	@$(BIN)/python scripts/picture.py

clean: ## Remove the environment and what tools left behind; the folder `var` stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one with: make PYTHON=/path/to/python3 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv .venv || \
		{ echo "Python's venv module is missing; on Debian: apt install python3-venv"; exit 1; }

$(SERVICE): requirements/service.txt pyproject.toml | .venv/bin/python
	@echo "Installing the locked dependencies…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/service.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(DEVELOPMENT): requirements/development.txt pyproject.toml | .venv/bin/python
	@echo "Installing the locked dependencies for development…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/development.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@ $(SERVICE)
