# The HTTP surface, asked from outside: hostile input, access, concurrency. Node.js without packages, looked
# for in PATH when the test runs. Each file starts servers of its own.
set(http_files attack figures editions papers demo password lists guard input upload slow access
    throttle concurrency feed download lent surface stop visible)
set(http_files_postgresql attack attack_processes figures editions papers input access concurrency feed stop)
foreach(name ${http_files})
    add_test(NAME http.${name} COMMAND /usr/bin/env LIANDONG=$<TARGET_FILE:liandong> LIANDONG_TEST_STORE=sqlite
        node ${CMAKE_CURRENT_LIST_DIR}/${name}.test.mjs)
    set_tests_properties(http.${name} PROPERTIES TIMEOUT 600 LABELS http)
endforeach()
foreach(name ${http_files_postgresql})
    list(APPEND http_paths_postgresql ${CMAKE_CURRENT_LIST_DIR}/${name}.test.mjs)
endforeach()
# One database server for all of them.
add_test(NAME http.postgresql COMMAND ${CMAKE_SOURCE_DIR}/tests/lib/with-postgres
    /usr/bin/env LIANDONG=$<TARGET_FILE:liandong> LIANDONG_TEST_STORE=postgres
    node --test --test-concurrency=1 ${http_paths_postgresql})
set_tests_properties(http.postgresql PROPERTIES TIMEOUT 1200 LABELS http)
