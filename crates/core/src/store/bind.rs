//! Which values may be bound, checked when the program is compiled.

use std::borrow::Cow;

/// A value that both databases store alike.
///
/// Integers are `i64` only: PostgreSQL keeps a prepared statement with the types of its first use, and a narrower
/// number on the second one is an error at run time.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be bound: use `i64`, `f64`, `bool`, text, bytes or an `Option` of these",
    label = "convert it, for example with `i64::from(…)` or `Snowflake::to_i64`"
)]
pub trait Bind {}

impl Bind for i64 {}
impl Bind for f64 {}
impl Bind for bool {}
impl Bind for str {}
impl Bind for String {}
impl Bind for Cow<'_, str> {}
impl Bind for [u8] {}
impl Bind for Vec<u8> {}
impl<T: Bind + ?Sized> Bind for &T {}
impl<T: Bind> Bind for Option<T> {}

/// The value itself; for the query macros.
#[doc(hidden)]
pub fn bound<T: Bind>(value: T) -> T {
    value
}
