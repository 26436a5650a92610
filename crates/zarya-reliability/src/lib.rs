//! Failure laws, renewal demand, sufficiency, allocation.
