//! Tests of the sockets, with a client that speaks the protocol.
