layer(report USES base calendar rules store people matter FACE report.h LIBS ${XLSXWRITER})
