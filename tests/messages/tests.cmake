# Reminders, mail, calendars: through the engine, on both databases. One database server for each program's run.
foreach(name remind recount mail backwards)
    add_executable(messages_${name} ${CMAKE_CURRENT_LIST_DIR}/${name}.c)
    target_include_directories(messages_${name} PRIVATE ${CMAKE_BINARY_DIR}/include/own/cli
        ${CMAKE_BINARY_DIR}/include/own/job ${CMAKE_SOURCE_DIR}/tests/lib ${CMAKE_SOURCE_DIR}/tests/unit)
    foreach(used base calendar rules store people matter http api)
        target_include_directories(messages_${name} PRIVATE ${CMAKE_BINARY_DIR}/include/face/${used})
    endforeach()
    target_link_libraries(messages_${name} PRIVATE cli cmocka PkgConfig::jansson)
    target_compile_definitions(messages_${name} PRIVATE SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    add_test(NAME messages.${name}.sqlite COMMAND messages_${name} sqlite::memory:
        WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    add_test(NAME messages.${name}.postgresql COMMAND ${CMAKE_SOURCE_DIR}/tests/lib/with-postgres
        $<TARGET_FILE:messages_${name}> postgres WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    set_tests_properties(messages.${name}.sqlite messages.${name}.postgresql PROPERTIES TIMEOUT 300
        SKIP_RETURN_CODE 77)
endforeach()

# Over HTTP: lists, settings, the calendar feed (read back by libical), a calendar loaded while the server runs.
add_executable(ical_check ${CMAKE_CURRENT_LIST_DIR}/ical_check.c)
target_link_libraries(ical_check PRIVATE PkgConfig::libical)
set(messages_http /usr/bin/env LIANDONG=$<TARGET_FILE:liandong> ICAL_CHECK=$<TARGET_FILE:ical_check>)
add_test(NAME messages.http.sqlite COMMAND ${messages_http} LIANDONG_TEST_STORE=sqlite
    node --test ${CMAKE_CURRENT_LIST_DIR}/messages.test.mjs)
add_test(NAME messages.http.postgresql COMMAND ${CMAKE_SOURCE_DIR}/tests/lib/with-postgres ${messages_http}
    LIANDONG_TEST_STORE=postgres node --test ${CMAKE_CURRENT_LIST_DIR}/messages.test.mjs)
set_tests_properties(messages.http.sqlite messages.http.postgresql PROPERTIES TIMEOUT 600)
add_test(NAME messages.crash.sqlite COMMAND ${messages_http} LIANDONG_TEST_STORE=sqlite
    node --test ${CMAKE_CURRENT_LIST_DIR}/crash.test.mjs)
add_test(NAME messages.crash.postgresql COMMAND ${CMAKE_SOURCE_DIR}/tests/lib/with-postgres ${messages_http}
    LIANDONG_TEST_STORE=postgres node --test ${CMAKE_CURRENT_LIST_DIR}/crash.test.mjs)
set_tests_properties(messages.crash.sqlite messages.crash.postgresql PROPERTIES TIMEOUT 600)
