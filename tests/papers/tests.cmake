# Papers below HTTP: numbers, rights, setting, failing. One program, run against each database.
add_executable(papers ${CMAKE_CURRENT_LIST_DIR}/papers.c ${CMAKE_CURRENT_LIST_DIR}/district.c)
target_include_directories(papers PRIVATE ${CMAKE_BINARY_DIR}/include/own/cli
    ${CMAKE_SOURCE_DIR}/tests/lib ${CMAKE_CURRENT_LIST_DIR})
foreach(used base calendar rules store people matter http document api job)
    target_include_directories(papers PRIVATE ${CMAKE_BINARY_DIR}/include/face/${used})
endforeach()
target_link_libraries(papers PRIVATE cli cmocka)
add_test(NAME papers.sqlite COMMAND papers sqlite ${CMAKE_SOURCE_DIR}/rulebooks/zengdu-2021)
add_test(NAME papers.postgresql COMMAND ${CMAKE_SOURCE_DIR}/tests/lib/with-postgres $<TARGET_FILE:papers>
    postgres ${CMAKE_SOURCE_DIR}/rulebooks/zengdu-2021)
set_tests_properties(papers.sqlite papers.postgresql PROPERTIES TIMEOUT 300)
