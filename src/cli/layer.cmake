layer(cli USES base calendar rules store people matter report http document api job FACE cli.h office.h)
