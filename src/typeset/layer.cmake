layer(typeset USES base document FACE typeset.h LIBS PkgConfig::jansson PkgConfig::zlib
    PkgConfig::harfbuzz-subset PkgConfig::freetype2 PkgConfig::libqrencode)
# The program that the pool of `document` starts; the server itself links none of these libraries.
add_executable(liandong-typeset ${CMAKE_SOURCE_DIR}/src/typeset/program/main.c)
target_include_directories(liandong-typeset PRIVATE ${CMAKE_BINARY_DIR}/include/face/typeset
    ${CMAKE_BINARY_DIR}/include/face/document ${CMAKE_BINARY_DIR}/include/face/base)
target_link_libraries(liandong-typeset PRIVATE typeset)
