layer(matter USES base calendar rules store people
    FACE matter.h paper.h edition.h rehearse.h message.h recount.h figure.h tally.h tbl/message.h
    LIBS PkgConfig::libsodium PkgConfig::jansson)
