/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The operation of a case under given starts: its linear programmes, solved once each. */
#ifndef ORACLE_PIECES_H
#define ORACLE_PIECES_H

#include "oracle/block.h"
#include "oracle/starts.h"

typedef struct oracle_answer { /* of one piece under one choice of what serves */
    double *served;            /* [blocks of the piece * projects] */
    double value;              /* MEUR without the constant, starts' cost left out */
    int state;                 /* oracle_lp_state */
} oracle_answer;

typedef struct oracle_piece { /* blocks that hang together: first, first + 1, ... */
    int first, count;
    oracle_answer *answer;
    int n_answers;
    size_t room;
} oracle_piece;

typedef struct oracle_pieces {
    const oracle_world *world;
    oracle_block *block; /* [n_scenarios * n_periods], by scenario, then period */
    int n_blocks;
    oracle_piece *piece;
    int n_pieces;
    int all_together;        /* 1 = one piece whose value is the whole objective */
    const double *reference; /* for regret, as in enumerate.h */
    double constant;         /* MEUR of all blocks */
    long programmes;
    double worst_error;
    int failed;
} oracle_pieces;

void oracle_pieces_open(oracle_pieces *pieces, const oracle_world *world, const double *reference);
void oracle_pieces_close(oracle_pieces *pieces);

/* The objective under these starts, MEUR without the constant; INFINITY when it can't be operated.
 * `nothing`: no purchases of technologies without renewal. */
double oracle_pieces_objective(oracle_pieces *pieces, const oracle_starts *starts,
                               const double *units, int nothing);

#endif
