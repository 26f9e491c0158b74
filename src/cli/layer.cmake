layer(cli USES base calendar rules store people matter http api job FACE cli.h office.h)
