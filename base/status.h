/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Status codes that every fallible function of Kvarken returns. */
#ifndef KV_BASE_STATUS_H
#define KV_BASE_STATUS_H

typedef enum kv_status {
    KV_OK = 0,         /* done as asked */
    KV_ERR_MEMORY,     /* an allocation failed or a size overflowed */
    KV_ERR_INPUT,      /* the tables, a file or the command are at fault; see the messages */
    KV_ERR_IO,         /* a file could not be read or written; see the messages */
    KV_ERR_INFEASIBLE, /* proved: no plan exists */
    KV_ERR_UNBOUNDED,  /* the model has no finite optimum */
    KV_ERR_LIMIT,      /* a limit or a signal ended the work before there was a result */
    KV_ERR_NUMERIC,    /* a numerical method broke down */
    KV_ERR_ARGUMENT,   /* a caller passed something that the docstring rules out */
    KV_ERR_INTERNAL    /* a fault of the program */
} kv_status;

/* A short English phrase for a status, never NULL, not to be freed. */
const char *kv_status_text(kv_status status);

#endif
