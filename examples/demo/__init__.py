"""The demonstration: six years of every example service, each promise kept on real stores, and the proof."""
