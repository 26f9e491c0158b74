add_executable(story_engine ${CMAKE_SOURCE_DIR}/tests/story/engine.c)
target_include_directories(story_engine PRIVATE ${CMAKE_BINARY_DIR}/include/own/cli
    ${CMAKE_SOURCE_DIR}/tests/lib)
foreach(used base calendar rules store people matter http api job)
    target_include_directories(story_engine PRIVATE ${CMAKE_BINARY_DIR}/include/face/${used})
endforeach()
target_link_libraries(story_engine PRIVATE cli)
set(stories ${CMAKE_SOURCE_DIR}/rulebooks/zengdu-2021)
add_test(NAME story.engine.sqlite COMMAND story_engine sqlite::memory: ${stories})
add_test(NAME story.engine.postgresql
    COMMAND ${CMAKE_SOURCE_DIR}/tests/lib/with-postgres $<TARGET_FILE:story_engine> postgres ${stories})
add_test(NAME rules.check COMMAND liandong rules check ${stories})
add_test(NAME rules.coverage COMMAND liandong rules coverage ${stories})

# The same stories over HTTP. Node.js is looked for in PATH when the test runs.
add_test(NAME tests.packages COMMAND ${CMAKE_SOURCE_DIR}/tests/lib/packages)
set_tests_properties(tests.packages PROPERTIES FIXTURES_SETUP tests_packages)
set(story_http /usr/bin/env node ${CMAKE_SOURCE_DIR}/tests/story/http.mjs ${stories})
add_test(NAME story.http.sqlite COMMAND ${story_http})
add_test(NAME story.http.postgresql COMMAND ${CMAKE_SOURCE_DIR}/tests/lib/with-postgres ${story_http})
set_tests_properties(story.http.sqlite story.http.postgresql PROPERTIES
    FIXTURES_REQUIRED tests_packages TIMEOUT 600)
set_tests_properties(story.http.sqlite PROPERTIES
    ENVIRONMENT "LIANDONG=$<TARGET_FILE:liandong>;LIANDONG_TEST_STORE=sqlite")
set_tests_properties(story.http.postgresql PROPERTIES
    ENVIRONMENT "LIANDONG=$<TARGET_FILE:liandong>;LIANDONG_TEST_STORE=postgres")
