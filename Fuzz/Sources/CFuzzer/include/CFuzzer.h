#pragma once
#include <stddef.h>
#include <stdint.h>

// The entry of libFuzzer's run time for programs that bring their own main: LLVM's compiler-rt, FuzzerInterface.h.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*test)(const uint8_t *data, size_t size));
