/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What fuzz programs share. */
#ifndef KV_TESTS_FUZZ_FUZZ_H
#define KV_TESTS_FUZZ_FUZZ_H

#include "base/messages.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program with a word on what did not hold. */
void fuzz_must(int condition, const char *what);

/* Each message has its text, in one line. */
void fuzz_messages(kv_messages *messages);

#endif
