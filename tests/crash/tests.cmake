# kill -9 under load, bounded; the seed is printed and can be given as CRASH_SEED.
set(crash /usr/bin/env node ${CMAKE_SOURCE_DIR}/tests/crash/crash.mjs)
add_test(NAME crash.sqlite COMMAND ${crash})
add_test(NAME crash.postgresql COMMAND ${CMAKE_SOURCE_DIR}/tests/lib/with-postgres ${crash})
set_tests_properties(crash.sqlite crash.postgresql PROPERTIES TIMEOUT 300)
set_tests_properties(crash.sqlite PROPERTIES
    ENVIRONMENT "LIANDONG=$<TARGET_FILE:liandong>;LIANDONG_TEST_STORE=sqlite")
set_tests_properties(crash.postgresql PROPERTIES
    ENVIRONMENT "LIANDONG=$<TARGET_FILE:liandong>;LIANDONG_TEST_STORE=postgres")
