layer(api USES base calendar rules store people matter http FACE api.h LIBS PkgConfig::jansson PkgConfig::libsodium)
