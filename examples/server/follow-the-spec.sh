#!/usr/bin/env bash
# Follows the specification of $viewdefinition-export step by step against a server that runs:
#   examples/server/follow-the-spec.sh http://127.0.0.1:8080/fhir /path/of/its/lake
# Says what it does and what came; ends with 1 at the first answer that is not as specified.
set -euo pipefail

if [[ $# -ne 2 ]]; then
  echo "usage: follow-the-spec.sh BASE-URL FOLDER-FOR-TABLES" >&2
  exit 2
fi
base="${1%/}"
lake="$2"
operation='$viewdefinition-export'
work="$(mktemp -d)"
trap 'rm -rf -- "$work"' EXIT

# ask EXPECTED-STATUS-REGEX CURL-ARGUMENTS…: leaves status, headers and body.
ask() {
  local expected="$1"
  shift
  : >"$work/body"
  status="$(curl -sS -u ann: -D "$work/head" -o "$work/body" -w '%{http_code}' "$@")"
  echo "  $status"
  if ! [[ "$status" =~ ^($expected)$ ]]; then
    echo "expected $expected; the answer was:" >&2
    cat -- "$work/head" "$work/body" >&2
    exit 1
  fi
}

header() {
  tr -d '\r' <"$work/head" | grep -i "^$1:" | tail -n 1 | sed 's/^[^:]*: *//' || true
}

has() {
  if ! grep -q -- "$1" "$work/body"; then
    echo "the answer does not say $1:" >&2
    cat -- "$work/body" >&2
    exit 1
  fi
}

parameters() {
  printf '{"resourceType": "Parameters", "parameter": [%s]}' "$1"
}

# kick_off PATH PARAMETERS…: leaves the status URL.
kick_off() {
  ask 202 -X POST -H 'Prefer: respond-async' -H 'Content-Type: application/fhir+json' \
    -H 'Accept: application/fhir+json' "$base$1" -d "$(parameters "$2")"
  url="$(header Content-Location)"
  [[ "$url" == "$base"/* ]] || { echo "no Content-Location" >&2; exit 1; }
  has '"exportId"'
}

# Polls until the export ended: 303 in the specification, 200 in the reference profile.
poll() {
  while true; do
    ask '202|200|303' "$url"
    [[ "$status" == 202 ]] || break
    echo "  $(header X-Progress)"
    sleep "${POLL_SECONDS:-$(header Retry-After)}"
  done
}

view() {
  printf '{"name": "view", "part": [{"name": "viewReference", "valueReference": {"reference": "ViewDefinition/%s"}}, {"name": "tablePath", "valueUrl": "%s"}]}' "$1" "$2"
}

echo "1. Discovery: the CapabilityStatement names the operation"
ask 200 -H 'Accept: application/fhir+json' "$base/metadata"
has 'viewdefinition-export'
echo "   and its OperationDefinition can be read"
ask 200 "$base/OperationDefinition/viewexport-viewdefinition-export"
has '"OperationDefinition"'

echo "2. Kick-off at type level"
kick_off "/ViewDefinition/$operation" "$(view patient-flat "$lake/spec-patient")"
first="$url"
echo "3. Polling $first"
poll
echo "4. The result"
ask 200 "${first/\/status\//\/result\/}"
has '"completed"'
has '"rowCount"'

echo "5. Kick-off at instance level"
kick_off "/ViewDefinition/condition-flat/$operation" \
  "{\"name\": \"tablePath\", \"valueUrl\": \"$lake/spec-condition\"}"
poll
echo "6. Kick-off at system level"
kick_off "/$operation" "$(view observation-flat "$lake/spec-observation")"
echo "7. Cancel"
ask '202|200' -X DELETE "$url"

echo "8. The list of the exports"
ask 200 "$base/ViewDefinition/$operation/status"
has "${first##*/}"
echo "9. Another user does not see it"
ask 404 -u bob: "$first"

echo "10. Refusals: no Parameters, no such view, no such export"
ask 400 -X POST -H 'Content-Type: application/fhir+json' -H 'Prefer: respond-async' \
  "$base/$operation" -d '{"resourceType": '
has '"OperationOutcome"'
ask 404 -X POST -H 'Content-Type: application/fhir+json' -H 'Prefer: respond-async' \
  "$base/$operation" -d "$(parameters "$(view no-such-view "$lake/none")")"
has '"OperationOutcome"'
ask 404 "$base/ViewDefinition/$operation/status/none"
has '"OperationOutcome"'
echo "All as specified."
