# Makes the virtual environment that the commands of this folder run in; sourced by them.
#
#   prepare server|test    leaves the interpreter in $PYTHON, or exits 1 saying what to run
#
# A stamp in .venv holds what it was made from, so that the next run has nothing to do.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)"
VENV="$ROOT/.venv"
PYTHON="$VENV/bin/python"
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
# Every process of the product would read its sources anew.
unset PYTHONDONTWRITEBYTECODE

say() { printf '%s\n' "$*" >&2; }

stop() {
    say "$@"
    exit 1
}

is_root() { [ "$(id -u)" = 0 ]; }

# install_packages NAME… : from the distribution, when this is root on a Debian or its kin.
install_packages() {
    is_root && command -v apt-get >/dev/null || return 1
    say "Installing $* …"
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -y -q "$@" >/dev/null 2>&1 ||
        { apt-get update -q >/dev/null && apt-get install -y -q "$@" >/dev/null; }
}

suitable_python() {
    command -v "$1" >/dev/null &&
        "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    local name
    for name in python3.13 python3.12 python3.11 python3; do
        if suitable_python "$name"; then
            command -v "$name"
            return
        fi
    done
    return 1
}

base_python() {
    find_python && return
    install_packages python3 python3-venv && find_python && return
    say "Turnero needs Python 3.11 or newer. On Debian or Ubuntu:"
    say "    sudo apt-get install -y python3 python3-venv"
    return 1
}

venv_works() { [ -x "$PYTHON" ] && "$PYTHON" -m pip --version >/dev/null 2>&1; }

try_venv() { "$1" -m venv --clear "$VENV" >/dev/null 2>&1 && venv_works; }

# Debian keeps venv and ensurepip apart from Python itself.
make_venv() {
    local python="$1" package
    try_venv "$python" && return
    package="python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
    { install_packages "$package" || install_packages python3-venv; } && try_venv "$python" && return
    rm -rf "$VENV"
    say "$python cannot make a virtual environment here. On Debian or Ubuntu:"
    say "    sudo apt-get install -y $package"
    return 1
}

# What the environment of the set $1 is made from: lock, project, place and interpreter.
fingerprint() {
    { cat "$ROOT/requirements/$1.txt" "$ROOT/pyproject.toml" && "$PYTHON" -V && printf '%s' "$ROOT"; } |
        cksum
}

is_current() {
    [ -x "$PYTHON" ] && [ -f "$VENV/made-for-$1" ] &&
        [ "$(cat "$VENV/made-for-$1")" = "$(fingerprint "$1" 2>/dev/null)" ]
}

fill_venv() {
    say "Installing what Turnero needs (once; takes a minute) …"
    "$PYTHON" -m pip install --quiet --require-hashes -r "$ROOT/requirements/$1.txt" &&
        "$PYTHON" -m pip install --quiet --no-deps --no-build-isolation -e "$ROOT"
}

build() {
    local python
    if ! venv_works; then
        python="$(base_python)" || exit 1
        say "Making a virtual environment with $python …"
        make_venv "$python" || exit 1
    fi
    rm -f "$VENV"/made-for-*
    fill_venv "$1" || stop "The installation did not finish: see above. Run this again to go on."
    fingerprint "$1" >"$VENV/made-for-$1"
}

prepare() {
    # What the tests need holds what the server needs.
    is_current "$1" && return
    [ "$1" = server ] && is_current test && return
    if command -v flock >/dev/null; then
        exec 9>"$ROOT/.setup.lock"
        flock 9
        is_current "$1" || build "$1"
        exec 9>&-
    else
        build "$1"
    fi
}
