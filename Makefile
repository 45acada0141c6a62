# Short names for what the README says.
.PHONY: app check test e2e format

app:
	streamlit run app.py

test:
	pytest

e2e:
	pytest -m e2e

check:
	ruff check . && ruff format --check . && mypy

format:
	ruff check --fix . && ruff format .
