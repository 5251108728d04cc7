#!/usr/bin/env bash
# Everything that a change must pass: the tests, the formatting, and an openapi.yaml that fits the code.
# The last line is that of test.sh; the exit code is 0 only when all of it passed.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root" || exit 2
need git=git
export Gates=true # analyzers run in this build, and their warnings are errors
log=$(mktemp)
trap 'rm -f "$log"' EXIT
code=0

bash infra/test.sh "$@" 2>&1 | tee "$log" || code=1
last=$(tail -n 1 "$log")

echo "== formatting"
dotnet format Archive.sln --verify-no-changes --no-restore </dev/null || { code=1; say "Run 'dotnet format' and commit what it changes."; }

echo "== openapi.yaml"
if ! bash infra/openapi.sh; then
    code=1
elif ! git ls-files --error-unmatch openapi.yaml >/dev/null 2>&1 || ! git diff --exit-code -- openapi.yaml; then
    code=1
    say "openapi.yaml does not fit the code: run 'bash infra/openapi.sh' and commit it."
fi

[ "$code" = 0 ] && echo "All checks passed." || echo "Some checks failed."
echo "$last"
exit "$code"
