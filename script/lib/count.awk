# Counts single tests in CTest's JUnit file: prints "PASSED FAILED SKIPPED".
# A program that counts its own tests, by cmocka, Node.js' runner or our last line "N passed, N failed",
# adds its counts; any other program is one test. A program that failed adds at least one failure.

function begin_program(line) {
    passed = failed = skipped = 0
    own_passed = own_failed = own_skipped = 0
    counted = own = 0
    verdict = "failed"
    if (line ~ /status="run"/)
        verdict = "passed"
    else if (line ~ /status="disabled"/)
        verdict = "skipped"
}

function end_program() {
    if (own) {
        passed = own_passed
        failed = own_failed
        skipped = own_skipped
    }
    if (verdict == "failed" && failed == 0)
        failed = 1
    else if (verdict == "skipped" && skipped == 0)
        skipped = 1
    else if (verdict == "passed" && !counted && !own)
        passed = 1
    total_passed += passed
    total_failed += failed
    total_skipped += skipped
}

/<testcase / { begin_program($0) }
/<skipped message="SKIP_/ { verdict = "skipped" }
{ sub(/^[ \t]*<system-out>/, "") }

# cmocka; in Debian 13 with the name of the group before the number.
/^\[  (PASSED  |FAILED  |SKIPPED )\] (.*: )?[0-9]+ test\(s\)/ {
    counted = 1
    match($0, /[0-9]+ test\(s\)/)
    number = substr($0, RSTART)
    if ($2 ~ /PASSED/)
        passed += number + 0
    else if ($2 ~ /FAILED/)
        failed += number + 0
    else
        skipped += number + 0
}

# Node.js: "# pass 3" in the older form, with a mark for # in the newer one.
/^[^ ]+ (pass|fail|cancelled|skipped) [0-9]+$/ {
    counted = 1
    if ($2 == "pass")
        passed += $3
    else if ($2 == "skipped")
        skipped += $3
    else
        failed += $3
}

/^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$/ {
    own = 1
    own_passed += $1
    own_failed += $3
    own_skipped += $5
}

/<\/testcase>/ { end_program() }

END { print total_passed + 0, total_failed + 0, total_skipped + 0 }
