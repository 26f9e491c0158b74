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
