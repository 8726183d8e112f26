/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The search on paths beside an engine that raises bounds: the engine sends it off, does a step of its
 * own and meets it again. How far it goes is counted in the engine's own work, never in time, and with
 * one thread it goes its way at once: so what both find does not depend on the number of threads.
 */
#ifndef KV_SOLVER_PATHS_COMPANION_H
#define KV_SOLVER_PATHS_COMPANION_H

#include "solver/paths/improve.h"

typedef struct kv_companion kv_companion;

/* The improver is the companion's from now on, also on failure; it is not to be touched between
 * sending and meeting. KV_OK or KV_ERR_MEMORY; the caller frees *companion in any case. */
kv_status kv_companion_create(kv_improver *improver, int threads, double deadline,
                              kv_companion **companion);
/* Meets it first. NULL is allowed. */
void kv_companion_free(kv_companion *companion);

/* Off for as much work as the engine did since the last meeting, in million elementary steps (as of
 * kv_improver_run), or for a part of it when it has found nothing for long. */
void kv_companion_send(kv_companion *companion, double engine_work);
/* Wait until it is back. *improver is the caller's to use until it is sent again. KV_OK or
 * KV_ERR_MEMORY. */
kv_status kv_companion_meet(kv_companion *companion, kv_improver **improver);

#endif
