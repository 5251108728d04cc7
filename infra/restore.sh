#!/usr/bin/env bash
# Restores a backup made by backup.sh into an empty data folder. The next start of the archive on it does the rest: it builds
# the index, and counts accessions on above every one that the database or any object names.
#
#   bash infra/restore.sh [--link] BACKUP NEWDATA
#   bash infra/restore.sh [--link] --connection CONNINFO BACKUP NEWDATA
#
#   NEWDATA     a new or empty folder
#   CONNINFO    an empty external database to restore into, instead of a cluster of NEWDATA's own
#   --link      hard links to the backup's objects instead of copies, on the same volume
#
# A backup that was added to holds objects that were swept after it was begun; the weekly job sweep-all finds them, also when asked:
# POST /api/jobs/sweep-all/runs.
#
# Staged uploads were not backed up: a draft that was being filled has to be given its files again, and a submission that still
# needed some is rejected, naming them (file-lost).
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$(dirname "${BASH_SOURCE[0]}")/backup-lib.sh"

link=() connection='' places=()
while [ $# -gt 0 ]; do
    case $1 in
    -h | --help) sed -n '2,/^set/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    --link) link=(--link) ;;
    --connection) connection=${2:?}; shift ;;
    -*) die "Unknown option $1." ;;
    *) places+=("$1") ;;
    esac
    shift
done
[ ${#places[@]} = 2 ] || die "usage: restore.sh [--link] [--connection CONNINFO] BACKUP NEWDATA"
backup=${places[0]} data=${places[1]}
[ -f "$backup/manifest" ] || die "$backup holds no whole backup: there is no manifest."
fact() { sed -n "s/^$1 //p" "$backup/manifest"; }

[ ! -e "$data" ] || [ -z "$(ls -A "$data")" ] || die "$data is not empty."
echo "$(fact dump-sha256)  $backup/archive.dump" | sha256sum --check --status || die "The dump of $backup is not the one that was made: its SHA-256 differs."
read -r count bytes < <(list_objects "$backup/objects" | totals)
[ "$count" -ge "$(fact objects)" ] && [ "$bytes" -ge "$(fact object-bytes)" ] ||
    die "Objects are missing from $backup: $count with $bytes bytes, where the manifest says $(fact objects) with $(fact object-bytes)."
mkdir -p "$data"
data=$(cd "$data" && pwd -P)
trap stop_cluster EXIT

# The database comes last, and its folder gets its name when it is whole: a restore that was cut off leaves objects that carry
# the old archive's identity without its database, which the archive refuses to start on.
mkdir -p "$data/objects/objects" "$data/staging"
cp -a "${link[@]}" "$backup/objects/." "$data/objects/objects/"
for folder in objects staging; do cp -a "$backup/archive-id" "$data/$folder/"; done
for part in keys operator-password; do [ ! -e "$backup/$part" ] || cp -a "$backup/$part" "$data/"; done
read -r copied length < <(list_objects "$data/objects/objects" | totals)
[ "$copied $length" = "$count $bytes" ] || die "The objects did not arrive whole: $copied with $length bytes instead of $count with $bytes."

if [ -n "$connection" ]; then
    programs=$(pg_programs)
else
    # Another version's dump is read by any later PostgreSQL, so the newest one makes the new cluster.
    programs=$(pg_programs)
    user=$(id -un)
    [ "$(id -u)" != 0 ] || user=postgres
    cluster=$data/postgres/restoring
    mkdir -p "$cluster"
    chmod o+x "$data" "$data/postgres"
    [ "$(id -u)" != 0 ] || chown "$user:" "$cluster"
    (cd / && as_user "$user" "$programs/initdb" -D "$cluster" -U archive -E UTF8 --locale=C.UTF-8 --data-checksums \
        --auth-local=trust --auth-host=reject >/dev/null) || die "PostgreSQL's initdb failed."
    if [ "$(cat "$cluster/PG_VERSION")" = "$(fact postgresql)" ] && [ -f "$backup/postgresql.conf" ]; then
        cat "$backup/postgresql.conf" >"$cluster/postgresql.conf"
    fi
    start_cluster "$cluster" "$user" "$programs"
    connection="host=$socket port=5432 user=archive dbname=archive"
    "$programs/createdb" --maintenance-db="host=$socket port=5432 user=archive dbname=postgres" archive
fi
"$programs/pg_restore" --exit-on-error --no-owner --dbname="$connection" "$backup/archive.dump"
stop_cluster
[ -z "${cluster:-}" ] || mv "$cluster" "$data/postgres/data"
# The dump may be older than the objects: the next start raises the numbers that it gives above everything that these name.
touch "$data/restored"
sync -f "$data"
echo "Restored into $data: $count objects, $bytes bytes. Start the archive with --data '$data'."
