//! The front door: stations, open, assess, report.
