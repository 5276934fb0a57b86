# Each target can be the first: it installs and starts what it needs, and takes no time where that is done.
.PHONY: help install engine browser slurm demo lint test test-server test-panel bench faults clean
export PATH := $(CURDIR)/.venv/bin:$(PATH)
python := .venv/bin/python
# On a busy machine an engine or a browser can answer late: what fails runs once more, and the report names it.
pytest := $(python) -m pytest --reruns 1 -r aR
npm := npm --prefix labextension --loglevel=error run --silent

help:     ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "%-9s%s\n", $$1, $$2}' Makefile

install:  ## make .venv with the project, editable, its tools and its JupyterLab extension
	@.ci/install

engine:   ## make sure that a Docker engine answers and has the base image
	@.ci/engine
	@.ci/base-image

browser:  ## make sure that the browser for the tests is there
	@.ci/browser

slurm:    ## make sure that a Slurm with four nodes answers, for the tests
	@.ci/slurm

demo: install engine  ## run a demo notebook in a container
	.venv/bin/jupyter-containerize run demo_notebooks/penguins/penguins.ipynb

lint: install  ## check style and types
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/shellcheck --external-sources --source-path=. .ci/*
	$(npm) lint

test: lint engine browser slurm  ## run the linters and all tests; in CI a test without its engine or browser fails
	$(npm) test
	$(pytest) -n auto --dist loadfile tests/unit tests/engine
	$(pytest) -n auto tests/hostile
	@$(MAKE) --jobs=2 --output-sync=target test-server test-panel

# The two take about as long, and both wait for containers more than they work.
test-server:
	$(pytest) tests/browser
	$(pytest) tests/server

test-panel:
	$(npm) ui-tests

bench: install engine  ## measure, against doing it by hand
	$(python) -m tests.benchmarks

faults: install engine  ## kill and fill what takes part in runs, and write what is left into docs/reliability.md
	$(python) -m tests.faults --write

clean:    ## remove what was built here; the engine and its images stay (.ci/engine stop ends it)
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	rm -rf jupyter_docker/labextension labextension/lib labextension/node_modules labextension/ui-tests/results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
