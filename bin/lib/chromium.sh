# Finds or installs the Chromium that the browser tests drive; sourced by bin/test.

installed_chromium() {
    local name
    # The one without windows is the same engine, at two thirds of the work.
    for name in chromium-headless-shell chromium chromium-browser google-chrome; do
        command -v "$name" && return
    done
    return 1
}

downloaded_chromium() {
    "$PYTHON" - <<'PYTHON'
from pathlib import Path
from playwright.sync_api import sync_playwright

with sync_playwright() as playwright:
    path = playwright.chromium.executable_path
    print(path if Path(path).exists() else "", end="")
PYTHON
}

# Prints the path of a Chromium: the system's, else the distribution's, else Playwright's.
find_chromium() {
    local path
    installed_chromium && return
    install_packages chromium-headless-shell && installed_chromium && return
    install_packages chromium && installed_chromium && return
    path="$(downloaded_chromium)"
    if [ -z "$path" ]; then
        "$PYTHON" -m playwright install chromium >&2 || return 1
        path="$(downloaded_chromium)"
    fi
    [ -n "$path" ] && printf '%s\n' "$path"
}
