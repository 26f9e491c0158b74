#pragma once
/*
 * SCOPED(type) name = ...; calls type_scoped(&name) when the block is left, however it is left. For
 * what is not arena memory: rows, files, locks. `type` is a struct name.
 */
#define SCOPED(type) __attribute__((cleanup(type##_scoped))) struct type *
