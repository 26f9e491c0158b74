layer(document USES base FACE document.h frame.h LIBS Threads::Threads)
