/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SNDlib 1.0 networks (Orlowski, Pióro, Tomaszewski, Wessäly, Networks 55, 2010): nodes, links with
 * pre-installed capacity, modules, routing and set-up cost, demands. Read as a stream with libxml2;
 * no network, no document types and so no entities, and no deeper than the format goes.
 *
 * Nodes come before links, links before demands; `meta`, coordinates and admissible paths are passed
 * over.
 */
#include "instances/benchmark/sndlib.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { SLICE = 1 << 16, MOST_SHOWN = 40 };

#if LIBXML_VERSION >= 21200
typedef const xmlError xml_error;
#else
typedef xmlError xml_error;
#endif

/* ---- faults ---- */

long kv_sndlib_line(const kv_sndlib *s)
{
    return xmlSAX2GetLineNumber(s->parser);
}

void kv_sndlib_fault(kv_sndlib *s, const char *column, const char *value, const char *mend,
                     const char *what, ...)
{
    char text[KV_SNDLIB_TEXT * 2];
    kv_where where = {.file = s->file, .line = kv_sndlib_line(s), .column = column, .value = value};
    va_list arguments;
    va_start(arguments, what);
    vsnprintf(text, sizeof text, what, arguments);
    va_end(arguments);
    kv_messages_add(s->messages, KV_FAULT, &where, mend, "%s", text);
    s->faults++;
}

/* Nothing more is read: what follows are consequences. */
static void stop(kv_sndlib *s)
{
    s->broken = 1;
    xmlStopParser(s->parser);
}

/* The parser's own complaint; its text ends with a line break. */
static void on_error(void *context, xml_error *error)
{
    kv_sndlib *s = context;
    kv_where where = {.file = s->file, .line = error->line};
    if (error->level < XML_ERR_ERROR || s->broken)
        return;
    s->no_memory |= error->code == XML_ERR_NO_MEMORY;
    const char *text = error->message ? error->message : "it cannot be parsed";
    kv_messages_add(s->messages, KV_FAULT, &where, "mend the file, or fetch it anew",
                    "this is not well-formed XML: %.*s", (int)strcspn(text, "\n"), text);
    s->faults++;
    s->broken = 1;
}

/* ---- where in the file ---- */

typedef struct place {
    const char *path; /* from the root */
    int leaf;         /* 1 = holds text, 2 = passed over with all in it */
} place;

static const place places[] = {
    [KV_SNDLIB_ROOT] = {"/network", 0},
    [KV_SNDLIB_META] = {"/network/meta", 2},
    [KV_SNDLIB_STRUCTURE] = {"/network/networkStructure", 0},
    [KV_SNDLIB_NODES] = {"/network/networkStructure/nodes", 0},
    [KV_SNDLIB_NODE] = {"/network/networkStructure/nodes/node", 0},
    [KV_SNDLIB_COORDINATES] = {"/network/networkStructure/nodes/node/coordinates", 2},
    [KV_SNDLIB_LINKS] = {"/network/networkStructure/links", 0},
    [KV_SNDLIB_LINK] = {"/network/networkStructure/links/link", 0},
    [KV_SNDLIB_LINK_SOURCE] = {"/network/networkStructure/links/link/source", 1},
    [KV_SNDLIB_LINK_TARGET] = {"/network/networkStructure/links/link/target", 1},
    [KV_SNDLIB_ROUTING_COST] = {"/network/networkStructure/links/link/routingCost", 1},
    [KV_SNDLIB_SETUP_COST] = {"/network/networkStructure/links/link/setupCost", 1},
    [KV_SNDLIB_BASE] = {"/network/networkStructure/links/link/preInstalledModule", 0},
    [KV_SNDLIB_BASE_CAPACITY] = {"/network/networkStructure/links/link/preInstalledModule/capacity",
                                 1},
    [KV_SNDLIB_BASE_COST] = {"/network/networkStructure/links/link/preInstalledModule/cost", 1},
    [KV_SNDLIB_MODULES] = {"/network/networkStructure/links/link/additionalModules", 0},
    [KV_SNDLIB_MODULE] = {"/network/networkStructure/links/link/additionalModules/addModule", 0},
    [KV_SNDLIB_MODULE_CAPACITY] =
        {"/network/networkStructure/links/link/additionalModules/addModule/capacity", 1},
    [KV_SNDLIB_MODULE_COST] =
        {"/network/networkStructure/links/link/additionalModules/addModule/cost", 1},
    [KV_SNDLIB_DEMANDS] = {"/network/demands", 0},
    [KV_SNDLIB_DEMAND] = {"/network/demands/demand", 0},
    [KV_SNDLIB_DEMAND_SOURCE] = {"/network/demands/demand/source", 1},
    [KV_SNDLIB_DEMAND_TARGET] = {"/network/demands/demand/target", 1},
    [KV_SNDLIB_ROUTING_UNIT] = {"/network/demands/demand/routingUnit", 1},
    [KV_SNDLIB_DEMAND_VALUE] = {"/network/demands/demand/demandValue", 1},
    [KV_SNDLIB_PATH_LENGTH] = {"/network/demands/demand/maxPathLength", 1},
    [KV_SNDLIB_PATHS] = {"/network/demands/demand/admissiblePaths", 2},
};

/* The place that `name` leads to from the place on top of the stack; -1 = none. */
static int step(const kv_sndlib *s, const char *name)
{
    const char *from = s->depth > 0 ? places[s->stack[s->depth - 1]].path : "";
    size_t length = strlen(from);
    for (int i = 0; i < KV_SNDLIB_PLACES; i++) {
        const char *path = places[i].path;
        if (strncmp(path, from, length) == 0 && path[length] == '/' &&
            strcmp(path + length + 1, name) == 0)
            return i;
    }
    return -1;
}

/* ---- the stream ---- */

/* Attributes come as name, prefix, namespace, value and the value's end. */
static void find_id(kv_sndlib *s, int count, const xmlChar **attributes)
{
    enum { PARTS = 5, VALUE = 3, END = 4 };
    s->id = NULL;
    s->id_length = 0;
    for (int i = 0; i < count; i++) {
        const xmlChar **attribute = attributes + (size_t)i * PARTS;
        if (strcmp((const char *)attribute[0], "id") != 0)
            continue;
        s->id = (const char *)attribute[VALUE];
        s->id_length = (size_t)(attribute[END] - attribute[VALUE]);
    }
}

static void unknown_element(kv_sndlib *s, const char *name)
{
    if (s->depth > 0) {
        kv_sndlib_fault(s, NULL, name, "take it away", "SNDlib 1.0 has no such element here");
        return;
    }
    kv_sndlib_fault(s, NULL, name, "give an SNDlib 1.0 network, which begins with <network>",
                    "this is XML, but no network");
    stop(s);
}

static void on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int n_namespaces, const xmlChar **namespaces, int n_attributes,
                     int n_defaulted, const xmlChar **attributes)
{
    kv_sndlib *s = context;
    (void)prefix, (void)uri, (void)n_namespaces, (void)namespaces, (void)n_defaulted;
    if (s->broken)
        return;
    int at = s->passed > 0 ? -1 : step(s, (const char *)name);
    if (s->passed == 0 && at < 0)
        unknown_element(s, (const char *)name);
    if (at == KV_SNDLIB_PATHS)
        s->paths = 1;
    if (at < 0 || places[at].leaf == 2) { /* this one and all in it is passed over */
        s->passed++;
        return;
    }
    s->stack[s->depth++] = at; /* no deeper than the paths above */
    s->text_length = s->text_cut = 0;
    find_id(s, n_attributes, attributes);
    kv_sndlib_begin(s, at);
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    kv_sndlib *s = context;
    (void)name, (void)prefix, (void)uri;
    if (s->broken)
        return;
    if (s->passed > 0) {
        s->passed--;
        return;
    }
    int at = s->stack[--s->depth];
    if (places[at].leaf == 1)
        kv_sndlib_value(s, at);
    else
        kv_sndlib_end(s, at);
    if (s->no_memory)
        stop(s);
}

/* Text comes in pieces. Between elements only blanks are allowed. */
static void on_text(void *context, const xmlChar *text, int length)
{
    kv_sndlib *s = context;
    int leaf = s->depth > 0 && places[s->stack[s->depth - 1]].leaf == 1;
    if (s->broken || s->passed > 0)
        return;
    for (int i = 0; i < length; i++) {
        int blank = text[i] <= ' ';
        if (blank && (!leaf || s->text_length == 0))
            continue;
        if (!leaf) {
            char shown[KV_SNDLIB_TEXT];
            int end = i;
            while (end < length && end < i + MOST_SHOWN && text[end] > ' ')
                end++;
            snprintf(shown, sizeof shown, "%.*s", end - i, (const char *)text + i);
            kv_sndlib_fault(s, NULL, shown, "take it away", "there is text between the elements");
            return;
        }
        if (s->text_length + 1 < KV_SNDLIB_TEXT)
            s->text[s->text_length++] = (char)text[i];
        else
            s->text_cut |= !blank;
    }
}

static void on_doctype(void *context, const xmlChar *name, const xmlChar *id, const xmlChar *system)
{
    kv_sndlib *s = context;
    (void)name, (void)id, (void)system;
    kv_sndlib_fault(s, NULL, NULL, "take the declaration <!DOCTYPE ...> away",
                    "the file has a document type, which may bring entities with it");
    stop(s);
}

/* What the parser says without knowing of the handler, about encodings, comes to the same place
 * instead of standard error. */
static void read_stream(kv_sndlib *s, const char *bytes, size_t length)
{
    xmlStructuredErrorFunc before = xmlStructuredError;
    void *context = xmlStructuredErrorContext;
    xmlSetStructuredErrorFunc(s, on_error);
    for (size_t at = 0; at < length && !s->broken;) {
        size_t left = length - at, slice = left < SLICE ? left : SLICE;
        xmlParseChunk(s->parser, bytes + at, (int)slice, slice == left);
        at += slice;
    }
    xmlSetStructuredErrorFunc(context, before);
}

/* Lists become the benchmark's arrays. */
static kv_status finish(kv_sndlib *s, kv_benchmark *b)
{
    static const char mend[] = "add the section, or fetch the file anew";
    if (!s->broken && s->seen[KV_SNDLIB_ROOT]) {
        if (!s->seen[KV_SNDLIB_NODE])
            kv_sndlib_fault(s, NULL, NULL, mend, "the network has no nodes");
        if (!s->seen[KV_SNDLIB_LINK])
            kv_sndlib_fault(s, NULL, NULL, mend, "the network has no links");
        if (!s->seen[KV_SNDLIB_DEMAND])
            kv_sndlib_fault(s, NULL, NULL, mend, "the network has no demands");
    }
    if (s->no_memory)
        return KV_ERR_MEMORY;
    if (s->paths && s->faults == 0) {
        kv_where where = {.file = s->file};
        kv_messages_add(s->messages, KV_WARNING, &where, NULL,
                        "limits on the paths of demands are not used: any path is allowed");
    }
    return s->faults ? KV_ERR_INPUT : kv_sndlib_take(s, b);
}

kv_status kv_benchmark_read_sndlib(const char *bytes, size_t length, const char *file,
                                   kv_messages *messages, kv_benchmark *b)
{
    kv_sndlib s = {.file = file, .messages = messages};
    kv_status status = KV_ERR_MEMORY;
    xmlSAXHandler handler = {.initialized = XML_SAX2_MAGIC,
                             .startElementNs = on_start,
                             .endElementNs = on_end,
                             .characters = on_text,
                             .cdataBlock = on_text,
                             .internalSubset = on_doctype,
                             .serror = on_error};
    xmlInitParser();
    s.parser = xmlCreatePushParserCtxt(&handler, &s, NULL, 0, NULL);
    if (s.parser && kv_sndlib_start(&s) == KV_OK) {
        xmlCtxtUseOptions(s.parser, XML_PARSE_NONET);
        read_stream(&s, bytes, length);
        status = finish(&s, b);
    }
    kv_sndlib_clear(&s);
    xmlFreeParserCtxt(s.parser);
    return status;
}
