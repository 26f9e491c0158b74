foreach(name password rate visible session)
    unit_test(people ${name} USES base calendar rules store)
endforeach()
