# The browser tests. They need the built pages and a Chromium: without them they are shown as skipped, or fail if CI is
# set.
foreach(name story1 papers figures meeting)
    add_test(NAME e2e.${name} COMMAND /usr/bin/env node --test --test-reporter=spec
        ${CMAKE_SOURCE_DIR}/tests/e2e/${name}.test.mjs)
    set_tests_properties(e2e.${name} PROPERTIES FIXTURES_REQUIRED tests_packages TIMEOUT 600
        ENVIRONMENT "LIANDONG=$<TARGET_FILE:liandong>;LIANDONG_WEB=${CMAKE_SOURCE_DIR}/build/web"
        SKIP_REGULAR_EXPRESSION "no browser test: ")
endforeach()
