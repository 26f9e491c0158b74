foreach(name arena bell buffer text digest id json_writer yaml credit_code file fault gzip)
    unit_test(base ${name})
endforeach()
