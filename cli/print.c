/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "base/memory.h"

cli_exit cli_exit_of(kv_status status)
{
    switch (status) {
    case KV_OK: return CLI_DONE;
    case KV_ERR_INFEASIBLE: return CLI_NO_PLAN;
    case KV_ERR_INPUT: return CLI_INPUT;
    case KV_ERR_IO: return CLI_INPUT;
    case KV_ERR_LIMIT: return CLI_STOPPED_NONE;
    default: return CLI_INTERNAL;
    }
}

void cli_print_messages(FILE *out, kv_messages *messages, kv_severity least)
{
    kv_messages_sort(messages);
    for (size_t i = 0; i < kv_messages_count(messages); i++) {
        const kv_message *message = kv_messages_get(messages, i);
        if (message->severity < least)
            continue;
        char *text = kv_message_text(message);
        const char *warning = message->severity == KV_WARNING ? "warning: " : "";
        fprintf(out, "%s%s\n", warning, text ? text : "a message could not be shown: no memory");
        kv_free(text);
    }
    if (kv_messages_lost(messages))
        fprintf(out, "some messages are missing: out of memory\n");
}

cli_exit cli_print_text(kv_text *text)
{
    cli_exit result = text->failed ? CLI_INTERNAL : CLI_DONE;
    if (!text->failed && text->data)
        fputs(text->data, stdout);
    kv_text_clear(text);
    return result;
}

const char *cli_count(size_t count, const char *noun)
{
    static char text[80];
    snprintf(text, sizeof text, "%zu %s%s", count, noun, count == 1 ? "" : "s");
    return text;
}
