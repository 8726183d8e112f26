/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/status.h"

const char *kv_status_text(kv_status status)
{
    switch (status) {
    case KV_OK: return "done";
    case KV_ERR_MEMORY: return "out of memory";
    case KV_ERR_INPUT: return "the input is at fault";
    case KV_ERR_IO: return "a file could not be read or written";
    case KV_ERR_INFEASIBLE: return "no plan exists";
    case KV_ERR_UNBOUNDED: return "the model is unbounded";
    case KV_ERR_LIMIT: return "stopped by a limit or a signal";
    case KV_ERR_NUMERIC: return "a numerical method broke down";
    case KV_ERR_ARGUMENT: return "a function was called wrongly";
    case KV_ERR_INTERNAL: return "internal error";
    }
    return "unknown status";
}
