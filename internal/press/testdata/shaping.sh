#!/bin/sh
# Makes shaping.golden anew from texts.tsv with HarfBuzz's own hb-shape (Debian package libharfbuzz-bin).
# Run it after a change of fonts or texts, and look at what changed before you commit it.
cd "$(dirname "$0")/.." && go test -run TestShapingIsThatOfHarfBuzz -remake .
