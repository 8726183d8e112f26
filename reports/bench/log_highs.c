/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * HiGHS:
 *          Nodes      |    B&B Tree     |            Objective Bounds              |  ...
 *  Src  Proc. InQueue |  Leaves   Expl. | BestBound       BestSol              Gap |  ...     Time
 *   L       0       0         0   0.00%   423769.027051   423848             0.02%      ...   6.1s
 * and a report at the end. Plan and bound are inf and -inf where there is none.
 */
#include "reports/bench/log.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

enum { WORDS = 16, WORD = 32 };

/* Splits at blanks into at most WORDS words; longer words are cut. */
static int split(const char *line, char word[WORDS][WORD])
{
    int n = 0;
    for (line += strspn(line, " \t"); *line && n < WORDS; line += strspn(line, " \t")) {
        size_t length = strcspn(line, " \t"), kept = length < WORD ? length : WORD - 1;
        memcpy(word[n], line, kept);
        word[n++][kept] = 0;
        line += length;
    }
    return n;
}

static int ends_in(const char *word, char letter)
{
    size_t length = strlen(word);
    return length > 1 && word[length - 1] == letter && isdigit((unsigned char)word[0]);
}

/* 1 = it was a row of the table. */
static int read_row(kv_log *log, const char *line, double seconds)
{
    char word[WORDS][WORD];
    int n = split(line, word);
    int first = n > 0 && isalpha((unsigned char)word[0][0]); /* who found the plan */
    if (n < first + 8 || !ends_in(word[first + 3], '%') || !ends_in(word[n - 1], 's'))
        return 0;
    log->nodes = kv_log_count(word[first]);
    kv_log_found(log, fmin(seconds, kv_log_number(word[n - 1])), kv_log_number(word[first + 5]),
                 kv_log_number(word[first + 4]));
    return 1;
}

static kv_log_outcome outcome_of(const char *status)
{
    if (strncmp(status, "Optimal", 7) == 0)
        return KV_LOG_SOLVED;
    if (strncmp(status, "Infeasible", 10) == 0)
        return KV_LOG_INFEASIBLE;
    return strstr(status, "limit") ? KV_LOG_LIMIT : KV_LOG_UNFINISHED;
}

void kv_log_highs(kv_log *log, const char *line, double seconds)
{
    const char *at;
    if (log->version[0] == 0 && (at = kv_log_after(line, "Running HiGHS ")) != NULL)
        kv_log_version(log, at);
    else if (read_row(log, line, seconds))
        return;
    else if ((at = kv_log_field(line, "Status")) != NULL)
        log->outcome = outcome_of(at);
    else if ((at = kv_log_field(line, "Primal bound")) != NULL)
        kv_log_found(log, seconds, kv_log_number(at), (double)NAN);
    else if ((at = kv_log_field(line, "Dual bound")) != NULL)
        kv_log_found(log, seconds, (double)NAN, kv_log_number(at));
    else if ((at = kv_log_field(line, "Nodes")) != NULL && isdigit((unsigned char)*at))
        log->nodes = kv_log_count(at);
}
