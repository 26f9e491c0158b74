layer(job USES base calendar rules store people matter FACE job.h LIBS Threads::Threads)
