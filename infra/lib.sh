# Shared by the scripts beside it: where things are, and how what is missing is installed or named.
# shellcheck shell=bash
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 2; }

has_sdk() { command -v dotnet >/dev/null && dotnet --list-sdks | grep -q '^10\.'; }
has_postgres() { command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }

# need PACKAGE=TEST...: makes sure that every TEST (a command, or a function of this file) holds, by installing the Debian
# package of its name. Only root installs; anybody else is told what to ask for.
need() {
    local pair missing=()
    for pair in "$@"; do
        if declare -F "${pair#*=}" >/dev/null; then "${pair#*=}" || missing+=("${pair%%=*}")
        else command -v "${pair#*=}" >/dev/null || missing+=("${pair%%=*}"); fi
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    command -v apt-get >/dev/null || die "Missing: ${missing[*]}. This is no Debian or Ubuntu: install their counterparts by hand, then start again."
    if [ "$(id -u)" != 0 ]; then
        say "Missing: ${missing[*]}. Ask an administrator for: apt-get install --no-install-recommends ${missing[*]}"
        [[ " ${missing[*]} " != *" postgresql "* ]] ||
            say "(With 'create_main_cluster = false' in /etc/postgresql-common/createcluster.conf it starts no cluster of its own.)"
        exit 2
    fi
    say "Installs ${missing[*]} ..."
    install_packages "${missing[@]}"
}

install_packages() {
    local log
    log=$(mktemp)
    {
        apt-get -qq update
        if [[ " $* " == *" postgresql "* ]]; then
            # The package would start a cluster of its own, which nobody here uses.
            DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends postgresql-common
            sed -ri 's/^#? *create_main_cluster *=.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf
        fi
        DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends "$@"
    } </dev/null >"$log" 2>&1 || { tail -n 20 "$log" >&2; rm -f "$log"; die "The packages could not be installed: $*"; }
    rm -f "$log"
}

need_sdk() { has_sdk || die "The .NET 10 SDK is missing: https://dotnet.microsoft.com/download (or the package dotnet-sdk-10.0)."; }

# One word that changes when any source of the program does.
sources_word() {
    (cd "$root" && find src infra/demo Directory.*.props global.json BannedSymbols.txt .editorconfig -type f \
        -not -path '*/bin/*' -not -path '*/obj/*' -not -path '*/node_modules/*' -printf '%p %s %T@\n' | LC_ALL=C sort | sha256sum | cut -c1-16)
}

# The status of a GET on the loopback address, or 000; in plain bash, since a bare machine has no curl.
http_status() { # PORT PATH
    local line=
    exec {http}<>"/dev/tcp/127.0.0.1/$1" || { echo 000; return; }
    printf 'GET %s HTTP/1.0\r\nHost: localhost:%s\r\n\r\n' "$2" "$1" >&"$http"
    read -r -t 5 line <&"$http" || true
    exec {http}>&-
    line=${line#* }
    echo "${line:0:3}"
} 2>/dev/null
