# Each command does all of its set-up, from Python 3.11 and make alone. `make help` prints what stands behind `##`.
PYTHON ?= python3
EFFORT ?= draft
PORT ?= 8000
FILMS ?= videos
VOICES ?= videos
TORTURE ?=
VENV := .venv
BIN := $(VENV)/bin
TESTS ?= tests
WORKERS ?= 2

.PHONY: site serve test check format golden docs audit dist bench bench-faults bench-films bench-print bench-site bench-sound lock clean help

site: $(VENV)/.site ## builds the sample library into site/; EFFORT=draft, normal or best
	$(BIN)/site-builder build --effort $(EFFORT)

serve: $(VENV)/.site ## shows it on http://127.0.0.1:8000/; PORT=
	$(BIN)/site-builder serve --port $(PORT)

test: $(VENV)/.test check ## runs everything that must hold; TESTS=tests/leaflets for a part
	$(BIN)/pytest -n $(WORKERS) --dist worksteal --durations 20 $(TESTS)

check: $(VENV)/.test ## linters and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.test ## puts the code into its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

golden: $(VENV)/.test ## makes the pictures anew that tests compare pages with: look at each
	RENEW=1 $(BIN)/pytest -q tests/website/test_golden.py

docs: $(VENV)/.site ## builds the handbook into docs-site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build -q --strict -f mkdocs.docs.yml

audit: $(VENV)/bin/python ## known vulnerabilities in the locked packages, where their data base can be reached
	PYTHON=$(BIN)/python .ci/audit

dist: $(VENV)/.site ## sdist and wheel into dist/
	rm -rf dist && mkdir dist
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(BIN)/python -c "from flit_core import buildapi; print(buildapi.build_sdist('dist'), buildapi.build_wheel('dist'))"

bench: $(VENV)/.site ## a built library: bytes, quality, CPU seconds
	$(BIN)/python benchmarks/library.py site

# FILMS: a folder of films to take stills from. TORTURE: a program that degrades a printed code, as benchmarks/print.py says.
bench-print: $(VENV)/.test ## the print desk: speed, size, codes that survive
	$(BIN)/python benchmarks/print.py --films $(FILMS) $(if $(TORTURE),--torture $(TORTURE))

# MORE: --kills, --disks, --flips, --words, --media and how many of each; small disks are tried as root on Linux.
bench-faults: $(VENV)/.test ## kills, full disks, damage: what is left of a build
	$(BIN)/python -m benchmarks.faults $(MORE)

# VOICES: folders of films with a voice. `pip install pesq` into .venv (it needs a C compiler) adds a third measure.
bench-sound: $(VENV)/.test ## how much of the words gets through
	$(BIN)/python benchmarks/sound.py $(VOICES)

# FILMS: a folder of masters. KEEP: where films and scores are kept between runs. MORE: --fresh, --again.
bench-films: EFFORT = normal
bench-films: $(VENV)/.bench ## films beside the presets of others
	$(BIN)/python -m benchmarks.films $(FILMS) --effort $(EFFORT) $(if $(KEEP),--keep $(KEEP)) $(MORE)

# The lock files have a hash for every package; a changed lock file is installed at the next call.
$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "site_builder needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.site: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.test: requirements-dev.lock pyproject.toml tests/browser.sh | $(VENV)/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	sh tests/browser.sh $(BIN)/python
	@touch $@ $(VENV)/.site

# What only a benchmark needs is not locked: it makes none of our files.
$(VENV)/.bench: pyproject.toml $(VENV)/.test
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-build-isolation -e .[bench]
	@touch $@

# Generated libraries of 60, 2,000 and 10,000 how-tos: build time, bytes of pages and of searches. Takes some minutes.
bench-site: $(VENV)/.test ## libraries of up to 10,000 how-tos
	$(BIN)/python benchmarks/site.py 60 2000 10000

# Needs `pip install uv`; run it after a change of the dependencies in pyproject.toml.
lock: ## the lock files anew, by uv
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --extra install pyproject.toml -o requirements.lock
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --extra install --extra dev pyproject.toml -o requirements-dev.lock

clean: ## takes away what was built; films in .cache/ stay
	rm -rf $(VENV) site .site.new .site.old .site.list .site.next docs-site dist

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^=]*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22
