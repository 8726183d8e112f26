/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wall clock and the request to stop. */
#ifndef KV_BASE_CLOCK_H
#define KV_BASE_CLOCK_H

/* Monotonic wall-clock seconds since an arbitrary start. */
double kv_clock(void);

/* Ask all running work of the process to stop soon; async-signal-safe. */
void kv_stop_request(void);
/* 1 once a stop was requested. */
int kv_stop_requested(void);
/* Forget the request (tests, and before a new run). */
void kv_stop_reset(void);

#endif
