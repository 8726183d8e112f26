/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz/fuzz.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fuzz_must(int condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "fuzz: %s\n", what);
    abort();
}

void fuzz_messages(kv_messages *messages)
{
    kv_messages_sort(messages);
    for (size_t i = 0; i < kv_messages_count(messages); i++) {
        char *text = kv_message_text(kv_messages_get(messages, i));
        fuzz_must(text != NULL && strchr(text, '\n') == NULL, "a message is not one line");
        kv_free(text);
    }
}
