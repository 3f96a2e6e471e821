/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_I18N_H
#define BASE_I18N_H

/*
 * Translation marks. _() translates now, N_() only marks a string in a table
 * for the translators; whoever prints it calls _() on it. JSON, raw output and
 * references are never translated.
 */
#include <libintl.h>

#define _(string)                          gettext(string)
#define N_(string)                         string
#define P_(singular, plural, number)       ngettext(singular, plural, number)

#endif
