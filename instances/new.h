/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is written for people who make a case: an example, the manual of the tables, a data package. */
#ifndef KV_INSTANCES_NEW_H
#define KV_INSTANCES_NEW_H

#include "base/messages.h"
#include "base/status.h"
#include "base/text.h"

/*
 * Write a small commented case of three places into the folder `dir` (made if need be): every table
 * with its header and rows that read without faults, a README.md that explains each column, and
 * datapackage.json. KV_OK, KV_ERR_INPUT (the folder is not empty), KV_ERR_IO, KV_ERR_MEMORY.
 */
kv_status kv_case_new(const char *dir, kv_messages *messages);

/* All tables and columns as a page of Markdown: docs/tables.md. */
void kv_schema_manual(kv_text *out);

/*
 * datapackage.json (Frictionless Data Package, version 1) for the tables that are in the folder, with
 * types, units, constraints and foreign keys. kv_datapackage_write puts it into the folder.
 * KV_OK, KV_ERR_IO, KV_ERR_MEMORY.
 */
kv_status kv_datapackage_text(const char *folder, kv_text *out);
kv_status kv_datapackage_write(const char *folder, kv_messages *messages);

#endif
