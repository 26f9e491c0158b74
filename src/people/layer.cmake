layer(people USES base calendar rules store FACE people.h LIBS PkgConfig::libsodium)
