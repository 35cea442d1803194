//! How a feature declares a setting: one constant with key, type, default, limits and description.

use std::{marker::PhantomData, ops::RangeInclusive, time::Duration};

use serde_json::Value;

use super::kind::{IdKind, JsonCheck, Kind, TextRule, seconds};
use crate::ids::{ChannelId, RoleId, Snowflake};

/// What a setting is, without its type.
#[derive(Clone, Copy, Debug)]
pub struct SettingDef {
    /// `section.name`; unique in the program.
    pub key: &'static str,
    /// Type, default and limits.
    pub kind: Kind,
    /// One sentence for the person who sets it.
    pub description: &'static str,
    /// Whether moderators may not change it.
    pub admin_only: bool,
}

impl SettingDef {
    /// The part of the key before the first point.
    #[must_use]
    pub fn section(&self) -> &'static str {
        self.key.split_once('.').map_or(self.key, |(section, _)| section)
    }
}

/// A setting of type `T`. Declare it as a `static` and register its [`Setting::def`].
#[derive(Debug)]
pub struct Setting<T> {
    def: SettingDef,
    value: PhantomData<fn() -> T>,
}

impl<T> Setting<T> {
    const fn new(key: &'static str, kind: Kind, description: &'static str) -> Self {
        Self {
            def: SettingDef {
                key,
                kind,
                description,
                admin_only: false,
            },
            value: PhantomData,
        }
    }

    /// Moderators may not change it.
    #[must_use]
    pub const fn admin_only(mut self) -> Self {
        self.def.admin_only = true;
        self
    }

    /// The declaration.
    #[must_use]
    pub const fn def(&'static self) -> &'static SettingDef {
        &self.def
    }

    /// Its key.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        self.def.key
    }
}

impl<T: SettingValue> Setting<T> {
    /// The value of what is stored, or the default where nothing, or something unreadable, is.
    pub(super) fn read(&self, stored: Option<&Value>) -> T {
        stored
            .and_then(T::from_json)
            .unwrap_or_else(|| T::default_of(&self.def.kind))
    }
}

impl Setting<bool> {
    /// On or off.
    #[must_use]
    pub const fn flag(key: &'static str, default: bool, description: &'static str) -> Self {
        Self::new(key, Kind::Flag { default }, description)
    }
}

impl Setting<i64> {
    /// A whole number.
    #[must_use]
    pub const fn integer(
        key: &'static str,
        default: i64,
        range: RangeInclusive<i64>,
        description: &'static str,
    ) -> Self {
        Self::new(
            key,
            Kind::Integer {
                default,
                min: *range.start(),
                max: *range.end(),
            },
            description,
        )
    }
}

impl Setting<f64> {
    /// A number.
    #[must_use]
    pub const fn float(
        key: &'static str,
        default: f64,
        range: RangeInclusive<f64>,
        description: &'static str,
    ) -> Self {
        Self::new(
            key,
            Kind::Float {
                default,
                min: *range.start(),
                max: *range.end(),
            },
            description,
        )
    }
}

impl Setting<String> {
    /// A text with a length in characters.
    #[must_use]
    pub const fn text(
        key: &'static str,
        default: &'static str,
        length: RangeInclusive<usize>,
        rule: TextRule,
        description: &'static str,
    ) -> Self {
        Self::new(
            key,
            Kind::Text {
                default,
                min: *length.start(),
                max: *length.end(),
                rule,
            },
            description,
        )
    }

    /// One of several words.
    #[must_use]
    pub const fn choice(
        key: &'static str,
        default: &'static str,
        options: &'static [&'static str],
        description: &'static str,
    ) -> Self {
        Self::new(key, Kind::Choice { default, options }, description)
    }
}

impl Setting<Vec<String>> {
    /// Texts of 1 to `max` characters.
    #[must_use]
    pub const fn texts(
        key: &'static str,
        default: &'static [&'static str],
        entries: RangeInclusive<usize>,
        max: usize,
        rule: TextRule,
        description: &'static str,
    ) -> Self {
        Self::new(
            key,
            Kind::Texts {
                default,
                entries: (*entries.start(), *entries.end()),
                max,
                rule,
            },
            description,
        )
    }
}

impl Setting<u32> {
    /// 0xRRGGBB.
    #[must_use]
    pub const fn colour(key: &'static str, default: u32, description: &'static str) -> Self {
        Self::new(key, Kind::Colour { default }, description)
    }
}

impl Setting<Duration> {
    /// Whole seconds.
    #[must_use]
    pub const fn duration(
        key: &'static str,
        default: u64,
        range: RangeInclusive<u64>,
        description: &'static str,
    ) -> Self {
        Self::new(
            key,
            Kind::Duration {
                default,
                min: *range.start(),
                max: *range.end(),
            },
            description,
        )
    }
}

impl Setting<Option<RoleId>> {
    /// A role, or none.
    #[must_use]
    pub const fn role(key: &'static str, description: &'static str) -> Self {
        Self::new(key, Kind::Id(IdKind::Role), description)
    }
}

impl Setting<Option<ChannelId>> {
    /// A channel, or none.
    #[must_use]
    pub const fn channel(key: &'static str, description: &'static str) -> Self {
        Self::new(key, Kind::Id(IdKind::Channel), description)
    }

    /// A category, or none.
    #[must_use]
    pub const fn category(key: &'static str, description: &'static str) -> Self {
        Self::new(key, Kind::Id(IdKind::Category), description)
    }
}

impl Setting<Vec<RoleId>> {
    /// Roles, each once.
    #[must_use]
    pub const fn roles(key: &'static str, max: usize, description: &'static str) -> Self {
        Self::new(
            key,
            Kind::Ids {
                of: IdKind::Role,
                max,
            },
            description,
        )
    }
}

impl Setting<Vec<ChannelId>> {
    /// Channels, each once.
    #[must_use]
    pub const fn channels(key: &'static str, max: usize, description: &'static str) -> Self {
        Self::new(
            key,
            Kind::Ids {
                of: IdKind::Channel,
                max,
            },
            description,
        )
    }
}

impl Setting<Value> {
    /// An object with a check of its own; `default` is JSON text.
    #[must_use]
    pub const fn json(
        key: &'static str,
        default: &'static str,
        check: JsonCheck,
        description: &'static str,
    ) -> Self {
        Self::new(key, Kind::Json { default, check }, description)
    }
}

/// A type that settings can have.
pub trait SettingValue: Sized {
    /// From what is stored; `None` if it is of another type.
    fn from_json(value: &Value) -> Option<Self>;
    /// To what is stored.
    fn to_json(&self) -> Value;
    /// The default of a kind.
    fn default_of(kind: &Kind) -> Self;
}

macro_rules! values {
    ($($type:ty: $value:ident => $from:expr, $to:expr, $default:expr;)*) => {$(
        impl SettingValue for $type {
            fn from_json($value: &Value) -> Option<Self> {
                $from
            }
            fn to_json(&self) -> Value {
                let $value = self;
                $to
            }
            fn default_of($value: &Kind) -> Self {
                $default
            }
        }
    )*};
}

values! {
    bool: v => v.as_bool(), (*v).into(), matches!(v, Kind::Flag { default: true });
    i64: v => v.as_i64(), (*v).into(), if let Kind::Integer { default, .. } = v { *default } else { 0 };
    f64: v => v.as_f64(), (*v).into(), if let Kind::Float { default, .. } = v { *default } else { 0.0 };
    u32: v => v.as_u64().and_then(|n| n.try_into().ok()), (*v).into(), if let Kind::Colour { default } = v { *default } else { 0 };
    Duration: v => seconds(v), v.as_secs().into(),
        Duration::from_secs(if let Kind::Duration { default, .. } = v { *default } else { 0 });
    String: v => v.as_str().map(str::to_owned), v.as_str().into(), match v {
        Kind::Text { default, .. } | Kind::Choice { default, .. } => (*default).to_owned(),
        _ => Self::new(),
    };
    Vec<String>: v => v.as_array()?.iter().map(|e| e.as_str().map(str::to_owned)).collect(), v.clone().into(), match v {
        Kind::Texts { default, .. } => default.iter().map(|&text| text.to_owned()).collect(),
        _ => Self::new(),
    };
    Value: v => Some(v.clone()), v.clone(), v.default_value();
    Option<RoleId>: v => Some(Some(RoleId::parse(v.as_str()?)?)), id_json(v.as_ref()), { let _ = v; None };
    Option<ChannelId>: v => Some(Some(ChannelId::parse(v.as_str()?)?)), id_json(v.as_ref()), { let _ = v; None };
    Vec<RoleId>: v => ids(v), ids_json(v), { let _ = v; Self::new() };
    Vec<ChannelId>: v => ids(v), ids_json(v), { let _ = v; Self::new() };
}

fn id_json(id: Option<&impl ToString>) -> Value {
    id.map_or(Value::Null, |id| id.to_string().into())
}

fn ids<T: Snowflake>(value: &Value) -> Option<Vec<T>> {
    value
        .as_array()?
        .iter()
        .map(|entry| T::parse(entry.as_str()?))
        .collect()
}

fn ids_json(ids: &[impl ToString]) -> Value {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().into()
}
