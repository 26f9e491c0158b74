foreach(name)
    unit_test(base ${name})
endforeach()
