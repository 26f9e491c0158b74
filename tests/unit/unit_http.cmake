foreach(name multipart guard route sniff)
    unit_test(http ${name} USES base)
endforeach()
