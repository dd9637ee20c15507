# Needs git, make and python3-venv on a Debian with Python 3.11. Each target makes the rest of what it needs.
SHELL := /bin/bash
PYTHON ?= python3
RUN := .venv/bin
REQUIREMENTS := packaging/requirements
LIBRARIES := libegl1 libgl1 libglib2.0-0 libdbus-1-3 libfontconfig1 libxkbcommon0 fonts-dejavu-core libpulse0
PIP := $(RUN)/python -m pip --disable-pip-version-check --quiet

.PHONY: setup demo test check bench screens model lock libraries package

setup: libraries .venv/.package

# Sales against the practice gateway, a line of JSON for each.
demo: setup
	$(RUN)/cashier demo

# One worker more than processors: many tests wait for a moment to pass, and others work meanwhile.
test: export QT_QPA_PLATFORM := offscreen
test: setup
	$(RUN)/python -m pytest -q -n $$(($$(nproc) + 1)) --dist worksteal

check: setup
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/python -m mypy

# Pins what ships and what the work needs. Run it after a change of dependencies in pyproject.toml.
LOCK := $(RUN)/python -m piptools compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host
lock: setup
	$(LOCK) --output-file $(REQUIREMENTS)/run.txt pyproject.toml
	$(LOCK) --extra dev --constraint $(REQUIREMENTS)/run.txt --output-file $(REQUIREMENTS)/dev.txt pyproject.toml
	$(LOCK) --extra package --constraint $(REQUIREMENTS)/run.txt --output-file $(REQUIREMENTS)/package.txt pyproject.toml

# The system's libraries that Qt loads. Where there is no dpkg, the system brings its own.
libraries:
	@command -v dpkg-query >/dev/null || exit 0; \
	missing=$$(for one in $(LIBRARIES); do \
		[[ $$(dpkg-query -Wf '$${db:Status-Status}' $$one 2>/dev/null) == installed ]] || echo -n " $$one"; done); \
	[[ -z $$missing ]] && exit 0; \
	if [[ $$(id -u) != 0 ]]; then \
		echo "Qt needs libraries of the system. Run this line, then make again:" >&2; \
		echo "sudo apt-get install -y --no-install-recommends$$missing" >&2; exit 1; \
	fi; \
	export DEBIAN_FRONTEND=noninteractive; \
	apt-get update -qq && apt-get install -y -qq --no-install-recommends $$missing </dev/null >/dev/null

# Made anew when the pins change, so that nothing of an earlier set is left in it.
.venv/.requirements: $(REQUIREMENTS)/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 is needed." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "Run: sudo apt-get install -y python3-venv" >&2; exit 1; }
	rm -rf .venv
	$(PYTHON) -m venv .venv
	$(PIP) install --require-hashes --requirement $(REQUIREMENTS)/dev.txt
	@touch $@

# The package is linked, not copied: only its metadata and commands are made here.
.venv/.package: .venv/.requirements pyproject.toml
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# Budgets, as ratios to what is measured beside them. Ends with an error where one is missed.
bench: setup
	$(RUN)/python -m benchmarks

# Every screen and state of the window in both themes and both sizes, into build/screens.
screens: setup
	$(RUN)/python -m tests.screens

# What ships: a folder of files, a .deb, a .tar.gz, their sums and what is inside, into dist. Made in an environment that
# holds nothing else; a real window under Xvfb measures the start.
PACKAGE_LIBRARIES := binutils nsis xvfb libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxkbcommon-x11-0 \
	libxcb-image0 libxcb-render-util0 libxcb-shape0 libxcb-util1 libxcb-xinerama0 libxcb-xkb1 libpython3.11
package: setup build/package/.venv/.requirements
	@$(MAKE) --no-print-directory libraries LIBRARIES="$(LIBRARIES) $(PACKAGE_LIBRARIES)"
	build/package/.venv/bin/python packaging/make_package.py --source $(RUN)/python

build/package/.venv/.requirements: $(REQUIREMENTS)/package.txt
	rm -rf build/package/.venv
	$(PYTHON) -m venv build/package/.venv
	build/package/.venv/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --requirement $<
	@touch $@

# Money never lies: seeded schedules against a modelled gateway, then every planted bug. Ends with one line, and an error
# where an invariant broke or a planted bug was missed.
SCHEDULES ?= 20000
SEED ?= 1
model: setup
	$(RUN)/python -m tests.model --schedules $(SCHEDULES) --seed $(SEED)
