add_executable(liandong ${CMAKE_SOURCE_DIR}/src/main/main.c)
target_include_directories(liandong PRIVATE ${CMAKE_BINARY_DIR}/include/face/cli
    ${CMAKE_BINARY_DIR}/include/face/base)
target_link_libraries(liandong PRIVATE cli)
# It starts the other program for each paper.
add_dependencies(liandong liandong-typeset)
