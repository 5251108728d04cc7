#!/usr/bin/env bash
# Builds everything and runs the tests; the last line is "N passed, N failed, N skipped".
#
#   bash infra/test.sh [--all] [FILTER]
#
#   --all    also the tests that take long (ARCHIVE_TEST_LONG=1)
#   FILTER   as of 'dotnet test --filter': part of a test's name, or an expression such as TestCategory=Kill
#
# Logs stay in TestResults/. The exit code is 0 when everything was built and nothing failed.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

filter=()
for argument in "$@"; do
    case $argument in
    -h | --help) sed -n '2,/^set/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    --all) export ARCHIVE_TEST_LONG=1 ;;
    -*) die "Unknown option $argument." ;;
    *) filter=(--filter "$argument") ;;
    esac
done

need_sdk
need postgresql=has_postgres strace=strace curl=curl faketime=faketime
if [ "${ARCHIVE_TEST_LONG:-}" = 1 ]; then need nginx-light=nginx; fi

cd "$root" || exit 2
results=$root/TestResults
rm -rf "$results"
mkdir -p "$results"
passed=0 failed=0 skipped=0 code=0
finish() { echo "$passed passed, $failed failed, $skipped skipped"; exit "$code"; }

# Restore by the lock files alone, then one build; -m:1 since a small machine gains nothing from more. What an earlier build
# compiled without analyzers, the gate compiles again.
if ! { dotnet restore Archive.sln --locked-mode -v q && dotnet build Archive.sln -c Release --no-restore -v q -m:1 ${Gates:+--no-incremental}; } </dev/null; then
    code=1
    finish
fi

# "Passed Failed Skipped" of a trx file. Its notExecuted is always 0, so what is skipped is what is left of the total.
counters() {
    awk 'match($0, /<Counters [^>]*>/) {
        line = substr($0, RSTART, RLENGTH)
        split("total passed failed error timeout aborted", names, " ")
        for (i in names) { value[names[i]] = match(line, " " names[i] "=\"[0-9]+\"") ? substr(line, RSTART + length(names[i]) + 3) + 0 : 0 }
        bad = value["failed"] + value["error"] + value["timeout"] + value["aborted"]
        print value["passed"], bad, value["total"] - value["passed"] - bad
        found = 1
    }
    END { if (!found) print 0, 0, 0 }' "$1"
}

# The names of tests with an outcome, each with the first line of what it said; "threw exception:" alone says too little.
named() { # TRX OUTCOME
    awk -v outcome="$2" '
    function plain(text) {
        gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&quot;/, "\"", text); gsub(/&#xD;|&#xA;/, " ", text); gsub(/&amp;/, "\\&", text)
        return text
    }
    function tell() { if (name != "") print "  " name (reason == "" ? "" : ": " reason); name = ""; reason = "" }
    /<UnitTestResult / {
        tell()
        if ($0 ~ "outcome=\"" outcome "\"" && match($0, / testName="[^"]*"/)) name = plain(substr($0, RSTART + 11, RLENGTH - 12))
    }
    more { reason = reason plain(substr($0, 1, match($0 "<", /</) - 1)); more = 0 }
    name != "" && reason == "" && match($0, /<Message>[^<]*/) {
        reason = plain(substr($0, RSTART + 9, RLENGTH - 9))
        more = reason ~ /threw exception: *$/
    }
    END { tell() }' "$1"
}

for project in tests/*.Tests/*.csproj; do
    name=$(basename "$project" .csproj)
    echo "== $name"
    # A single test that says nothing for half an hour is ended and named.
    dotnet test "$project" -c Release --no-build --nologo -v q --logger "trx;LogFileName=$name.trx" --logger 'console;verbosity=minimal' \
        --blame-hang-timeout 30m --blame-hang-dump-type none --results-directory "$results" "${filter[@]}" </dev/null >"$results/$name.log" 2>&1
    outcome=$?
    [ "$outcome" = 0 ] || cat "$results/$name.log"
    trx=$results/$name.trx
    if [ -f "$trx" ]; then
        read -r p f s < <(counters "$trx")
    else
        p=0 f=0 s=0
    fi
    if [ "$outcome" != 0 ]; then
        code=1
        # A run that broke off counts as a failure even when no test could say so.
        if [ "$f" = 0 ]; then f=1; echo "  $name broke off with code $outcome"; fi
    fi
    echo "   $p passed, $f failed, $s skipped"
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done

find "$results" -mindepth 1 -type d -empty -delete
for trx in "$results"/*.trx; do
    [ -f "$trx" ] || continue
    [ -z "$(named "$trx" Failed)" ] || { echo "Failed in $(basename "$trx" .trx):"; named "$trx" Failed; }
    [ -z "$(named "$trx" NotExecuted)" ] || { echo "Skipped in $(basename "$trx" .trx):"; named "$trx" NotExecuted; }
done
finish
