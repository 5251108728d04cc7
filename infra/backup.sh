#!/usr/bin/env bash
# Backs up an archive, running or stopped, into a folder; run again, it adds what is new to the same folder.
#
#   bash infra/backup.sh [--link] DATA TARGET
#   bash infra/backup.sh [--link] --connection CONNINFO --objects DIR TARGET
#
#   DATA        the archive's data folder with its own PostgreSQL
#   CONNINFO    libpq's way to name an external database: 'host=... dbname=... user=...' or postgresql://...
#   --objects   the folder of the object store, when not DATA/objects
#   --link      hard links instead of copies: no room and no time, but on the same volume, so no help when that is lost
#
# The database is dumped first and the objects are copied afterwards. Objects are written once and never changed, so every
# object that the dump knows is among those copied, whatever is deposited meanwhile. Only the sweep removes objects: it takes
# the advisory lock hashtext('archive.sweep') for each round, and a session of this script holds that lock until the end.
#
# In the backup: archive.dump (pg_dump's custom format), objects/, keys/, operator-password, postgresql.conf, and manifest,
# which is written last: a folder without one is no backup. Staged uploads are not in it: those of a draft have to be uploaded
# again, and a submission that still needed some is rejected (file-lost). Nor is the search index, which is built anew.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$(dirname "${BASH_SOURCE[0]}")/backup-lib.sh"

link=no connection='' objects='' places=()
while [ $# -gt 0 ]; do
    case $1 in
    -h | --help) sed -n '2,/^set/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    --link) link=yes ;;
    --connection) connection=${2:?}; shift ;;
    --objects) objects=${2:?}; shift ;;
    -*) die "Unknown option $1." ;;
    *) places+=("$1") ;;
    esac
    shift
done
data=''
[ -n "$connection" ] || { data=${places[0]:-}; places=("${places[@]:1}"); }
[ ${#places[@]} = 1 ] && { [ -n "$connection" ] || [ -d "$data/postgres/data" ]; } || die "usage: backup.sh [--link] DATA TARGET   or   --connection CONNINFO --objects DIR TARGET"
store=${objects:-$data/objects}
[ -f "$store/archive-id" ] || die "$store is no object store: it carries no archive-id."
objects=$store/objects # beside it, tmp/ holds what is still being written
mkdir -p "${places[0]}"
target=$(cd "${places[0]}" && pwd)
case "$target/" in "$(cd "$store" && pwd)"/*) die "The backup must not lie inside the object store." ;; esac

sweep_lock=
cleanup() {
    [ -z "$sweep_lock" ] || kill "$sweep_lock" 2>/dev/null || true
    stop_cluster
}
trap cleanup EXIT

if [ -n "$connection" ]; then
    programs=$(pg_programs)
else
    cluster=$(cd "$data/postgres/data" && pwd -P)
    programs=$(pg_programs "$(cat "$cluster/PG_VERSION")")
    # The archive holds this lock while it runs. With it in hand nobody starts the cluster under our feet.
    exec {lock}<>"$data/lock"
    if flock -n "$lock" && ! "$programs/pg_isready" -q -h "$(cat "$data/postgres/socket-dir" 2>/dev/null || echo /nonexistent)"; then
        start_cluster "$cluster" "$(stat -c %U "$cluster")" "$programs"
    else
        flock -u "$lock"
        exec {lock}>&-
        for _ in $(seq 300); do [ -s "$data/postgres/port" ] && break; sleep 0.1; done
        socket=$(cat "$data/postgres/socket-dir")
    fi
    connection="host='${socket//\'/\\\'}' port=$(cat "$data/postgres/port" 2>/dev/null || echo 5432) user=archive dbname=archive"
fi

# The sweep stays out while this session lives; a round under way is waited for.
coproc LOCK { exec "$programs/psql" -X -q -A -t -v ON_ERROR_STOP=1 "$connection" 2>&1; }
sweep_lock=$LOCK_PID
echo "SELECT 'locked' FROM (SELECT pg_advisory_lock(hashtext('archive.sweep'))) AS taken;" >&"${LOCK[1]}"
read -r answer <&"${LOCK[0]}" || answer=
[ "$answer" = locked ] || die "The database does not answer: $answer"

rm -f "$target/manifest"
"$programs/pg_dump" --format=custom --file="$target/archive.dump.new" "$connection"
mv "$target/archive.dump.new" "$target/archive.dump"

# Copied under another name first and synced: objects/ of the backup only ever holds whole files.
mkdir -p "$target/objects"
rm -rf "$target/incoming"
mkdir "$target/incoming"
work=$(mktemp -d)
list_objects "$objects" >"$work/here"
list_objects "$target/objects" >"$work/there"
LC_ALL=C comm -23 <(LC_ALL=C sort "$work/here") <(LC_ALL=C sort "$work/there") | cut -f2- | tr '\n' '\0' >"$work/missing"
flags=(--archive --parents --no-dereference)
[ "$link" = no ] || flags+=(--link)
[ ! -s "$work/missing" ] || (cd "$objects" && xargs -0 cp "${flags[@]}" --target-directory="$target/incoming" -- <"$work/missing")
cp -a "$store/archive-id" "$target/archive-id"
sync -f "$target/incoming"
cp -al --force "$target/incoming/." "$target/objects/"
rm -rf "$target/incoming"
if [ -n "$data" ]; then
    for part in keys operator-password; do [ ! -e "$data/$part" ] || cp -a "$data/$part" "$target/"; done
    cp "$cluster/postgresql.conf" "$target/postgresql.conf"
fi

kill "$sweep_lock" && sweep_lock=

# Every object that was there has to be there with its length.
list_objects "$target/objects" >"$work/there"
lost=$(LC_ALL=C comm -23 <(LC_ALL=C sort "$work/here") <(LC_ALL=C sort "$work/there") | head -n 5)
[ -z "$lost" ] || die "The backup is not whole; missing or of another length: $lost"
read -r count bytes < <(totals <"$work/there")
{
    echo "format 1"
    echo "made $(date -u +%Y-%m-%dT%H:%M:%SZ)"
    echo "postgresql $("$programs/pg_dump" --version | grep -oE '[0-9]+' | head -n 1)"
    echo "dump-sha256 $(sha256sum "$target/archive.dump" | cut -d' ' -f1)"
    echo "objects $count"
    echo "object-bytes $bytes"
} >"$target/manifest.new"
sync -f "$target"
mv "$target/manifest.new" "$target/manifest"
sync -f "$target"
rm -rf "$work"
echo "Backed up into $target: $count objects, $bytes bytes."
