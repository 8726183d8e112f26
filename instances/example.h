/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of the case that kv_case_new writes. Internal to instances/. */
#ifndef KV_INSTANCES_EXAMPLE_H
#define KV_INSTANCES_EXAMPLE_H

#include "instances/schema.h"

/* Rows of the table, ending with NULL: "column=value;column=value"; other columns are blank. */
const char *const *kv_example_rows(int table);

#endif
