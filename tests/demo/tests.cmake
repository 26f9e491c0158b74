# The demonstration district: played at fixed days, looked at from all sides, and played again.
add_executable(demo_year ${CMAKE_SOURCE_DIR}/tests/demo/year.c ${CMAKE_SOURCE_DIR}/tests/demo/look.c)
target_include_directories(demo_year PRIVATE ${CMAKE_BINARY_DIR}/include/own/cli
    ${CMAKE_SOURCE_DIR}/tests/lib ${CMAKE_SOURCE_DIR}/tests/demo)
foreach(used base calendar rules store people matter http api job)
    target_include_directories(demo_year PRIVATE ${CMAKE_BINARY_DIR}/include/face/${used})
endforeach()
target_link_libraries(demo_year PRIVATE cli)
# A working day's evening, a Monday's early morning, a Sunday, the middle of the National Day holiday.
add_test(NAME demo.sqlite COMMAND demo_year sqlite
    2026-06-30T18:00 2026-11-23T06:30 2026-03-15T12:00 2025-10-05T10:00)
add_test(NAME demo.postgresql
    COMMAND ${CMAKE_SOURCE_DIR}/tests/lib/with-postgres $<TARGET_FILE:demo_year> postgres 2026-06-30T18:00)

# The figures of that year: counted again, spoilt, mended.
add_executable(demo_recount ${CMAKE_SOURCE_DIR}/tests/demo/recount.c)
target_include_directories(demo_recount PRIVATE ${CMAKE_BINARY_DIR}/include/own/cli ${CMAKE_SOURCE_DIR}/tests/lib)
foreach(used base calendar rules store people matter http api job)
    target_include_directories(demo_recount PRIVATE ${CMAKE_BINARY_DIR}/include/face/${used})
endforeach()
target_link_libraries(demo_recount PRIVATE cli)
add_test(NAME demo.recount.sqlite COMMAND demo_recount sqlite 2026-06-30T18:00)
add_test(NAME demo.recount.postgresql
    COMMAND ${CMAKE_SOURCE_DIR}/tests/lib/with-postgres $<TARGET_FILE:demo_recount> postgres 2026-06-30T18:00)
