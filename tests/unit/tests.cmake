# Unit tests, file for file. Each layer's list lies beside its tests: LAYER.cmake.
file(GLOB unit_lists CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/unit_*.cmake)
foreach(unit_list ${unit_lists})
    include(${unit_list})
endforeach()
