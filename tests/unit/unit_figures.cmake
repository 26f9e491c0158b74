unit_test(rules figure_load USES base calendar)
unit_test(matter tally_sums USES base calendar rules store people)
unit_test(report report USES base calendar rules store people matter)
