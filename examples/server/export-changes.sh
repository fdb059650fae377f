#!/usr/bin/env bash
# Exports what changed in a view since the last run of this script, to be run by a schedule (cron, a Kubernetes CronJob):
#   examples/server/export-changes.sh http://127.0.0.1:8080/fhir patient-flat /path/of/its/lake/patient since.patient
# The last argument is a file of this script's own, one for each view and table: the _since of the next run. It is written
# after an export that was completed, as a whole. Where there is none, all rows are exported.
# Ends with 0 where the export was completed, 1 where it failed (the next run begins where this one did), 2 on wrong usage.
set -euo pipefail

if [[ $# -ne 4 ]]; then
  echo "usage: export-changes.sh BASE-URL VIEW-DEFINITION TABLE SINCE-FILE" >&2
  exit 2
fi
base="${1%/}"
view="$2"
table="$3"
file="$4"
if [[ "$view$table" == *[\"\\]* ]]; then
  echo "VIEW-DEFINITION and TABLE hold no quotation marks and no backslashes" >&2
  exit 2
fi
patience="${PATIENCE_SECONDS:-3600}"
work="$(mktemp -d)"
trap 'rm -rf -- "$work"' EXIT

fail() {
  echo "$1; the next run begins where this one did." >&2
  exit 1
}

# ask CURL-ARGUMENTS…: leaves status, headers and body. Goes on where the server is away or busy: each request may be repeated.
ask() {
  while true; do
    : >"$work/body"
    : >"$work/head"
    status="$(curl -sS --max-time 60 -u "${EXPORT_USER:-ann}:" -D "$work/head" -o "$work/body" -w '%{http_code}' "$@" 2>"$work/trouble")" || status=000
    case "$status" in
      000 | 429 | 502 | 503 | 504) pause ;;
      *) return ;;
    esac
  done
}

header() {
  tr -d '\r' <"$work/head" | grep -i "^$1:" | tail -n 1 | sed 's/^[^:]*: *//' || true
}

pause() {
  ((SECONDS < patience)) || fail "Not at its end after $patience s (last answer: $status)"
  local wait
  wait="$(header Retry-After)"
  sleep "${POLL_SECONDS:-${wait:-5}}"
}

# first NAME TYPE: the value of the first parameter of that name.
first() {
  grep -o "\"name\":\"$1\",\"value$2\":\"[^\"]*\"" "$work/body" | head -n 1 | sed 's/.*:"//; s/"$//' || true
}

# The same key and body while an earlier run's export is still going on: it is found again, not begun twice.
since=''
if [[ -s "$file" ]]; then
  since="$(head -n 1 -- "$file")"
  [[ "$since" =~ ^[0-9]{4}-[0-9-]+T[0-9:.]+Z$ ]] || fail "$file holds no time"
fi
parameters="{\"name\":\"tablePath\",\"valueUrl\":\"$table\"},{\"name\":\"mergeMode\",\"valueCode\":\"upsert\"}"
if [[ -n "$since" ]]; then
  parameters+=",{\"name\":\"_since\",\"valueInstant\":\"$since\"}"
fi
key="changes-$(printf '%s\n' "$view" "$table" "$since" | cksum | tr -dc '0-9')"

ask -X POST "$base/ViewDefinition/$view/\$viewdefinition-export" \
  -H 'Prefer: respond-async' -H 'Content-Type: application/fhir+json' -H "Idempotency-Key: $key" \
  -d "{\"resourceType\":\"Parameters\",\"parameter\":[$parameters]}"
if [[ "$status" != 202 ]]; then
  cat -- "$work/body" >&2
  echo >&2
  fail "Refused with $status"
fi
url="$(header Content-Location)"
echo "Exporting $view since ${since:-the beginning}: $url"

ask "$url"
while [[ "$status" == 202 ]]; do
  echo "  $(header X-Progress)"
  pause
  ask "$url"
done
if [[ "$status" == 303 ]]; then
  ask "$(header Location)"
fi
if [[ "$status" != 200 || "$(first status Code)" != completed ]]; then
  cat -- "$work/body" >&2
  echo >&2
  fail "Not completed ($status)"
fi

next="$(first nextSince Instant)"
if [[ -n "$next" ]]; then
  printf '%s\n' "$next" >"$file.new"
  mv -f -- "$file.new" "$file"
  echo "Completed; the next run begins at $next"
else
  # The overlap costs time, never rows: an upsert takes a row twice without harm.
  why="$(sed -n 's/.*"nextSinceWithheld","part":\[{"name":"code","valueCode":"\([^"]*\)".*/\1/p' "$work/body")"
  echo "Completed; where the next run has to begin can't be known ($why), so it begins where this one did"
fi
