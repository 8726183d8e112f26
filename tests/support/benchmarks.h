/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small benchmark instances whose optima were worked out by hand, and what the readers say to them
 * once something is changed. */
#ifndef KV_TESTS_SUPPORT_BENCHMARKS_H
#define KV_TESTS_SUPPORT_BENCHMARKS_H

#include "formulations/benchmark.h"

/* Three nodes, four arcs, two commodities. The optimum opens 1-2, 2-3 and 1-3: 25. */
extern const char small_canad[];
/* Two scenarios over it. The optimum opens 2-3 and 1-3: 8 + (18 + 4) / 2 = 19. */
extern const char small_scenarios[];
/* Two warehouses, three customers, the second's capacity open. With 8 a customer is split: 86. With
 * 9 the second warehouse serves all: 75. */
extern const char small_location[];
/* Three nodes in a triangle, one link with capacity, one with a set-up cost. Any number of modules:
 * 44, and 6 that are sunk; one a link: 61. */
extern const char small_sndlib[];

/* Everything that can be given beside the text. */
typedef struct small_reading {
    const char *text;
    size_t length;        /* 0 = up to the end of the text */
    const char *topology; /* text, or NULL */
    kv_benchmark_options options;
} small_reading;

/* No option given. */
#define SMALL_OPTIONS                                                                              \
    {                                                                                              \
        .modules = -1, .commodities = -1                                                           \
    }

kv_status small_read(const small_reading *reading, kv_benchmark **benchmark, kv_messages *messages);
/* All messages in order, one a line; "" for none. Ends the test where faults and status disagree.
 * The caller frees it with kv_free. */
char *small_messages(const small_reading *reading);
/* The text with the first `old` replaced by `now`; free the text. Aborts when there is none. */
char *small_edit(const char *text, const char *old, const char *now);
/* The checked problem; ends the test where it can't be made. */
kv_problem *small_problem(const small_reading *reading);

#endif
