layer(store USES base FACE store.h sql.h search.h query.h
    LIBS PkgConfig::sqlite3 PkgConfig::libpq Threads::Threads)
