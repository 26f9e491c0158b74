foreach(name password rate visible session account)
    unit_test(people ${name} USES base calendar rules store)
endforeach()
