/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/checker/exact.h"

#include "base/memory.h"

#include <ctype.h>
#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* ---- memory ---- */

struct kvc_chunk {
    kvc_chunk *next;
    size_t numbers, integers; /* rational numbers, or integers, in it: to be cleared */
    max_align_t data[];
};

void kvc_need(kvc_arena *arena, int failed)
{
    if (failed)
        longjmp(*arena->no_memory, 1);
}

/* NULL when out of memory. */
static void *chunk_try(kvc_arena *arena, size_t count, size_t size)
{
    size_t head = offsetof(kvc_chunk, data);
    if (size > 0 && count > (SIZE_MAX - head) / size)
        return NULL;
    kvc_chunk *chunk = kv_alloc(1, head + count * size);
    if (!chunk)
        return NULL;
    chunk->next = arena->chunks;
    arena->chunks = chunk;
    return chunk->data;
}

static void *chunk_add(kvc_arena *arena, size_t count, size_t size)
{
    void *data = chunk_try(arena, count, size);
    kvc_need(arena, data == NULL);
    return data;
}

void *kvc_alloc(kvc_arena *arena, size_t count, size_t size)
{
    return chunk_add(arena, count, size);
}

mpq_t *kvc_numbers(kvc_arena *arena, size_t count)
{
    mpq_t *numbers = chunk_add(arena, count, sizeof *numbers);
    for (size_t i = 0; i < count; i++)
        mpq_init(numbers[i]);
    arena->chunks->numbers = count;
    return numbers;
}

mpz_ptr kvc_integers(kvc_arena *arena, size_t count)
{
    mpz_ptr integers = chunk_add(arena, count, sizeof *integers);
    for (size_t i = 0; i < count; i++)
        mpz_init(&integers[i]);
    arena->chunks->integers = count;
    return integers;
}

char *kvc_take(kvc_arena *arena, kv_text *text)
{
    const char *bytes = text->data ? text->data : "";
    char *copy = text->failed ? NULL : chunk_try(arena, text->length + 1, 1);
    if (copy)
        memcpy(copy, bytes, text->length + 1);
    kv_text_clear(text);
    kvc_need(arena, copy == NULL);
    return copy;
}

kvc_chunk *kvc_mark(const kvc_arena *arena)
{
    return arena->chunks;
}

void kvc_release(kvc_arena *arena, kvc_chunk *mark)
{
    while (arena->chunks != mark) {
        kvc_chunk *chunk = arena->chunks;
        mpq_t *numbers = (mpq_t *)(void *)chunk->data;
        for (size_t i = 0; i < chunk->numbers; i++)
            mpq_clear(numbers[i]);
        for (size_t i = 0; i < chunk->integers; i++)
            mpz_clear((mpz_ptr)(void *)chunk->data + i);
        arena->chunks = chunk->next;
        kv_free(chunk);
    }
}

void kvc_arena_free(kvc_arena *arena)
{
    kvc_release(arena, NULL);
}

void *kvc_push(kvc_arena *arena, kvc_list *list, size_t size)
{
    list->size = size;
    kvc_need(arena, list->count == INT_MAX);
    if ((size_t)list->count == list->room) {
        size_t room = list->room ? 2 * list->room : 16;
        void *items = kvc_alloc(arena, room, size);
        if (list->count > 0)
            memcpy(items, list->items, (size_t)list->count * size);
        list->items = items;
        list->room = room;
    }
    return (char *)list->items + (size_t)list->count++ * size;
}

/* ---- decimals ---- */

void kvc_set_power(mpq_t number, long value, int exponent)
{
    mpq_set_si(number, value, 1);
    if (exponent > 0) {
        mpz_ui_pow_ui(mpq_denref(number), 10, (unsigned long)exponent);
        mpz_mul(mpq_numref(number), mpq_numref(number), mpq_denref(number));
        mpz_set_ui(mpq_denref(number), 1);
    } else if (exponent < 0) {
        mpz_ui_pow_ui(mpq_denref(number), 10, (unsigned long)-(long)exponent);
        mpq_canonicalize(number);
    }
}

enum { MAX_DIGITS = 60, MAX_EXPONENT = 400 };

/* The digits of the text without the point; *exponent is the power of ten of the last. */
static int take_digits(const char **at, char *digits, int *exponent)
{
    int count = 0, seen = 0, after_point = 0;
    for (;; (*at)++) {
        if (**at == '.' && !after_point) {
            after_point = 1;
            continue;
        }
        if (!isdigit((unsigned char)**at))
            break;
        seen = 1;
        if (count == MAX_DIGITS)
            return -1;
        digits[count++] = **at;
        *exponent -= after_point;
    }
    digits[count] = 0;
    return seen ? 0 : -1;
}

int kvc_parse(mpq_t number, const char *text)
{
    char digits[MAX_DIGITS + 1];
    int exponent = 0, negative = *text == '-';
    text += negative || *text == '+';
    if (take_digits(&text, digits, &exponent) != 0)
        return -1;
    if (*text == 'e' || *text == 'E') {
        char *end;
        if (!isdigit((unsigned char)text[1 + (text[1] == '-' || text[1] == '+')]))
            return -1;
        long power = strtol(text + 1, &end, 10);
        if (power < -MAX_EXPONENT || power > MAX_EXPONENT)
            return -1;
        exponent += (int)power;
        text = end;
    }
    if (*text)
        return -1;
    mpz_t unit;
    mpz_init(unit);
    mpz_set_str(mpq_numref(number), digits, 10);
    mpz_ui_pow_ui(unit, 10, (unsigned long)labs(exponent));
    mpz_set_ui(mpq_denref(number), 1);
    if (exponent > 0)
        mpz_mul(mpq_numref(number), mpq_numref(number), unit);
    else if (exponent < 0)
        mpz_set(mpq_denref(number), unit);
    mpz_clear(unit);
    if (negative)
        mpq_neg(number, number);
    mpq_canonicalize(number);
    return 0;
}

void kvc_set(mpq_t number, double value)
{
    char text[KV_NUMBER_SIZE];
    mpq_set_ui(number, 0, 1);
    if (value == 0)
        return;
    if (fabs(value) < 1e9 && value == floor(value)) {
        mpq_set_si(number, (long)value, 1);
        return;
    }
    kv_format_number(value, text);
    if (kvc_parse(number, text) != 0)
        mpq_set_ui(number, 0, 1);
}

static size_t memo_slot(const kvc_memo *memo, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    bits = (bits ^ (bits >> 29)) * 0xbf58476d1ce4e5b9u;
    size_t slot = (size_t)(bits ^ (bits >> 32)) & (memo->room - 1);
    while (memo->number[slot] && memcmp(&memo->key[slot], &value, sizeof value) != 0)
        slot = (slot + 1) & (memo->room - 1);
    return slot;
}

static int memo_grow(kvc_memo *memo)
{
    kvc_memo grown = {.room = memo->room ? 2 * memo->room : 256, .count = memo->count};
    grown.key = kv_alloc(grown.room, sizeof *grown.key);
    grown.number = kv_alloc(grown.room, sizeof *grown.number);
    if (!grown.key || !grown.number) {
        kv_free(grown.key);
        kv_free(grown.number);
        return -1;
    }
    for (size_t i = 0; i < memo->room; i++) {
        if (!memo->number[i])
            continue;
        size_t slot = memo_slot(&grown, memo->key[i]);
        grown.key[slot] = memo->key[i];
        grown.number[slot] = memo->number[i];
    }
    kv_free(memo->key);
    kv_free(memo->number);
    *memo = grown;
    return 0;
}

mpq_srcptr kvc_value(kvc_arena *arena, kvc_memo *memo, double value)
{
    if (2 * memo->count >= memo->room)
        kvc_need(arena, memo_grow(memo) != 0);
    size_t slot = memo_slot(memo, value);
    if (!memo->number[slot]) {
        mpq_t *number = kv_alloc(1, sizeof *number);
        kvc_need(arena, number == NULL);
        mpq_init(*number);
        kvc_set(*number, isnan(value) ? 0 : value);
        memo->key[slot] = value;
        memo->number[slot] = number;
        memo->count++;
    }
    return *memo->number[slot];
}

void kvc_memo_free(kvc_memo *memo)
{
    for (size_t i = 0; i < memo->room; i++) {
        if (memo->number[i])
            mpq_clear(*memo->number[i]);
        kv_free(memo->number[i]);
    }
    kv_free(memo->key);
    kv_free(memo->number);
    *memo = (kvc_memo){0};
}

void kvc_power(mpq_t result, const mpq_t base, int n)
{
    unsigned long power = (unsigned long)(n < 0 ? -(long)n : n);
    mpz_pow_ui(mpq_numref(result), mpq_numref(base), power);
    mpz_pow_ui(mpq_denref(result), mpq_denref(base), power);
    if (n < 0)
        mpq_inv(result, result);
}

void kvc_add_product(mpq_t sum, const mpq_t a, const mpq_t b, mpq_t term)
{
    mpq_mul(term, a, b);
    mpq_add(sum, sum, term);
}

void kvc_floor(mpq_t number)
{
    mpz_fdiv_q(mpq_numref(number), mpq_numref(number), mpq_denref(number));
    mpz_set_ui(mpq_denref(number), 1);
}

void kvc_ceil(mpq_t number)
{
    mpz_cdiv_q(mpq_numref(number), mpq_numref(number), mpq_denref(number));
    mpz_set_ui(mpq_denref(number), 1);
}

void kvc_round_to(mpq_t number, const mpq_t grid, mpq_t scratch)
{
    int negative = mpq_sgn(number) < 0;
    mpq_abs(number, number);
    mpq_div(number, number, grid);
    mpq_set_ui(scratch, 1, 2);
    mpq_add(number, number, scratch);
    kvc_floor(number);
    mpq_mul(number, number, grid);
    if (negative)
        mpq_neg(number, number);
}

/* ---- prices ---- */

enum { FIX_DIGITS = 24, FIX_BITS = 120, HALF_BITS = 60 };

static kvc_fix fix_of(const mpz_t number)
{
    if (mpz_sizeinbase(number, 2) > FIX_BITS)
        return mpz_sgn(number) < 0 ? -KVC_MOST : KVC_MOST;
    mpz_t low;
    mpz_init(low);
    mpz_tdiv_q_2exp(low, number, HALF_BITS);
    kvc_fix fix = (kvc_fix)mpz_get_si(low) * ((kvc_fix)1 << HALF_BITS);
    mpz_tdiv_r_2exp(low, number, HALF_BITS);
    fix += mpz_get_si(low);
    mpz_clear(low);
    return fix;
}

kvc_fix kvc_fix_floor(const mpq_t number)
{
    if (mpq_sgn(number) == 0)
        return 0;
    mpz_t scaled;
    mpz_init(scaled);
    mpz_ui_pow_ui(scaled, 10, FIX_DIGITS);
    mpz_mul(scaled, scaled, mpq_numref(number));
    mpz_fdiv_q(scaled, scaled, mpq_denref(number));
    kvc_fix fix = fix_of(scaled);
    mpz_clear(scaled);
    return fix;
}

kvc_fix kvc_amount_ceil(const mpq_t number)
{
    if (mpq_sgn(number) == 0)
        return 0;
    mpz_t scaled;
    mpz_init_set_ui(scaled, 1000000000000000);
    mpz_mul(scaled, scaled, mpq_numref(number));
    mpz_cdiv_q(scaled, scaled, mpq_denref(number));
    kvc_fix fix = fix_of(scaled);
    mpz_clear(scaled);
    return fix;
}

void kvc_from_amount(mpq_t number, kvc_fix amount)
{
    kvc_fix_to_mpz(mpq_numref(number), amount);
    mpz_set_ui(mpq_denref(number), 1000000000000000);
    mpq_canonicalize(number);
}

kvc_fix kvc_fix_near(double value)
{
    if (!(fabs(value) < 1e11))
        return 0;
    return (kvc_fix)((long double)value * 1e24L);
}

void kvc_fix_to_mpz(mpz_t number, kvc_fix fix)
{
    kvc_fix half = (kvc_fix)1 << HALF_BITS;
    mpz_set_si(number, (long)(fix / half));
    mpz_mul_2exp(number, number, HALF_BITS);
    long rest = (long)(fix % half);
    if (rest >= 0)
        mpz_add_ui(number, number, (unsigned long)rest);
    else
        mpz_sub_ui(number, number, (unsigned long)-rest);
}

void kvc_from_fix(mpq_t number, kvc_fix fix)
{
    kvc_fix_to_mpz(mpq_numref(number), fix);
    mpz_ui_pow_ui(mpq_denref(number), 10, FIX_DIGITS);
    mpq_canonicalize(number);
}

/* ---- for people ---- */

double kvc_double(const mpq_t number)
{
    return mpq_get_d(number);
}

void kvc_add_decimal(kv_text *text, const mpq_t number, int digits)
{
    double value = mpq_get_d(number);
    char buffer[KV_NUMBER_SIZE];
    if (value == 0 && mpq_sgn(number) != 0) {
        kv_text_add(text, "under 1e-300");
        return;
    }
    if (!isfinite(value)) {
        kv_text_add(text, mpq_sgn(number) < 0 ? "under -1e308" : "over 1e308");
        return;
    }
    if (value != 0) { /* cut to the digits; far too few for rounding to matter */
        int places = digits - 1 - (int)floor(log10(fabs(value)));
        if (places >= 0 && places <= 12) {
            kv_format_decimal(value, places, buffer);
            kv_text_add(text, buffer);
            return;
        }
    }
    kv_text_addf(text, "%.*g", digits, value);
}
