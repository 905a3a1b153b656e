//! Ties of bill lines and expected items.
