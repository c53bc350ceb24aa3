# Common part of scripts/demo and scripts/test; sourced, not run.
#
# In:  a checkout of ikap. Out: $venv with ikap installed in it, and $py, its Python.
# Everything is put in .venv in the checkout; the system's own Python is never changed.
# Works in bash 3.2 and later. To start afresh, delete .venv.

set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
venv=$root/.venv
py=$venv/bin/python
lock=.ci/lock.txt
pythons="python3.13 python3.12 python3.11 python3 python"

# Settings of another environment, or of another installation, must not reach this one.
unset PYTHONHOME PYTHONPATH PYTHONSTARTUP PYTHONUSERBASE VIRTUAL_ENV CONDA_PREFIX
unset PIP_TARGET PIP_PREFIX PIP_ROOT PIP_USER PIP_REQUIREMENT PIP_NO_DEPS
unset PIP_REQUIRE_HASHES PIP_DRY_RUN PIP_NO_BINARY PIP_ONLY_BINARY PIP_PYTHON
unset PIP_NO_BUILD_ISOLATION PIP_REQUIRE_VIRTUALENV
export PYTHONNOUSERSITE=1 PYTHONUTF8=1 PIP_DISABLE_PIP_VERSION_CHECK=1

say() { printf '%s\n' "$@"; } # each argument on its own line

stop() {
    printf '\nStopp: %s\n' "$1" >&2
    shift
    [ $# -eq 0 ] || printf '  %s\n' "$@" >&2
    exit 2
}

# --- Debian packages -----------------------------------------------------------------------

may_be_root() { [ "$(id -u)" = 0 ] || sudo -n true >/dev/null 2>&1; }

may_apt() { command -v apt-get >/dev/null 2>&1 && may_be_root; }

apt_get() {
    local name command=(env DEBIAN_FRONTEND=noninteractive)
    for name in http_proxy https_proxy no_proxy; do
        [ -z "${!name-}" ] || command+=("$name=${!name}")
    done
    command+=(apt-get -qq -o DPkg::Lock::Timeout=180 "$@")
    if [ "$(id -u)" = 0 ]; then "${command[@]}"; else sudo -n "${command[@]}"; fi
}

apt_install() {
    local told
    say "Installerer fra Debian/Ubuntu: $*"
    apt_get update >/dev/null 2>&1
    told=$(apt_get install -y --no-install-recommends "$@" 2>&1 </dev/null) || {
        say "$told"
        return 1
    }
}

# --- Python --------------------------------------------------------------------------------

is_new_enough() {
    "$1" -I -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

has_venv() { "$1" -I -c 'import ensurepip, venv' >/dev/null 2>&1; }

# Sets $python: the first one that can make an environment now, else the first new enough one.
look_for_python() {
    local candidate second=
    python=
    if [ -n "${PYTHON-}" ] && ! is_new_enough "$PYTHON"; then
        say "PYTHON=$PYTHON er ikke Python 3.11 eller nyere. Leter etter en annen."
    fi
    for candidate in ${PYTHON:+"$PYTHON"} $pythons; do
        is_new_enough "$candidate" || continue
        if has_venv "$candidate"; then
            python=$candidate
            return 0
        fi
        second=${second:-$candidate}
    done
    python=$second
    return 1
}

venv_package() {
    if [ -n "$python" ]; then
        "$python" -I -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
    else
        say python3-venv
    fi
}

find_python() {
    local package
    look_for_python && return
    package=$(venv_package)
    if may_apt; then
        apt_install "$package" || apt_install python3-venv
        look_for_python && return
        [ -n "$python" ] || { apt_install python3.11 python3.11-venv && look_for_python && return; }
    fi
    if [ -n "$python" ]; then
        stop "$python mangler delen som lager egne miljøer (venv)." \
            "På Debian og Ubuntu, skriv:  sudo apt-get install $package" \
            "Kjør så samme kommando en gang til."
    fi
    stop "Fant ikke Python 3.11 eller nyere." \
        "På Debian og Ubuntu, skriv:  sudo apt-get install python3 python3-venv" \
        "Har du Python et annet sted:  PYTHON=/sti/til/python3 bash scripts/demo" \
        "Kjør så samme kommando en gang til."
}

# --- the environment -----------------------------------------------------------------------

venv_runs() {
    "$py" -c 'import sys; sys.exit(sys.prefix == sys.base_prefix or sys.version_info < (3, 11))' \
        >/dev/null 2>&1
}

has_pip() { "$py" -m pip --version >/dev/null 2>&1; }

fingerprint() {
    "$py" -c 'import hashlib, pathlib, sys
files = b"".join(pathlib.Path(name).read_bytes() for name in sys.argv[2:])
print(hashlib.sha256(files).hexdigest(), sys.version.split()[0], sys.argv[1])' \
        "$root" "$root/pyproject.toml" "$root/$lock"
}

is_installed() { # demo is satisfied by an environment for tests, not the other way
    local have
    venv_runs && have=$(cat "$venv/.ikap-installed" 2>/dev/null) || return 1
    case $have in
        "$(fingerprint) test" | "$(fingerprint) $1") ;;
        *) return 1 ;;
    esac
    "$py" -c 'import importlib.util as u, sys
sys.exit(not all(map(u.find_spec, ("ikap", "geopandas", "pyogrio", "shapely", "rich"))))'
}

# Why an existing .venv cannot be built on (nothing is printed if it can).
what_is_broken() {
    if [ -e "$venv/.ikap-installing" ]; then
        say "installasjonen ble avbrutt"
    elif ! venv_runs; then
        say "Python i mappen virker ikke"
    elif ! has_pip && ! "$py" -m ensurepip >/dev/null 2>&1; then
        say "pip mangler"
    elif [ -e "$venv/.ikap-installed" ] && ! grep -qF " $root " "$venv/.ikap-installed"; then
        say "mappen er flyttet"
    fi
}

# pip's own settings (index, proxy, certificate) are kept; those that would put the packages
# somewhere else than in .venv are left out.
tame_pip() {
    local settings
    if ! settings=$("$py" -m pip config list 2>/dev/null); then
        say "pip kan ikke lese innstillingene sine (pip config list). Går videre uten dem."
        export PIP_CONFIG_FILE=/dev/null
    elif printf '%s\n' "$settings" | grep -Eq \
        '^[^=]*\.(target|prefix|root|user|no-deps|require-hashes|no-binary|only-binary|dry-run|requirement|python|require-virtualenv|no-build-isolation)='; then
        eval "$(printf '%s\n' "$settings" | "$py" -c 'import ast, shlex, sys
kept = "index-url extra-index-url find-links no-index proxy cert client-cert trusted-host timeout"
for line in sys.stdin:
    name, _, value = line.strip().partition("=")
    name = name.rpartition(".")[2]
    if name in kept.split():
        value = " ".join(str(ast.literal_eval(value)).split())
        print("export PIP_" + name.upper().replace("-", "_") + "=" + shlex.quote(value))')"
        export PIP_CONFIG_FILE=/dev/null
    fi
}

pip_install() {
    local show="--quiet --progress-bar=off"
    [ ! -t 1 ] || show=
    (cd "$root" && "$py" -m pip install $show --log "$venv/ikap-install.log" \
        --only-binary=:all: "$@")
}

log_says() { grep -Eq "$1" "$venv/ikap-install.log" 2>/dev/null; }

stop_install() {
    stop "Installasjonen gikk ikke. Meldingen fra pip står over." \
        "Hele loggen: $venv/ikap-install.log"
}

# The link from .venv to the code is made relative: Python reads it in the system's encoding, which
# need not be able to spell the path of this folder (cron, LC_ALL=C). The copy of layers and maps
# beside it is not used by a linked ikap.
shorten_link() {
    local link
    for link in "$venv"/lib/python*/site-packages/*_ikap.pth; do
        printf '../../../..\n' >"$link"
        rm -rf "${link%/*}/ikap/_workspace"
        rmdir "${link%/*}/ikap" 2>/dev/null
    done
}

install() {
    local project=.
    [ "$1" = demo ] || project=".[test]"
    rm -f "$venv/.ikap-installed" "$venv/ikap-install.log"
    : >"$venv/.ikap-installing"
    tame_pip
    say "Installerer ikap i .venv (første gang tar det et par minutter) ..."
    if ! pip_install -c "$lock" -e "$project"; then
        if log_says 'ConnectionError|ProxyError|SSLError|ReadTimeout|ConnectTimeout'; then
            stop "Fikk ikke hentet bibliotekene." \
                "Sjekk nettet. Bak en mellomtjener (proxy): sett https_proxy, eller pip config set global.proxy" \
                "Hele loggen: $venv/ikap-install.log"
        fi
        log_says 'ResolutionImpossible|DistributionNotFound' || stop_install
        say "De låste versjonene passer ikke med $("$py" -V). Installerer de nyeste som passer."
        pip_install -e "$project" || stop_install
    fi
    shorten_link
    "$py" -c 'import sys
import geopandas, ikap, pyogrio
if sys.version_info < (3, 14):
    import fiona' || return 1
    say "$(fingerprint) $1" >"$venv/.ikap-installed"
    rm -f "$venv/.ikap-installing"
}

prepare() { # demo | test
    local why
    if command -v flock >/dev/null 2>&1; then
        exec 9<"$root/pyproject.toml"
        flock -n 9 || { say "Venter på en annen installasjon i samme mappe ..." && flock 9; }
    fi
    if ! is_installed "$1"; then
        if [ -e "$venv" ] || [ -L "$venv" ]; then
            why=$(what_is_broken)
            [ -z "$why" ] || { say "Lager .venv på nytt: $why." && rm -rf "$venv"; }
        fi
        [ -e "$venv" ] || new_venv
        install "$1" || { say "Lager .venv på nytt: et bibliotek kan ikke lastes." &&
            rm -rf "$venv" && new_venv && install "$1"; } ||
            stop "Bibliotekene er installert, men kan ikke lastes. Se meldingen over."
    fi
    exec 9<&-
}

new_venv() {
    find_python
    say "Lager .venv med $("$python" -V) ..."
    "$python" -m venv "$venv" || stop "Kunne ikke lage .venv i $root" \
        "Er det plass på disken, og har du lov til å skrive i mappen?"
}
