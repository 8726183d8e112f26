/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/random.h"

/* splitmix64 (Steele, Lea and Flood 2014, doi:10.1145/2714064.2660195). */
static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

void kv_random_seed(kv_random *random, uint64_t seed)
{
    for (int i = 0; i < 4; i++)
        random->state[i] = splitmix(&seed);
}

static uint64_t rotate_left(uint64_t x, int k)
{
    return x << k | x >> (64 - k);
}

uint64_t kv_random_next(kv_random *random)
{
    uint64_t *s = random->state;
    uint64_t result = rotate_left(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate_left(s[3], 45);
    return result;
}

double kv_random_uniform(kv_random *random)
{
    return (double)(kv_random_next(random) >> 11) * 0x1p-53;
}

/* Draws that would favour the small remainders are thrown away. */
int kv_random_integer(kv_random *random, int low, int high)
{
    if (high <= low)
        return low;
    uint64_t range = (uint64_t)((int64_t)high - low) + 1;
    uint64_t uneven = (0 - range) % range; /* 2^64 mod range */
    uint64_t draw;
    do {
        draw = kv_random_next(random);
    } while (draw < uneven);
    return (int)(low + (int64_t)(draw % range));
}
