# Each target sets up the environment first when needed: .venv, with exactly what requirements.lock holds.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: demo test lint check fault-test scale-test airflow bench model confidence explorer docs lock clean help
help:
	@echo "make demo     set up, code the sample news, show what came out"
	@echo "make test     set up, run all tests"
	@echo "make fault-test  kills, full disks, damaged files, mutated input, seeded bugs, at length; some hours"
	@echo "make scale-test  the sample news on Celery, S3 and a DuckLake beside one machine; installs and starts the servers"
	@echo "make lint     format, lint and types"
	@echo "make check    format, lint, types and the fast tests, in under 30 seconds"
	@echo "make airflow  Airflow on this machine; files dropped into data/inbox are published"
	@echo "make bench    accuracy and speed, against the yardsticks where they are at hand; most of an hour"
	@echo "make model    train the classifier anew from seeds/training; a quarter of an hour"
	@echo "make confidence  fit the confidence of events anew on seeds/gold"
	@echo "make explorer bundle the pages of pipeline/site/app anew; needs node"
	@echo "make docs     write the generated parts of README and docs anew"
	@echo "make lock     resolve pyproject.toml anew into requirements.lock"
	@echo "make clean    remove the environment and all data made here"

# uv comes from pip, into the environment itself, so that python, pip and make are all a machine needs.
$(READY): requirements.lock pyproject.toml
	$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode --requirement requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

# Exit code 4 says: done, with rejects. The sample news holds some on purpose.
demo: $(READY)
	$(BIN)/dragoman run seeds/articles --warehouse data/warehouse.duckdb || test $$? -eq 4

test: $(READY)
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

check: lint
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not slow"

fault-test: $(READY)
	DRAGOMAN_FAULTS=long $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder tests/faults

# An environment of its own: nothing else needs Celery or a server of S3.
SCALE := .venv-scale/bin
scale-test: $(READY)
	bash tests/scale/install-servers
	$(SCALE)/python -c "" 2>/dev/null || $(BIN)/uv venv --quiet --python $(BIN)/python .venv-scale
	$(BIN)/uv pip install --quiet --python $(SCALE)/python --require-hashes --compile-bytecode --requirement requirements-scale.lock
	$(BIN)/uv pip install --quiet --python $(SCALE)/python --no-deps --no-build-isolation --editable .
	$(SCALE)/python -m pytest tests/scale/scale_out.py

airflow: $(READY)
	$(BIN)/python -m pipeline.airflow_home

bench: $(READY)
	$(BIN)/python -m tests.bench

# What training needs is heavy, and nothing else needs it: an environment of its own.
TRAINING := .venv-training/bin
model: $(READY)
	$(TRAINING)/python -c "" 2>/dev/null || $(BIN)/uv venv --quiet --python $(BIN)/python .venv-training
	$(BIN)/uv pip install --quiet --python $(TRAINING)/python --require-hashes --requirement requirements-training.lock
	$(BIN)/uv pip install --quiet --python $(TRAINING)/python --no-deps --no-build-isolation --editable .
	$(TRAINING)/python -m pipeline.coder.classifier.training
	$(BIN)/python -m pipeline.calibration

confidence: $(READY)
	$(BIN)/python -m pipeline.calibration

# The bundle is committed, so that nothing else needs node.
explorer:
	cd pipeline/site/app && npm ci --no-audit --no-fund --ignore-scripts && npm run build

# The output and the pictures that README shows, the data dictionary, the runbook's tables.
docs: demo
	$(BIN)/python -m docs.generate
	-$(BIN)/python -m tests.site.pictures

lock: $(READY)
	$(BIN)/uv pip compile pyproject.toml --quiet --extra dev --universal --generate-hashes --upgrade \
		--no-header --no-annotate --python-version 3.11 --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml --quiet --extra dev --extra training --universal --generate-hashes --constraint requirements.lock \
		--no-header --no-annotate --python-version 3.11 --output-file requirements-training.lock
	$(BIN)/uv pip compile pyproject.toml --quiet --extra scale --universal --generate-hashes --upgrade \
		--no-header --no-annotate --python-version 3.11 --output-file requirements-scale.lock

clean:
	rm -rf .venv .venv-training .venv-scale data airflow dist build .pytest_cache .mypy_cache .ruff_cache
