#!/bin/bash
# Put the built pages into the folder $1, so that ?urlpath=book/ is the live book:
# fetched from the published branch, or built here where there is none to fetch.
set -euo pipefail

site=$1
origin=$(git config --get remote.origin.url 2>/dev/null || true)
origin=${SITE_REPOSITORY:-${origin:-https://github.com/inside-tensorflow/inside-tensorflow}}

fetch() {
    export GIT_TERMINAL_PROMPT=0
    rm -rf "$site" && mkdir -p "$(dirname "$site")" &&
        git clone --quiet --depth 1 --branch gh-pages "$origin" "$site" &&
        rm -rf "$site/.git"
}

build() {
    python -m pip install --no-cache-dir -r requirements.txt && python -m tools.build
}

if fetch; then
    echo "pages: fetched from $origin"
elif build; then
    echo "pages: built, for $origin has no branch gh-pages that can be read"
else
    # Notebooks and kernels work without the pages: no reason to have no image.
    echo "pages: none; ?urlpath=book/ will find nothing" >&2
fi
