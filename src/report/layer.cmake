layer(report USES base calendar rules store people matter FACE report.h LIBS PkgConfig::xlsxwriter)
