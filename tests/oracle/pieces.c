/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "oracle/pieces.h"

#include "oracle/in_force.h"
#include "oracle/memory.h"
#include "oracle/risk.h"
#include "oracle/together.h"

#include <math.h>
#include <string.h>

static int has_owned(const kv_case *the_case)
{
    for (int q = 0; q < the_case->technologies.count; q++) {
        if (the_case->technologies.rows[q].fleet == KV_FLEET_OWNED) {
            return 1;
        }
    }
    return 0;
}

void oracle_pieces_open(oracle_pieces *pieces, const oracle_world *world, const double *reference)
{
    int periods = world->n_periods;
    memset(pieces, 0, sizeof *pieces);
    pieces->world = world;
    pieces->reference = reference;
    pieces->n_blocks = world->n_scenarios * periods;
    pieces->block = oracle_alloc((size_t)pieces->n_blocks, sizeof(oracle_block));
    for (int b = 0; b < pieces->n_blocks; b++) {
        int k = b / periods;
        oracle_block_open(&pieces->block[b], world->view[k], world->scenario[k], b % periods,
                          world->probability[k]);
        pieces->constant += pieces->block[b].constant;
    }
    int size = 1;
    if (has_owned(world->the_case)) {
        size = pieces->n_blocks;
        pieces->all_together = 1;
    } else if (!isnan(world->the_case->the_case.rows[0].carbon_cap_total_kt)) {
        size = periods;
    }
    pieces->n_pieces = pieces->n_blocks / size;
    pieces->piece = oracle_alloc((size_t)pieces->n_pieces, sizeof(oracle_piece));
    for (int i = 0; i < pieces->n_pieces; i++) {
        pieces->piece[i].first = i * size;
        pieces->piece[i].count = size;
    }
}

void oracle_pieces_close(oracle_pieces *pieces)
{
    for (int b = 0; b < pieces->n_blocks; b++) {
        oracle_block_close(&pieces->block[b]);
    }
    for (int i = 0; i < pieces->n_pieces; i++) {
        for (int j = 0; j < pieces->piece[i].n_answers; j++) {
            kv_free(pieces->piece[i].answer[j].served);
        }
        kv_free(pieces->piece[i].answer);
    }
    kv_free(pieces->block);
    kv_free(pieces->piece);
    memset(pieces, 0, sizeof *pieces);
}

static void note(oracle_pieces *pieces, oracle_lp *lp, int state)
{
    pieces->programmes++;
    if (state == ORACLE_LP_OPTIMAL) {
        pieces->worst_error = fmax(pieces->worst_error, oracle_lp_error(lp));
    } else if (state != ORACLE_LP_INFEASIBLE) {
        pieces->failed = 1;
    }
}

/* Blocks without vehicles of their own: costs at full probability weight. */
static void solve_blocks(oracle_pieces *pieces, const oracle_piece *piece, oracle_answer *answer)
{
    const oracle_world *world = pieces->world;
    int projects = world->the_case->projects.count;
    oracle_terms terms = {.objective = 1, .cost_row = -1, .carbon_row = -1};
    oracle_lp *lp = oracle_lp_create();
    double cap = world->the_case->the_case.rows[0].carbon_cap_total_kt;
    if (!isnan(cap)) {
        terms.carbon_row = oracle_lp_add_row(lp, -INFINITY, cap * 1000);
    }
    double constant = 0;
    for (int i = 0; i < piece->count; i++) {
        oracle_block_add(&pieces->block[piece->first + i], answer->served + i * projects, &terms,
                         lp, NULL);
        constant += pieces->block[piece->first + i].constant;
    }
    answer->state = oracle_lp_solve(lp);
    note(pieces, lp, answer->state);
    answer->value = answer->state == ORACLE_LP_OPTIMAL ? oracle_lp_objective(lp) - constant : 0;
    oracle_lp_free(lp);
}

/* The piece's answer when these projects serve, solved at most once. */
static const oracle_answer *answer_of(oracle_pieces *pieces, oracle_piece *piece,
                                      const double *served)
{
    size_t count = (size_t)piece->count * (size_t)pieces->world->the_case->projects.count;
    for (int j = 0; j < piece->n_answers; j++) {
        if (memcmp(piece->answer[j].served, served, count * sizeof(double)) == 0) {
            return &piece->answer[j];
        }
    }
    oracle_room((void **)&piece->answer, &piece->room, (size_t)piece->n_answers,
                sizeof(oracle_answer));
    oracle_answer *it = &piece->answer[piece->n_answers++];
    it->served = oracle_alloc(count, sizeof(double));
    memcpy(it->served, served, count * sizeof(double));
    solve_blocks(pieces, piece, it);
    return it;
}

/* What serves in all blocks, by block and project. */
static double *serving_of(const oracle_pieces *pieces, const oracle_starts *starts,
                          const double *units)
{
    int projects = pieces->world->the_case->projects.count, periods = pieces->world->n_periods;
    double *served = oracle_alloc((size_t)pieces->n_blocks * (size_t)projects, sizeof(double));
    for (int b = 0; b < pieces->n_blocks; b++) {
        oracle_serving(pieces->world, starts, units, b / periods, b % periods,
                       served + b * projects);
    }
    return served;
}

double oracle_pieces_objective(oracle_pieces *pieces, const oracle_starts *starts,
                               const double *units, int nothing)
{
    const oracle_world *world = pieces->world;
    int projects = world->the_case->projects.count;
    double *served = serving_of(pieces, starts, units);
    double *cost = oracle_alloc((size_t)world->n_scenarios, sizeof(double));
    double objective = 0;
    for (int k = 0; k < world->n_scenarios; k++) {
        cost[k] = oracle_starts_cost_seen(world, starts, units, k);
    }
    if (pieces->all_together) {
        oracle_lp *lp = NULL;
        int state = oracle_together_solve(pieces, served, cost, nothing, &lp, &objective);
        note(pieces, lp, state);
        objective = state == ORACLE_LP_OPTIMAL ? objective : INFINITY;
        oracle_lp_free(lp);
        goto out;
    }
    for (int i = 0; i < pieces->n_pieces; i++) {
        oracle_piece *piece = &pieces->piece[i];
        const oracle_answer *it = answer_of(pieces, piece, served + piece->first * projects);
        int k = piece->first / world->n_periods;
        cost[k] += it->state == ORACLE_LP_OPTIMAL ? it->value / world->probability[k] : INFINITY;
    }
    objective = oracle_risk_objective(world, cost, pieces->reference);
out:
    kv_free(served);
    kv_free(cost);
    return objective;
}
