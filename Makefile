# Thin: each target is a line or two. `make up` and `make test` are all a newcomer needs.
PY := .venv/bin/python
STAMP := .venv/.installed
DEV_STAMP := .venv/.installed-dev

.PHONY: up test test-long lint bench clean lock

up: $(STAMP)
	@exec .venv/bin/makegood up --sample

test: $(DEV_STAMP)
	$(PY) -m pytest

test-long: $(DEV_STAMP)
	$(PY) -m pytest -m long

lint: $(DEV_STAMP)
	.venv/bin/ruff check . && .venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/djlint --check --lint src/makegood/doors --quiet
	$(PY) -m makegood.config.manage makemigrations --check --dry-run

bench: $(DEV_STAMP)
	$(PY) -m bench

$(STAMP): requirements.lock pyproject.toml
	test -x .venv/bin/python || python3 -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	.venv/bin/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	touch $@

$(DEV_STAMP): requirements-dev.lock $(STAMP)
	.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	scripts/find-chromium
	touch $@

lock:
	uv pip compile --quiet --extra build --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml -o requirements.lock
	uv pip compile --quiet --all-extras --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml -o requirements-dev.lock

clean:
	rm -rf .venv build
