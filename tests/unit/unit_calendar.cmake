foreach(name date count explain)
    unit_test(calendar ${name} USES base)
endforeach()
unit_test(calendar calendar_load USES base)
