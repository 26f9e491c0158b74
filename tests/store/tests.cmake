# The contract of the store: one program, run against each database.
file(GLOB contract_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.c)
add_executable(store_contract ${contract_sources})
target_include_directories(store_contract PRIVATE ${CMAKE_BINARY_DIR}/include/own/store
    ${CMAKE_BINARY_DIR}/include/face/base ${CMAKE_CURRENT_LIST_DIR} ${CMAKE_SOURCE_DIR}/tests/lib)
target_link_libraries(store_contract PRIVATE store base cmocka)
target_compile_definitions(store_contract PRIVATE SOURCE_DIR="${CMAKE_SOURCE_DIR}")
add_test(NAME store.contract.memory COMMAND store_contract sqlite::memory:)
add_test(NAME store.contract.file COMMAND store_contract sqlite:file)
add_test(NAME store.contract.postgresql
    COMMAND ${CMAKE_SOURCE_DIR}/tests/lib/with-postgres $<TARGET_FILE:store_contract> postgres)
set_tests_properties(store.contract.memory store.contract.file store.contract.postgresql
    PROPERTIES TIMEOUT 300)
