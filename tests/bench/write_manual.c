/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints the manual of the tables, as docs/tables.md holds it. */
#include "instances/new.h"

#include <stdio.h>

int main(void)
{
    kv_text text = {0};
    kv_schema_manual(&text);
    int failed = text.failed || fwrite(text.data, 1, text.length, stdout) != text.length;
    kv_text_clear(&text);
    return failed;
}
