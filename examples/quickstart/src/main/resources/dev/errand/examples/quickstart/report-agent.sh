#!/bin/sh
# An agent without a model: clones a git repository and reports on it, as JSON output and as a
# Markdown artifact. It needs git and a POSIX shell, no network, and knows its sandbox from
# ERRAND_* variables.
#
#   report-agent.sh REPOSITORY
#
# Names may contain any character, so they are collected as one fact per line, "kind TAB number TAB
# text", and quoted at the end, where the JSON is written.
set -eu

LC_ALL=C
export LC_ALL
tab=$(printf '\t')
facts=$TMPDIR/facts
: > "$facts"

say() {
    printf '%s\n' "$*"
}

# fact KIND NUMBER [TEXT]
fact() {
    printf '%s\t%s\t%s\n' "$1" "$2" "${3-}" >> "$facts"
}

# facts KIND: the same from lines of "number TAB text"
facts() {
    sed "s/^/$1$tab/" >> "$facts"
}

lines_of() {
    echo $(($(wc -l < "$1")))
}

say "asked to: $(head -n 1)"

# HOME belongs to this sandbox, so the setting affects nothing else. Git would reject a repository
# that belongs to another user.
git config --global --add safe.directory '*'

say "[1/5] cloning $1"
git clone --quiet --no-checkout -- "$1" repository
cd repository
fact repository 0 "$(printf '%s' "$(basename "$1")" | tr '\n' ' ')"
if [ "$(git rev-parse --is-shallow-repository)" = true ]; then
    fact shallow 1
fi

if head=$(git rev-parse --quiet --verify --short HEAD); then
    fact head 0 "$head"
    say "[2/5] reading the history"
    commits=$(git rev-list --count HEAD)
    fact commits "$commits"
    git shortlog --summary --numbered HEAD | sed 's/^ *//' > "$TMPDIR/contributors"
    contributors=$(lines_of "$TMPDIR/contributors")
    fact contributors "$contributors"
    say "      $commits commits by $contributors people"
    head -n 5 "$TMPDIR/contributors" | facts contributor
    git log -n 5 --format='0%x09%s' HEAD | facts subject

    say "[3/5] counting files"
    # "size TAB path"; a line break inside a name is encoded as \001 until the end.
    git ls-tree -r -l -z HEAD | tr '\n\000' '\001\n' |
        awk '$2 == "blob" { print $4 "\t" substr($0, index($0, "\t") + 1) }' > "$TMPDIR/files"
    files=$(lines_of "$TMPDIR/files")
    fact files "$files"
    fact bytes "$(awk '{ sum += $1 } END { printf "%.0f", sum }' "$TMPDIR/files")"
    sort -rn "$TMPDIR/files" | head -n 5 | facts largest
    awk '{
            name = substr($0, index($0, "\t") + 1)
            sub(/.*\//, "", name)
            extension = match(name, /.\.[^.]*$/) ? tolower(substr(name, RSTART + 2)) : ""
            count[extension == "" ? "(none)" : extension]++
        }
        END { for (extension in count) print count[extension] "\t" extension }' "$TMPDIR/files" |
        sort -rn | head -n 10 | facts extension

    { git grep -I -h -c -e '' HEAD || :; } > "$TMPDIR/lines"
    lines=$(awk '{ sum += $1 } END { printf "%.0f", sum }' "$TMPDIR/lines")
    fact lines "$lines"
    say "      $lines lines in $files files"
else
    say "[2/5] there is no commit yet"
    say "[3/5] nothing to count"
fi

say "[4/5] reading what was attached"
for file in "$ERRAND_ATTACHMENTS_DIR"/*; do
    if [ -f "$file" ]; then
        lines=$(lines_of "$file")
        say "      $(basename "$file"), $lines lines"
        fact attachment "$lines" "$(basename "$file")"
    fi
done

say "[5/5] writing the report"
cat > "$TMPDIR/facts.awk" <<'AWK'
BEGIN {
    FS = "\t"
    for (i = 1; i < 32; i++) {
        escape[sprintf("%c", i)] = sprintf("\\u%04x", i)
    }
    escape["\001"] = "\\n"
    escape["\t"] = "\\t"
    escape["\""] = "\\\""
    escape["\\"] = "\\\\"
}

# Each line becomes kind, number and text, for the rules of the file behind this one.
{
    kind = $1
    number = $2
    text = substr($0, length(kind) + length(number) + 3)
    total[kind] = number
}

function quoted(text,    i, c, result) {
    for (i = 1; i <= length(text); i++) {
        c = substr(text, i, 1)
        result = result ((c in escape) ? escape[c] : c)
    }
    return "\"" result "\""
}

function add(item, between) {
    items[kind] = items[kind] (items[kind] == "" ? "" : between) item
}
AWK

cat > "$TMPDIR/json.awk" <<'AWK'
BEGIN { head = "null" }
kind == "repository" { name = quoted(text) }
kind == "head" { head = quoted(text) }
kind == "extension" { add(quoted(text) ": " number, ", ") }
kind == "largest" { add("{\"path\": " quoted(text) ", \"bytes\": " number "}", ", ") }
kind == "contributor" { add("{\"name\": " quoted(text) ", \"commits\": " number "}", ", ") }
kind == "subject" { add(quoted(text), ", ") }
kind == "attachment" { add("{\"name\": " quoted(text) ", \"lines\": " number "}", ", ") }

function count(kind) {
    return "\"" kind "\": " (kind in total ? total[kind] : 0)
}

END {
    print "{\"repository\": " name ", \"head\": " head ","
    print " \"shallow\": " ("shallow" in total ? "true" : "false") ","
    print " " count("commits") ", " count("contributors") ","
    print " " count("files") ", " count("bytes") ", " count("lines") ","
    print " \"files_by_extension\": {" items["extension"] "},"
    print " \"largest_files\": [" items["largest"] "],"
    print " \"top_contributors\": [" items["contributor"] "],"
    print " \"last_subjects\": [" items["subject"] "],"
    print " \"attachments\": [" items["attachment"] "]}"
}
AWK

cat > "$TMPDIR/markdown.awk" <<'AWK'
{ gsub(/\001/, " ", text) }
kind == "repository" { name = text }
kind ~ /^(extension|largest|contributor)$/ { add("| " text " | " number " |", "\n") }
kind == "subject" { add("- " text, "\n") }
kind == "attachment" { add("- " text ", " number " lines", "\n") }

function section(title, head, kind) {
    if (kind in items) {
        print "\n## " title "\n"
        print head items[kind]
    }
}

function table(title, what, unit, kind) {
    section(title, "| " what " | " unit " |\n|---|---:|\n", kind)
}

END {
    print "# Report on " name "\n"
    if (total["commits"] + 0 == 0) {
        print "There is no commit yet."
    } else {
        print total["commits"] " commits by " total["contributors"] " people; " \
            total["files"] " files with " total["bytes"] " bytes and " total["lines"] " lines."
        if ("shallow" in total) {
            print "\nThe repository is shallow: what came before is not counted."
        }
    }
    table("Files by extension", "extension", "files", "extension")
    table("Largest files", "file", "bytes", "largest")
    table("Top contributors", "contributor", "commits", "contributor")
    section("Last subjects", "", "subject")
    section("Attachments", "", "attachment")
}
AWK

awk -f "$TMPDIR/facts.awk" -f "$TMPDIR/json.awk" "$facts" > "$ERRAND_OUTPUT_FILE"
awk -f "$TMPDIR/facts.awk" -f "$TMPDIR/markdown.awk" "$facts" > "$ERRAND_ARTIFACTS_DIR/report.md"
say "done"
