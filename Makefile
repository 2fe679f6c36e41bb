# Thin: each target is a line or two. `make up` and `make test` are all a newcomer needs.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check install --quiet
STAMP := .venv/.installed
DEV_STAMP := .venv/.installed-dev
# As many at once as there are processors, each with a database server of its own, a file at a time
# and in the order that tests/conftest.py gives them.
# One thread of linear algebra in each: more wait for each other, awake.
export OPENBLAS_NUM_THREADS ?= 1
# What was compiled is kept, also where the machine says otherwise: the tests start the program's
# processes over and over, and each would compile all of it anew.
test test-15 test-long: export PYTHONDONTWRITEBYTECODE :=
AT_ONCE ?= -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder

.PHONY: messages up test test-15 test-long lint bench screens clean lock

up: $(STAMP)
	@exec .venv/bin/makegood up --sample --port $(PORT)

test: $(DEV_STAMP)
	$(PY) -m pytest $(AT_ONCE)

# Once more on the oldest PostgreSQL that is supported, where its programs are installed.
test-15: $(DEV_STAMP)
	@if test -x /usr/lib/postgresql/15/bin/postgres; \
	then MAKEGOOD_TEST_POSTGRES=15 $(PY) -m pytest $(AT_ONCE) tests/actions tests/clockwork tests/queries tests/stories \
	     -m "django_db and not long and not processes and not browser"; \
	else echo "Not repeated on PostgreSQL 15: its programs are not on this machine."; fi

test-long: $(DEV_STAMP)
	$(PY) -m pytest -m long
	MAKEGOOD_TEST_EXAMPLES=many $(PY) -m pytest $(AT_ONCE) -m "hypothesis and not long"

lint: $(DEV_STAMP)
	.venv/bin/ruff check . && .venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/djlint --check --lint src/makegood/doors --quiet
	$(PY) -m makegood.config.manage makemigrations --check --dry-run

messages: $(DEV_STAMP)
	$(PY) scripts/messages.py

# Every main screen, light, dark and small, into build/screens, for people to look at.
screens: $(DEV_STAMP)
	MAKEGOOD_PICTURES=1 $(PY) -m pytest -n0 tests/browser -k sound

bench: $(DEV_STAMP)
	$(PY) -m bench

$(STAMP): requirements.lock pyproject.toml
	@echo "Installing Makegood into .venv (once; a minute or two)."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Makegood needs Python 3.11 or newer.")'
	@test -x .venv/bin/pip || $(PYTHON) -m venv .venv
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-build-isolation --no-deps -e .
	@touch $@

$(DEV_STAMP): requirements-dev.lock $(STAMP)
	@echo "Installing the tools of development (once)."
	@$(PIP) --require-hashes -r requirements-dev.lock
	@scripts/find-chromium
	@scripts/find-dovecot
	@touch $@

lock:
	uv pip compile --quiet --extra build --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml -o requirements.lock
	uv pip compile --quiet --all-extras --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml -o requirements-dev.lock

clean:
	rm -rf .venv build
