#!/usr/bin/env bash
# Writes openapi.yaml (OpenAPI 3.1) from the code; nothing is started, no database is needed.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need_sdk
cd "$root"
dotnet tool restore -v q >/dev/null </dev/null
dotnet build src/Archive.Api -c Release -v q </dev/null
dotnet swagger tofile --yaml --openapiversion 3.1 --output openapi.yaml src/Archive.Api/bin/Release/net10.0/Archive.Api.dll "${1:-v1}" </dev/null >/dev/null
