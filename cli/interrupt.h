/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ctrl-C and SIGTERM: the first asks the work to stop and keep what it has, the second ends. */
#ifndef KV_CLI_INTERRUPT_H
#define KV_CLI_INTERRUPT_H

/* Take over SIGINT and SIGTERM until the process ends. */
void cli_interrupt_start(void);

#endif
