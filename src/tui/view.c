/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/view.h"

#include "base/array.h"

const struct view *const all_views[] = {
#define VIEW(name) &view_##name,
#include "tui/views.list"
#undef VIEW
};

const unsigned all_views_count = COUNT(all_views);

const struct view *view_find(struct text name)
{
        for (unsigned i = 0; i < COUNT(all_views); i++)
                if (text_equal(name, text_of(all_views[i]->name)))
                        return all_views[i];
        return NULL;
}

unsigned view_index(const struct view *view)
{
        for (unsigned i = 0; i < COUNT(all_views); i++)
                if (all_views[i] == view)
                        return i;
        return 0;
}

const struct view *view_of_family(enum family family)
{
        for (unsigned i = 0; i < COUNT(all_views); i++)
                if (all_views[i]->flags & VIEW_OBJECTS && all_views[i]->family == family)
                        return all_views[i];
        return NULL;
}
