# C sources and headers: short functions, banned calls, the clock, comments. Prints FILE:LINE: what is wrong.
# Relies on the formatter: a function's braces stand alone in the first column.

function wrong(what) { print FILENAME ":" FNR ": " what }

# The line without text literals and comments; `in_comment` goes on to the next line.
function code_of(line,    out, i, c, two, quote) {
    out = ""
    quote = ""
    for (i = 1; i <= length(line); i++) {
        c = substr(line, i, 1)
        two = substr(line, i, 2)
        if (in_comment) {
            if (two == "*/") {
                in_comment = 0
                i++
            }
        } else if (quote != "") {
            if (c == "\\")
                i++
            else if (c == quote)
                quote = ""
        } else if (two == "/*") {
            in_comment = 1
            i++
        } else if (two == "//") {
            wrong("comment in // form")
            return out
        } else if (c == "\"" || c == "'") {
            quote = c
            out = out "\"\""
        } else {
            out = out c
        }
    }
    return out
}

function calls(code, names) { return code ~ "(^|[^A-Za-z0-9_])(" names ")[ ]*\\(" }

# The clock module reads the time; the log stamps its lines; http, job and cli hand the time down.
function may_read_clock(path) { return path ~ /^src\/base\/clock\.c$/ }
function may_ask_time(path) { return path ~ /^src\/(base\/(clock|log)\.[ch]$|main\/|http\/|job\/|cli\/)/ }

FNR == 1 {
    in_comment = 0
    head = 0
    body = 0
    if (FILENAME ~ /\.h$/ && FILENAME !~ /\/tbl\// && $0 != "#pragma once")
        wrong("a header begins with #pragma once")
}

{ code = code_of($0) }

calls(code, "strcpy|strcat|sprintf|vsprintf|strtok|atoi|atol|gets|gmtime|localtime|rand|srand") {
    wrong("banned call")
}
code ~ /(^|[^A-Za-z0-9_])goto[^A-Za-z0-9_]/ { wrong("goto") }
FILENAME ~ /^src\// && !may_read_clock(FILENAME) && calls(code, "time|clock_gettime|gettimeofday") {
    wrong("the clock is read in src/base/clock.c only")
}
FILENAME ~ /^src\// && !may_ask_time(FILENAME) && calls(code, "clock_now_ms") {
    wrong("time comes in as a parameter here: ctx->now_ms")
}

# A function's lines are counted from the first line of its head to its closing brace.
code == "{" { body = head > 0 ? head : FNR }
code ~ /^}/ {
    lines = FNR - body + 1
    if (body > 0 && lines > 70)
        wrong("function of " lines " lines; 70 are the most")
    body = 0
    head = 0
    next
}
body == 0 {
    if (code ~ /^[ \t]*$/ || code ~ /^#/ || code ~ /;[ \t]*$/)
        head = 0
    else if (head == 0)
        head = FNR
}
