#!/usr/bin/env bash
# Make the lock files anew from pyproject.toml: exact versions of all that the image installs.
set -euo pipefail
cd "$(dirname "$0")"
compile() {
    pip-compile --quiet --allow-unsafe --strip-extras --no-header --no-annotate --no-emit-index-url \
        --no-emit-trusted-host --no-emit-find-links "$@"
}
compile --output-file requirements.lock ../pyproject.toml
echo hatchling | compile --output-file build.lock -
