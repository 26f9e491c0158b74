# What checks the repository instead of the program.
set(tidy_folder ${CMAKE_CURRENT_LIST_DIR})
add_test(NAME tidy.repository COMMAND ${CMAKE_SOURCE_DIR}/tools/tidy)
add_test(NAME tidy.mistakes COMMAND ${tidy_folder}/mistakes)
add_test(NAME tidy.counting COMMAND ${tidy_folder}/counting)

# The types of the pages; script/test has installed the web tool chain.
add_test(NAME web.types COMMAND sh -c "test -d node_modules || exit 77; npm run --silent check"
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}/web)
set_tests_properties(web.types PROPERTIES SKIP_RETURN_CODE 77)

add_test(NAME packaging.archive COMMAND ${tidy_folder}/archive)
set_tests_properties(packaging.archive PROPERTIES SKIP_RETURN_CODE 77)
