#!/bin/sh
# Renews the lock files: with hashes, without download addresses, for every Python from 3.11 on.
set -eu
compile() { uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --no-header -q "$@"; }
compile --extra ocr --extra postgres --group dev -o requirements/development.txt
compile --extra ocr --extra postgres --group build -c requirements/development.txt -o requirements/service.txt
