/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Published instances, where their files are beside the source tree. */
#ifndef KV_TESTS_SUPPORT_PUBLISHED_H
#define KV_TESTS_SUPPORT_PUBLISHED_H

#include "formulations/problem.h"

/* The path of an instance ("canad/C/c33.dow"); the test is skipped with a message where it is not. */
const char *published_path(const char *name);

/* Its design problem, checked; the caller frees it. */
kv_problem *published_problem(const char *name);

#endif
