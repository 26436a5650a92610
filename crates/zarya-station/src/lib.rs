//! Station files and overlays to a checked Station, or diagnostics.
