/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Demand scenarios of two-stage stochastic network design (Rahmaniani, Crainic, Gendreau, Rei,
 * European Journal of Operational Research 260, 2017): the number of scenarios, then a line each:
 * `probability demand_1 .. demand_K`, for the K commodities of a `.dow` network.
 */
#include "instances/benchmark/reader.h"

#include "base/memory.h"
#include "base/text.h"

#include <limits.h>
#include <math.h>

static const kv_word_rule count = {"scenarios", 1, INT_MAX - 1, 1, 0, 0};
static const kv_word_rule probability = {"probability", 0, 1, 0, 0, 0};
/* Published files hold negative demands of up to 0.007, where 0 was meant. */
static const kv_word_rule demand = {"demand", 0, KV_BENCHMARK_MOST, 0, 1, 0.01};
static const double rounding = 1e-6; /* in the sum of the probabilities */

static void read_scenario(kv_words *words, kv_benchmark *b, int s)
{
    double *row = b->scenario_demand + (size_t)s * (size_t)b->n_demands;
    int found = kv_words_count_in_line(words);
    kv_word word;
    if (found != b->n_demands + 1) {
        kv_words_fault(words, NULL, NULL,
                       "a scenario has its probability and a demand for each commodity of the "
                       "topology",
                       "there are %d numbers on this line, not %d", found, b->n_demands + 1);
        return;
    }
    kv_words_in_line(words, &word);
    kv_word_number(words, &word, &probability, &b->probability[s]);
    for (int k = 0; k < b->n_demands; k++) {
        kv_words_in_line(words, &word);
        kv_word_number(words, &word, &demand, &row[k]);
    }
}

static int read_head(kv_words *words, kv_benchmark *b)
{
    kv_word word;
    kv_words_next(words, &word); /* it is there: the file was known by it */
    if (kv_word_integer(words, &word, &count, &b->n_scenarios) != 0)
        return -1;
    if ((double)b->n_scenarios * (b->n_demands + 1) > (double)kv_words_left(words)) {
        kv_words_fault(words, &word, "scenarios", "check this number, or add the lines",
                       "the file is too short for so many scenarios of %d commodities",
                       b->n_demands);
        return -1;
    }
    return 0;
}

static void check_sum(kv_words *words, const kv_benchmark *b)
{
    double sum = 0;
    char text[KV_NUMBER_SIZE];
    for (int s = 0; s < b->n_scenarios; s++)
        sum += b->probability[s];
    kv_format_number(sum, text);
    if (fabs(sum - 1) > rounding)
        kv_words_fault(words, NULL, NULL, "they have to add up to 1",
                       "the probabilities add up to %s", text);
}

kv_status kv_benchmark_read_scenarios(kv_words *words, kv_benchmark *b)
{
    if (read_head(words, b) != 0)
        return KV_ERR_INPUT;
    b->probability = kv_alloc((size_t)b->n_scenarios, sizeof(double));
    b->scenario_demand = kv_alloc((size_t)b->n_scenarios * (size_t)b->n_demands, sizeof(double));
    if (!b->probability || !b->scenario_demand)
        return KV_ERR_MEMORY;
    for (int s = 0; s < b->n_scenarios; s++) {
        if (!kv_words_line(words)) {
            kv_words_fault(words, NULL, NULL, "add the lines that are missing",
                           "the file ends after %d of %d scenarios", s, b->n_scenarios);
            return KV_ERR_INPUT;
        }
        read_scenario(words, b, s);
    }
    if (kv_words_line(words))
        kv_words_fault(words, NULL, NULL, "take it away, or mend the number on the first line",
                       "the file goes on after its %d scenarios", b->n_scenarios);
    if (words->faults == 0)
        check_sum(words, b);
    return words->faults ? KV_ERR_INPUT : KV_OK;
}
