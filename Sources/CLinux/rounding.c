#include <stdint.h>
#include <string.h>

// Of libm the released program's run time names just these two. With them here it does without the library, 400 KB of which would be
// in every daemon's memory.

double trunc(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    int exponent = (int)(bits >> 52 & 0x7ff) - 1023;
    if (exponent >= 52) return value;  // whole, infinite or no number
    bits &= exponent < 0 ? UINT64_C(1) << 63 : ~((UINT64_C(1) << (52 - exponent)) - 1);
    memcpy(&value, &bits, sizeof value);
    return value;
}

double ceil(double value) {
    double whole = trunc(value);
    return whole < value ? whole + 1 : whole;
}
