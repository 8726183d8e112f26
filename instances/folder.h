/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A look at the folder of a case before its tables are read. Internal to instances/. */
#ifndef KV_INSTANCES_FOLDER_H
#define KV_INSTANCES_FOLDER_H

#include "base/messages.h"
#include "base/status.h"

/*
 * A fault when there is no such folder; a warning for each .csv in it that is no table, since it may
 * be a table whose name is misspelt. KV_OK, KV_ERR_IO, KV_ERR_MEMORY.
 */
kv_status kv_folder_look(const char *folder, kv_messages *messages);

#endif
