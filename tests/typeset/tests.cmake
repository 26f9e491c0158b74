# Official papers: the pool of workers, the layout measured on operations and on rendered pages.
set(typeset_dir ${CMAKE_SOURCE_DIR}/tests/typeset)

# A worker that crashes, hangs or talks nonsense when the content says so.
add_executable(typeset_bad ${typeset_dir}/bad.c)
target_include_directories(typeset_bad PRIVATE ${CMAKE_BINARY_DIR}/include/face/base
    ${CMAKE_BINARY_DIR}/include/face/document)
add_executable(typeset_pool ${typeset_dir}/pool.c)
target_include_directories(typeset_pool PRIVATE ${CMAKE_BINARY_DIR}/include/own/document
    ${CMAKE_BINARY_DIR}/include/face/base ${CMAKE_SOURCE_DIR}/tests/unit)
target_link_libraries(typeset_pool PRIVATE document base cmocka)
add_dependencies(typeset_pool typeset_bad liandong-typeset)
add_test(NAME typeset.pool COMMAND typeset_pool $<TARGET_FILE:liandong-typeset>
    $<TARGET_FILE:typeset_bad>)

add_executable(typeset_fonts ${typeset_dir}/fonts.c)
target_include_directories(typeset_fonts PRIVATE ${CMAKE_BINARY_DIR}/include/own/typeset
    ${CMAKE_BINARY_DIR}/include/face/base ${CMAKE_BINARY_DIR}/include/face/document
    ${CMAKE_SOURCE_DIR}/tests/unit)
target_link_libraries(typeset_fonts PRIVATE typeset document base cmocka)
target_compile_definitions(typeset_fonts PRIVATE SOURCE_DIR="${CMAKE_SOURCE_DIR}")
add_test(NAME typeset.fonts COMMAND typeset_fonts)

# Measured with poppler, scanned with zbar, read by Node.js.
foreach(name layout file)
    add_test(NAME typeset.${name} COMMAND /usr/bin/env TYPESET=$<TARGET_FILE:liandong-typeset>
        node --test ${typeset_dir}/${name}.test.mjs)
    set_tests_properties(typeset.${name} PROPERTIES TIMEOUT 600)
endforeach()
