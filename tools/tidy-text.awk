# Every text file: no trailing blanks, a last newline is checked by tools/tidy, nothing that belongs to
# one machine, no unnumbered reminders, and lines that fit. Prints FILE:LINE: what is wrong.

function wrong(what) { print FILENAME ":" FNR ": " what }

# Characters, not bytes.
function characters(line,    rest) {
    rest = line
    gsub(/[\200-\277]/, "", rest)
    return length(rest)
}

FNR == 1 {
    limit = 0
    if (FILENAME ~ /\/tbl\//)
        limit = 160 # A table has one row a line.
    else if (FILENAME ~ /\.[ch]$/)
        limit = 100
    else if (FILENAME ~ /\.(ts|vue|mjs|css|cmake|awk)$/ || FILENAME ~ /^(script|tools|packaging|[.]ci)\/[^.]*$/)
        limit = 120
}

/[ \t]$/ { wrong("trailing blank") }
/\r$/ { wrong("carriage return") }
/\t/ && FILENAME ~ /\.(c|h|ts|vue|mjs|yaml|css)$/ { wrong("tab") }
limit > 0 && length($0) > limit && characters($0) > limit { wrong("line over " limit " characters") }
/\/(root|home|work|Users)\/[A-Za-z]/ { wrong("path of one machine") }
/(registry[.]npm|np[m]mirror|deb[.]debian|[a-z][.]debian[.]org\/debian|yar[n]pkg)/ {
    wrong("host of a package registry")
}
/(TODO|FIXME)/ && !/(TODO|FIXME)\(#[0-9]+\)/ && FILENAME !~ /^tools\/tidy/ {
    wrong("a reminder needs its number: TODO" "(#1)")
}
