/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "instances/folder.h"

#include "base/file.h"
#include "base/text.h"
#include "instances/names.h"

#include <dirent.h>
#include <string.h>

static void look_at(const char *file, kv_messages *messages)
{
    char name[64];
    size_t length = strlen(file);
    if (length < 5 || length - 4 >= sizeof name || strcmp(file + length - 4, ".csv") != 0)
        return;
    memcpy(name, file, length - 4);
    name[length - 4] = 0;
    if (kv_schema_find(name) >= 0 || strcmp(name, "findings") == 0) /* read by the reports */
        return;
    kv_where where = {.file = file};
    kv_text mend = {0};
    kv_text_addf(&mend, "did you mean %s?", kv_table_file(kv_names_nearest_table(name)));
    kv_messages_add(messages, KV_WARNING, &where, mend.data,
                    "not a table of a case; it is not read");
    kv_text_clear(&mend);
}

kv_status kv_folder_look(const char *folder, kv_messages *messages)
{
    kv_where where = {.file = folder};
    if (!kv_path_exists(folder)) {
        kv_messages_add(messages, KV_FAULT, &where, "check the path", "there is no such folder");
        return KV_ERR_IO;
    }
    if (!kv_path_is_folder(folder)) {
        kv_messages_add(messages, KV_FAULT, &where, "give the folder that holds the tables",
                        "it is no folder");
        return KV_ERR_IO;
    }
    DIR *dir = opendir(folder);
    if (!dir) {
        kv_messages_add(messages, KV_FAULT, &where, "change the permissions",
                        "the folder cannot be read");
        return KV_ERR_IO;
    }
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;)
        look_at(entry->d_name, messages);
    closedir(dir);
    return KV_OK;
}
