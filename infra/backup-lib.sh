# Shared by backup.sh and restore.sh: PostgreSQL's programs, and a private cluster for a while.
# shellcheck shell=bash
umask 077
export LC_ALL=C.UTF-8
unset "${!PG@}"

# The folder of PostgreSQL's programs: of the given major version, or the newest.
pg_programs() {
    local folder
    for folder in $(compgen -G "/usr/lib/postgresql/${1:-*}/bin" | sort -rV) $(compgen -G "/usr/pgsql-${1:-*}/bin" | sort -rV); do
        [ -x "$folder/initdb" ] && { echo "$folder"; return; }
    done
    folder=$(command -v pg_dump) && dirname "$folder" || die "PostgreSQL ${1:-} is not on this machine: install the package postgresql."
}

# PostgreSQL refuses root: its programs then run as the user that owns the cluster.
as_user() { # USER COMMAND...
    local user=$1
    shift
    if [ "$(id -u)" = 0 ] && [ "$user" != root ]; then
        setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups -- env HOME=/ "$@"
    else
        "$@"
    fi
}

# Runs the cluster CLUSTER until the script ends, on a socket that nobody else knows; sets $socket.
start_cluster() { # CLUSTER USER PROGRAMS
    socket=$(mktemp -d /tmp/archive-XXXXXX)
    [ "$(id -u)" != 0 ] || chown "$2" "$socket"
    (cd / && as_user "$2" "$3/pg_ctl" -D "$1" -s -w -t 600 -l "$socket/log" -o "-c listen_addresses= -c unix_socket_directories=$socket -c port=5432 -c logging_collector=off" start) </dev/null ||
        { tail -n 20 "$socket/log" >&2; die "The cluster $1 does not start."; }
    started=$1 started_user=$2 started_programs=$3
}

stop_cluster() {
    [ -n "${started:-}" ] || return 0
    (cd / && as_user "$started_user" "$started_programs/pg_ctl" -D "$started" -s -w -m fast stop) </dev/null
    started=
    rm -rf "$socket"
}

# The files below a folder, each with its length; names hold no line breaks, since the archive refuses them.
list_objects() { [ ! -d "$1" ] || (cd "$1" && find . -path ./index -prune -o -type f -printf '%s\t%P\n' | LC_ALL=C sort -t $'\t' -k2); }

totals() { awk -F '\t' '{ bytes += $1 } END { printf "%d %d\n", NR, bytes }'; }
