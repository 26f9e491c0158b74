unit_test(matter light USES base calendar rules store people)
