# `make run` and `make test` do everything from a fresh clone: environment, packages at the pinned versions, the work itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= auto
CAMPAIGN := campaigns/inter-2025
RUN := runs/inter-2025

.PHONY: run test lint types unit bench bench-smoke docs clean

$(VENV)/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

$(CAMPAIGN): $(VENV)/installed
	$(BIN)/mouvement generate inter-2025 -o $(CAMPAIGN)

run: $(CAMPAIGN)
	$(BIN)/mouvement run $(CAMPAIGN) -o $(RUN) --replace
	@echo "Open $(RUN)/report.html in a browser."

test: lint types unit bench-smoke

lint: $(VENV)/installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/installed
	$(BIN)/mypy

unit: $(VENV)/installed
	$(BIN)/python -m pytest -n $(WORKERS)

bench-smoke: $(VENV)/installed
	$(BIN)/python -m pytest benchmarks --smoke --benchmark-disable

bench: $(VENV)/installed
	$(BIN)/python -m pytest benchmarks --benchmark-only --benchmark-columns=min,median,rounds --benchmark-sort=fullname
	$(BIN)/python -m benchmarks.compare_kernel

docs: $(VENV)/installed
	$(BIN)/python -m docs.dictionary

clean:
	rm -rf $(VENV) campaigns runs build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
