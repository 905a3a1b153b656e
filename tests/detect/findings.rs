//! Single detectors, each side of each edge.
