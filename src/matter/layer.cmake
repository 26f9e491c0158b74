layer(matter USES base calendar rules store people FACE matter.h LIBS PkgConfig::libsodium)
