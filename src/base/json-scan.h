/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_JSON_SCAN_H
#define BASE_JSON_SCAN_H

/*
 * Finds the parts of a JSON text without looking into them: the members of an
 * object, the items of an array. So a large text can be parsed item by item,
 * in the memory of one. What a part is worth, its parser finds out; here only
 * strings and brackets are told apart, and numbers that no 64 bits can hold
 * are refused (parsers make them smaller without a word).
 *
 * All return 1 and a part, 0 at the end, or -EBADMSG; rest->data then is where
 * it went wrong.
 */
#include "base/text.h"

enum { JSON_SCAN_DEPTH = 32 };          /* deeper nesting is refused */

/* The next value (lines: one behind the other). */
int json_scan_value(struct text *rest, struct text *ret_value);

/*
 * An object or an array is entered with its whole text, and then asked for
 * part by part: *rest goes from bracket to bracket. The first part is asked
 * for with `first`. *ret_key: between the quotes, escapes as they are.
 */
int json_scan_member(struct text *rest, bool first, struct text *ret_key, struct text *ret_value);
int json_scan_item(struct text *rest, bool first, struct text *ret_value);

#endif
