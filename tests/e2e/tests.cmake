# The browser test. It needs the built pages and a Chromium: without them it is shown as skipped, or fails if CI is
# set.
add_test(NAME e2e.story1 COMMAND /usr/bin/env node --test --test-reporter=spec
    ${CMAKE_SOURCE_DIR}/tests/e2e/story1.test.mjs)
set_tests_properties(e2e.story1 PROPERTIES FIXTURES_REQUIRED tests_packages TIMEOUT 600
    ENVIRONMENT "LIANDONG=$<TARGET_FILE:liandong>;LIANDONG_WEB=${CMAKE_SOURCE_DIR}/build/web"
    SKIP_REGULAR_EXPRESSION "no browser test: ")
