//! SUB-001: the counterfactual.
