//! Station to Plan; Plan and World to History; Ensemble.
