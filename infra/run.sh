#!/usr/bin/env bash
# Runs the archive in the foreground; Ctrl-C or SIGTERM stops it.
#
#   bash infra/run.sh [--demo] [--data DIR] [--port N] [setting...]
#
#   --demo      deposits five demonstration datasets through the public API once the archive is ready
#   --data DIR  where everything is kept (default: ./data; for root in a closed home /var/lib/archive)
#   --port N    on the loopback address (default: 8080)
#   Other settings go to the archive as they are: 'bash infra/run.sh --settings' and its page /help/settings list them all.
#
# On Debian and Ubuntu with only the .NET 10 SDK, root gets what is missing installed; anybody else is told what to ask for
# (exit code 2). The first start builds; a later one takes seconds.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

demo=no data='' port=8080 settings=()
while [ $# -gt 0 ]; do
    case $1 in
    -h | --help) sed -n '2,/^set/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    --demo) demo=yes ;;
    --settings) settings=(--help) ;;
    --data | --port)
        [ $# -ge 2 ] || die "$1 wants a value."
        [ "$1" = --data ] && data=$2 || port=$2
        shift ;;
    --data=*) data=${1#*=} ;;
    --port=*) port=${1#*=} ;;
    *) settings+=("$1") ;;
    esac
    shift
done
[[ $port =~ ^[0-9]+$ ]] && [ "$port" -ge 1 ] && [ "$port" -le 65535 ] || die "--port wants a number from 1 to 65535, not '$port'."
# PostgreSQL refuses root and then runs as a user who has to get to the data: root's home is usually closed to it.
passable() { # FOLDER
    local folder=$1
    while [ "$folder" != / ]; do
        [ $((0$(stat -c %a "$folder") & 1)) = 1 ] || return 1
        folder=$(dirname "$folder")
    done
}
if [ -z "$data" ]; then
    data=$PWD/data
    if [ "$(id -u)" = 0 ] && ! passable "$PWD"; then
        data=/var/lib/archive
        say "Keeps everything in $data, since PostgreSQL's user cannot get to $PWD/data; --data DIR says otherwise."
    fi
fi
[ "${data#/}" != "$data" ] || data=$PWD/$data

need_sdk
# With a database elsewhere no server is needed here.
[[ " ${settings[*]} " == *" --postgres"* || -n ${ARCHIVE_POSTGRES:-} ]] || grep -qs '"postgres"' appsettings.json || need postgresql=has_postgres

# Each state of the sources is published to a folder of its own, so that building never changes a program that runs.
publish() {
    local word=$1 log
    log=$(mktemp)
    say "Builds the archive (once; takes a minute or two) ..."
    for project in src/Archive.Api infra/demo/Archive.Demo; do
        dotnet publish "$root/$project" -c Release -o "$root/infra/bin/$word.new/${project##*/}" -v q --property:UseSharedCompilation=false -nodeReuse:false \
            </dev/null >"$log" 2>&1 || { cat "$log" >&2; die "The build failed."; }
    done
    rm -f "$log"
    mv "$root/infra/bin/$word.new" "$root/infra/bin/$word"
    # The newest three stay: an older one may still be running somewhere.
    find "$root/infra/bin" -mindepth 1 -maxdepth 1 -type d -printf '%T@ %p\n' | sort -rn | tail -n +4 | cut -d' ' -f2- | while IFS= read -r old; do rm -rf "$old"; done
}
word=$(sources_word)
program=$root/infra/bin/$word
if [ ! -d "$program" ]; then
    mkdir -p "$root/infra/bin"
    (
        flock 9
        [ -d "$program" ] || { rm -rf "$program.new"; publish "$word"; }
    ) 9>"$root/infra/bin/.lock"
fi

# Says where everything is as soon as it is there, and then deposits. Not a child of the archive, which takes this process over.
announce() {
    local archive=$1 url=http://localhost:$port
    until [ "$(http_status "$port" /readyz)" = 200 ]; do
        kill -0 "$archive" 2>/dev/null || return 0
        sleep 0.2
    done
    cat <<TEXT

  The archive is ready.
    Pages      $url/
    API        $url/swagger
    Settings   $url/help/settings
    Operator   operator@localhost, first password in $data/operator-password (mode 0600)

TEXT
    [ "$demo" = yes ] || return 0
    echo "  Demonstration datasets; their depositor's sign-in is kept in $data/demo-depositor.json (mode 0600)"
    dotnet "$program/Archive.Demo/Archive.Demo.dll" deposit --url "http://127.0.0.1:$port" --state "$data/demo-depositor.json" --mail "$data/mail" | sed 's/^/    /' || true
}
[ "${settings[*]}" = --help ] && exec dotnet "$program/Archive.Api/Archive.Api.dll" --help
(announce $$ </dev/null & )
# Lines for people; a setting given here or in the environment goes before. Production runs the program itself, which writes JSON.
export ARCHIVE_LOGS=${ARCHIVE_LOGS:-text}
exec dotnet "$program/Archive.Api/Archive.Api.dll" --data "$data" --port "$port" "${settings[@]}"
