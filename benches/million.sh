#!/usr/bin/env bash
# The reference interpreter against the library on a million pairs of a rule file and a lead, in two halves at the same
# time. By hand, since it takes five minutes and more on two cores:
#
#   bash benches/million.sh              # scenes from number 0 on
#   bash benches/million.sh 30000 5000   # so many pairs, from scene 5000 on
#   PARTS=4 bash benches/million.sh      # on more cores
#
# What differs is printed in its smallest form, and the script fails. The log of a part is `target/million.N.log`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
pairs="${1:-1000000}"
first="${2:-0}"
parts="${PARTS:-2}"
apart=10000000 # between the first scenes of two parts: more scenes than a part goes through
differential=(cargo test --release --package gradus --test gradus)

"${differential[@]}" --no-run
rm -f target/million.*.log
start=$(date +%s)
running=()
for ((part = 0; part < parts; part++)); do
    GRADUS_PAIRS=$(((pairs + parts - 1) / parts)) GRADUS_FIRST=$((first + part * apart)) \
        "${differential[@]}" --quiet -- --nocapture --exact differential::numbered_scenes \
        >"target/million.$part.log" 2>&1 &
    running+=($!)
done
failed=0
for part in "${!running[@]}"; do
    if ! wait "${running[$part]}"; then
        failed=1
        cat "target/million.$part.log"
    fi
    grep -Eo '[0-9]+ pairs up to scene [0-9]+' "target/million.$part.log" || failed=1
done
total=$(grep -Eoh '[0-9]+ pairs up to scene' target/million.*.log | awk '{ sum += $1 } END { print sum + 0 }')
echo "$total pairs in $(($(date +%s) - start)) s"
if [ "$failed" = 1 ] || [ "$total" -lt "$pairs" ]; then
    echo "FAILED: see target/million.*.log" >&2
    exit 1
fi
echo "reference and library agree on all of them"
