//! Sun, air, elements, decay, burns, eclipse.
