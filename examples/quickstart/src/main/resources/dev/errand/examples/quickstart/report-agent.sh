#!/bin/sh
# An agent without a model: clones the repository that its first argument names and reports on it, as JSON output and as a
# Markdown artifact. Everything it knows of its sandbox comes from ERRAND_* variables.
set -eu

repository=$1
attachments=${ERRAND_ATTACHMENTS_DIR:?} output=${ERRAND_OUTPUT_FILE:?} artifacts=${ERRAND_ARTIFACTS_DIR:?}

say() { printf '%s\n' "$*"; }

# One line of text as a JSON string: no backslash, quote or control character gets through as it is.
json_string() { printf '"%s"' "$(printf '%s' "$1" | LC_ALL=C tr -d '\000-\037\177' | sed -e 's/\\/\\\\/g' -e 's/"/\\"/g')"; }

# Lines of "count name" as a JSON object; at most what the caller let through.
json_counts() {
    printf '{'
    separator=
    while read -r count name; do
        printf '%s%s:%s' "$separator" "$(json_string "$name")" "$count"
        separator=,
    done
    printf '}'
}

say "[1/5] cloning $repository"
# HOME is this sandbox's own, and the repository may belong to someone else.
git config --global --add safe.directory '*'
git clone --quiet --local -- "$repository" clone 2>&1
cd clone
git config core.quotePath false

commits=0 contributors=0 files=0 lines=0 head=none
if git rev-parse --verify --quiet HEAD >/dev/null; then
    say '[2/5] reading the history'
    head=$(git rev-parse --short HEAD)
    commits=$(git rev-list --count HEAD)
    contributors=$(git log --format=%ae | sort -u | wc -l | tr -d ' ')
    say "      $commits commits by $contributors people"

    say '[3/5] counting files and lines'
    files=$(git ls-files | wc -l | tr -d ' ')
    lines=$(git diff --shortstat "$(git hash-object -t tree /dev/null)" HEAD | sed -n 's/.* \([0-9][0-9]*\) insertion.*/\1/p')
    lines=${lines:-0}
    say "      $lines lines in $files files"
else
    say '[2/5] there is no commit yet'
    say '[3/5] nothing to count'
fi

kinds=$(git ls-files | sed 's,.*/,,' | awk -F. 'NF > 1 && $NF != "" { print tolower($NF); next } { print "no extension" }' | sort | uniq -c | sort -rn | head -n 8)
largest=$(git ls-files -z 2>/dev/null | xargs -0 -r ls -ld -- 2>/dev/null | awk '$1 ~ /^-/ { size = $5; $1=$2=$3=$4=$5=$6=$7=$8=""; sub(/^ +/, ""); print size " " $0 }' | sort -rn | head -n 5)

say '[4/5] reading what was attached'
attached=0
for file in "$attachments"/*; do
    [ -f "$file" ] || continue
    attached=$((attached + 1))
    say "      $(basename -- "$file"), $(wc -w <"$file" | tr -d ' ') words"
done

say '[5/5] writing the report'
{
    printf '{"head":%s,"commits":%s,"contributors":%s,"files":%s,"lines":%s,"attachments":%s,"files_by_extension":' \
        "$(json_string "$head")" "$commits" "$contributors" "$files" "$lines" "$attached"
    [ -z "$kinds" ] && printf '{}' || printf '%s\n' "$kinds" | json_counts
    printf '}\n'
} >"$output"

{
    say "# Report on $(basename -- "$repository")"
    say
    say "At commit \`$head\`: $commits commits by $contributors people, $lines lines in $files files."
    say
    say '## Files by extension'
    say
    [ -z "$kinds" ] || printf '%s\n' "$kinds" | while read -r count name; do say "- $name: $count"; done
    say
    say '## Largest files'
    say
    [ -z "$largest" ] || printf '%s\n' "$largest" | while read -r size name; do say "- \`$name\`: $size bytes"; done
    say
    say '## Latest commits'
    say
    [ "$commits" = 0 ] || git log -5 --format='- `%h` %s'
} >"$artifacts/report.md"
say 'done'
