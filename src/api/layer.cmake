layer(api USES base calendar rules store people matter report http document job
    FACE api.h LIBS PkgConfig::jansson PkgConfig::libsodium
    PkgConfig::libical)
