# The command line as other programs meet it: the built program is run, nothing of it is linked in.
if(TARGET liandong)
    foreach(name cli_deadline cli_code cli_rules cli_account)
        unit_test(base ${name})
        target_compile_definitions(test_${name} PRIVATE PROGRAM="$<TARGET_FILE:liandong>")
        add_dependencies(test_${name} liandong)
    endforeach()
endif()
