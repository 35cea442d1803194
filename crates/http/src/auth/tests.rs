//! Tests of authentication through the whole API.
