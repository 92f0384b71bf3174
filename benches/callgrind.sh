#!/usr/bin/env bash
# Instructions instead of time: runs one station of `stations` under callgrind for as long as criterion's quick profile
# takes, and prints where they went. By hand, since it needs valgrind: `bash benches/callgrind.sh evaluate/medium`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
station="${1:-evaluate/medium}"
if ! command -v valgrind >/dev/null 2>&1; then
    echo "needs valgrind: apt-get install valgrind" >&2
    exit 1
fi
CARGO_PROFILE_BENCH_DEBUG=line-tables-only cargo bench --bench stations --no-run
bench="$(find target/release/deps -maxdepth 1 -name 'stations-*' -type f -perm -u+x -printf '%T@ %p\n' | sort -n | tail -1 | cut -d' ' -f2)"
out="target/callgrind.$$.out"
valgrind --tool=callgrind --callgrind-out-file="$out" "$bench" --bench --profile-time 1 "$station"
callgrind_annotate --auto=no "$out" | head -60
