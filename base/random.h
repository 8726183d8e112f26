/* SPDX-License-Identifier: GPL-3.0-or-later */
/* xoshiro256** 1.0 (Blackman and Vigna 2018, doi:10.1145/3460772), seeded by splitmix64. */
#ifndef KV_BASE_RANDOM_H
#define KV_BASE_RANDOM_H

#include <stdint.h>

typedef struct kv_random {
    uint64_t state[4];
} kv_random;

void kv_random_seed(kv_random *random, uint64_t seed);
uint64_t kv_random_next(kv_random *random);
double kv_random_uniform(kv_random *random);                 /* [0, 1) */
int kv_random_integer(kv_random *random, int low, int high); /* low .. high, both included */

#endif
