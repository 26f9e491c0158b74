unit_test(job job USES base calendar rules store people matter)
