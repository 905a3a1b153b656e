//! PAY-001 and the matches of payments.
