unit_test(matter light USES base calendar rules store people)
foreach(name edition edition_child rehearse)
    unit_test(matter ${name} USES base calendar rules store people)
endforeach()
