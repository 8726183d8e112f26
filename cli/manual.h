/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The manual of all commands, from the option tables: docs/commands.md and docs/kvarken.1. */
#ifndef KV_CLI_MANUAL_H
#define KV_CLI_MANUAL_H

#include "base/text.h"

void cli_manual_overview(kv_text *out); /* plain text for kvarken --help */
void cli_manual_markdown(kv_text *out);
void cli_manual_roff(kv_text *out); /* for man(1) */

#endif
