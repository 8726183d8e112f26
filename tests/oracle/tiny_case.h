/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tiny random cases for tests: three to five places, one to three periods, one or two scenarios, few
 * projects, and between many seeds every kind of row that a case can hold. The same seed gives the
 * same tables everywhere.
 */
#ifndef ORACLE_TINY_CASE_H
#define ORACLE_TINY_CASE_H

#include "base/messages.h"
#include "base/status.h"

/* Write the tables of the case of this seed into `folder` (made if missing; files of tables that
 * the case lacks are removed). */
kv_status oracle_tiny_write(const char *folder, unsigned seed, kv_messages *messages);

#endif
