#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Stands in for the unit tests where they cannot be built, so that nobody takes that for a success.
echo "1..0 # SKIP the unit tests were not built: configure found no cmocka"
