layer(http USES base FACE http.h LIBS PkgConfig::libmicrohttpd Threads::Threads)
