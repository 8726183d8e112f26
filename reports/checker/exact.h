/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Exact numbers and the memory of a check. All that is allocated while checking belongs to one
 * arena; when there is no memory the arena jumps back to where the check began, which frees all.
 *
 * Prices are integers in units of 1e-24 (kvc_fix). Multipliers are cut to that grid when they are
 * read, which is as good as any other choice of multipliers; everything else is rounded downwards
 * where it enters a bound, so that a bound is never too high.
 */
#ifndef KV_REPORTS_CHECKER_EXACT_H
#define KV_REPORTS_CHECKER_EXACT_H

#include "base/text.h"

#include <gmp.h>
#include <setjmp.h>
#include <stddef.h>

__extension__ typedef __int128 kvc_fix; /* in units of 1e-24, saturated at KVC_MOST */
#define KVC_MOST ((kvc_fix)1 << 120)

typedef struct kvc_chunk kvc_chunk;

typedef struct kvc_arena {
    kvc_chunk *chunks;
    jmp_buf *no_memory; /* where to go */
} kvc_arena;

/* count * size zeroed bytes, never NULL. */
void *kvc_alloc(kvc_arena *arena, size_t count, size_t size);
/* `count` rational numbers, 0. */
mpq_t *kvc_numbers(kvc_arena *arena, size_t count);
/* `count` integers, 0. */
mpz_ptr kvc_integers(kvc_arena *arena, size_t count);
/* A copy of the text, which is cleared, also when there is no memory. */
char *kvc_take(kvc_arena *arena, kv_text *text);
void kvc_arena_free(kvc_arena *arena);
/* Jumps when `failed`. */
void kvc_need(kvc_arena *arena, int failed);
/* Everything that was allocated after the mark is freed. */
kvc_chunk *kvc_mark(const kvc_arena *arena);
void kvc_release(kvc_arena *arena, kvc_chunk *mark);

typedef struct kvc_list { /* growing array of items of one size */
    void *items;
    size_t size, room;
    int count;
} kvc_list;

/* A new zeroed item at the end. Pointers to items are then stale. */
void *kvc_push(kvc_arena *arena, kvc_list *list, size_t size);

/* The decimal that `value` is written as (the shortest that reads back as it). */
void kvc_set(mpq_t number, double value);
/* A decimal: -12.5, 1e-7, .5. 0, or -1 when the text is none. */
int kvc_parse(mpq_t number, const char *text);
/* number = value * 10^exponent, for whole numbers. */
void kvc_set_power(mpq_t number, long value, int exponent);
/* base^n, n may be negative. */
void kvc_power(mpq_t result, const mpq_t base, int n);
/* sum += a * b; `term` is scratch. */
void kvc_add_product(mpq_t sum, const mpq_t a, const mpq_t b, mpq_t term);
void kvc_floor(mpq_t number);
void kvc_ceil(mpq_t number);
/* The multiple of `grid` next to the number, halves away from 0. */
void kvc_round_to(mpq_t number, const mpq_t grid, mpq_t scratch);

/* Decimals of doubles, each worked out once: most values of tables occur many times. */
typedef struct kvc_memo {
    double *key;
    mpq_t **number; /* NULL = free */
    size_t room, count;
} kvc_memo;

/* The decimal of the value, which belongs to the memo; NaN gives 0. */
mpq_srcptr kvc_value(kvc_arena *arena, kvc_memo *memo, double value);
void kvc_memo_free(kvc_memo *memo);

/* number in units of 1e-24, rounded down; KVC_MOST or -KVC_MOST when it is not below that. */
kvc_fix kvc_fix_floor(const mpq_t number);
/* An amount in units of 1e-15, rounded up; KVC_MOST or -KVC_MOST as above. */
kvc_fix kvc_amount_ceil(const mpq_t number);
void kvc_from_amount(mpq_t number, kvc_fix amount);
/* A multiplier near the value, on the grid; 0 when it is too large for it (1e11) or no number. */
kvc_fix kvc_fix_near(double value);
/* The number that a fix stands for. */
void kvc_from_fix(mpq_t number, kvc_fix fix);
void kvc_fix_to_mpz(mpz_t number, kvc_fix fix);

/* For people: the decimal next to it with `digits` significant digits. */
void kvc_add_decimal(kv_text *text, const mpq_t number, int digits);
double kvc_double(const mpq_t number); /* rounded to nearest or next to it */

#endif
