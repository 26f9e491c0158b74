layer(job USES base calendar rules store people matter document FACE job.h paper.h mail.h LIBS Threads::Threads
    PkgConfig::libcurl PkgConfig::libsodium)
