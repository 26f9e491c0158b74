add_executable(story_engine ${CMAKE_SOURCE_DIR}/tests/story/engine.c ${CMAKE_SOURCE_DIR}/tests/story/play.c
    ${CMAKE_SOURCE_DIR}/tests/story/refusals.c
    ${CMAKE_SOURCE_DIR}/tests/story/set_papers.c)
target_include_directories(story_engine PRIVATE ${CMAKE_BINARY_DIR}/include/own/cli
    ${CMAKE_SOURCE_DIR}/tests/lib ${CMAKE_SOURCE_DIR}/tests/story)
foreach(used base calendar rules store people matter http document api job)
    target_include_directories(story_engine PRIVATE ${CMAKE_BINARY_DIR}/include/face/${used})
endforeach()
target_link_libraries(story_engine PRIVATE cli)
set(stories ${CMAKE_SOURCE_DIR}/rulebooks/zengdu-2021)
add_test(NAME story.engine.sqlite COMMAND story_engine sqlite::memory: ${stories})
add_test(NAME story.engine.postgresql
    COMMAND ${CMAKE_SOURCE_DIR}/tests/lib/with-postgres $<TARGET_FILE:story_engine> postgres ${stories})
# A small rulebook for the words of the format, apart from what the shipped one happens to use.
set(words ${CMAKE_SOURCE_DIR}/tests/story/words)
add_test(NAME story.words.sqlite COMMAND story_engine sqlite::memory: ${words})
add_test(NAME story.words.postgresql
    COMMAND ${CMAKE_SOURCE_DIR}/tests/lib/with-postgres $<TARGET_FILE:story_engine> postgres ${words})
add_test(NAME rules.check.words COMMAND liandong rules check ${words})
add_test(NAME rules.check COMMAND liandong rules check ${stories})
add_test(NAME rules.coverage COMMAND liandong rules coverage ${stories})
add_test(NAME rules.readme COMMAND ${CMAKE_SOURCE_DIR}/tools/readme --check $<TARGET_FILE:liandong>)

# Random walks over every procedure: fixed seeds, 10,000 of them, in parts that run side by side.
add_executable(story_walk ${CMAKE_SOURCE_DIR}/tests/story/walk.c
    ${CMAKE_SOURCE_DIR}/tests/story/walk_act.c ${CMAKE_SOURCE_DIR}/tests/story/play.c
    ${CMAKE_SOURCE_DIR}/tests/story/walk_facts.c ${CMAKE_SOURCE_DIR}/tests/story/walk_story.c
    ${CMAKE_SOURCE_DIR}/tests/story/walk_check.c)
target_include_directories(story_walk PRIVATE ${CMAKE_BINARY_DIR}/include/own/cli
    ${CMAKE_BINARY_DIR}/include/own/matter ${CMAKE_SOURCE_DIR}/tests/lib ${CMAKE_SOURCE_DIR}/tests/story)
foreach(used base calendar rules store people http api job)
    target_include_directories(story_walk PRIVATE ${CMAKE_BINARY_DIR}/include/face/${used})
endforeach()
target_link_libraries(story_walk PRIVATE cli)
# Sanitizers take several times as long.
set(walks 2500)
if(CMAKE_C_FLAGS MATCHES "sanitize")
    set(walks 300)
endif()
foreach(part 0 1 2 3)
    math(EXPR seed "${part} * 2500 + 1")
    add_test(NAME story.walk.sqlite.${part} COMMAND story_walk sqlite::memory: ${stories} ${seed} ${walks})
endforeach()
add_test(NAME story.walk.postgresql
    COMMAND ${CMAKE_SOURCE_DIR}/tests/lib/with-postgres $<TARGET_FILE:story_walk> postgres ${stories} 1 300)

# The same stories over HTTP. Node.js is looked for in PATH when the test runs.
add_test(NAME tests.packages COMMAND ${CMAKE_SOURCE_DIR}/tests/lib/packages)
set_tests_properties(tests.packages PROPERTIES FIXTURES_SETUP tests_packages)
set(story_http /usr/bin/env node ${CMAKE_SOURCE_DIR}/tests/story/http.mjs ${stories})
add_test(NAME story.http.sqlite COMMAND ${story_http})
add_test(NAME story.http.postgresql COMMAND ${CMAKE_SOURCE_DIR}/tests/lib/with-postgres ${story_http})
set_tests_properties(story.http.sqlite story.http.postgresql PROPERTIES
    FIXTURES_REQUIRED tests_packages TIMEOUT 600)
add_test(NAME story.http.words
    COMMAND /usr/bin/env node ${CMAKE_SOURCE_DIR}/tests/story/http.mjs ${words})
set_tests_properties(story.http.words PROPERTIES FIXTURES_REQUIRED tests_packages TIMEOUT 600
    ENVIRONMENT "LIANDONG=$<TARGET_FILE:liandong>;LIANDONG_TEST_STORE=sqlite")
set_tests_properties(story.http.sqlite PROPERTIES
    ENVIRONMENT "LIANDONG=$<TARGET_FILE:liandong>;LIANDONG_TEST_STORE=sqlite")
set_tests_properties(story.http.postgresql PROPERTIES
    ENVIRONMENT "LIANDONG=$<TARGET_FILE:liandong>;LIANDONG_TEST_STORE=postgres")
