//! The hours in which a type of tickets can be opened: wall-clock times of a named zone, right across daylight saving.

use chrono::{Datelike, Days, NaiveTime, TimeZone, Weekday};
use chrono_tz::Tz;
use hazebot_core::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// When tickets of a type can be opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// From, `09:00`.
    pub from: String,
    /// Until, `17:30`, not included; before `from` it lies on the next day; the same as `from` is the whole day.
    pub until: String,
    /// Days on which it opens, 1 (Monday) to 7 (Sunday).
    pub days: Vec<u8>,
    /// The zone of the times, `Europe/Berlin`.
    pub zone: String,
}

impl Hours {
    pub(super) fn check(&self) -> Result<(), String> {
        for time in [&self.from, &self.until] {
            clock_time(time).ok_or_else(|| format!("have hours like 09:00, not {time:?}"))?;
        }
        if self.days.is_empty() || self.days.iter().any(|day| weekday(*day).is_none()) {
            return Err("have days of its hours from 1 (Monday) to 7 (Sunday), at least one".to_owned());
        }
        match self.zone.parse::<Tz>() {
            Ok(_) => Ok(()),
            Err(_) => Err(format!("have a zone such as Europe/Berlin, not {:?}", self.zone)),
        }
    }

    /// When it opens next; `None` while it is open. Hours that can't be read never keep anybody out.
    #[must_use]
    pub fn opens(&self, now: Timestamp) -> Option<Timestamp> {
        let (from, until) = (clock_time(&self.from)?, clock_time(&self.until)?);
        let zone: Tz = self.zone.parse().ok()?;
        let today = now.with_timezone(&zone).date_naive();
        let mut next = None;
        // From yesterday on, whose hours may reach into today, to the same day of next week.
        for offset in 0..=8 {
            let day = today.pred_opt()?.checked_add_days(Days::new(offset))?;
            if !self.days.iter().any(|d| weekday(*d) == Some(day.weekday())) {
                continue;
            }
            let end_day = if until <= from { day.succ_opt()? } else { day };
            let (start, end) = (at(zone, day, from)?, at(zone, end_day, until)?);
            if (start..end).contains(&now) {
                return None;
            }
            if start > now && next.is_none() {
                next = Some(start);
            }
        }
        next
    }
}

/// A wall-clock time as a moment. In the hour that spring skips, the first moment after it.
fn at(zone: Tz, day: chrono::NaiveDate, time: NaiveTime) -> Option<Timestamp> {
    let wall = day.and_time(time);
    let found = zone.from_local_datetime(&wall).earliest();
    let found = found.or_else(|| {
        zone.from_local_datetime(&(wall + chrono::Duration::hours(1)))
            .earliest()
    });
    Some(found?.with_timezone(&chrono::Utc))
}

fn clock_time(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text, "%H:%M").ok()
}

fn weekday(number: u8) -> Option<Weekday> {
    Weekday::try_from(number.checked_sub(1)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn office() -> Hours {
        Hours {
            from: "09:00".into(),
            until: "17:00".into(),
            days: vec![1, 2, 3, 4, 5],
            zone: "Europe/Berlin".into(),
        }
    }

    #[test]
    fn they_are_wall_clock_times_in_summer_and_winter() {
        assert_eq!(office().opens(moment("2026-07-01T07:00:00Z")), None);
        assert_eq!(
            office().opens(moment("2026-07-01T06:59:59Z")),
            Some(moment("2026-07-01T07:00:00Z"))
        );
        assert_eq!(office().opens(moment("2026-12-02T08:00:00Z")), None);
        assert!(office().opens(moment("2026-12-02T07:30:00Z")).is_some());
    }

    #[test]
    fn after_friday_comes_monday() {
        let friday_evening = moment("2026-07-03T15:00:00Z");
        assert_eq!(
            office().opens(friday_evening),
            Some(moment("2026-07-06T07:00:00Z"))
        );
    }

    #[test]
    fn a_night_reaches_into_the_next_day() {
        let night = Hours {
            from: "22:00".into(),
            until: "02:00".into(),
            days: vec![6],
            zone: "UTC".into(),
        };
        assert_eq!(night.opens(moment("2026-07-05T01:59:00Z")), None);
        assert_eq!(
            night.opens(moment("2026-07-05T02:00:00Z")),
            Some(moment("2026-07-11T22:00:00Z"))
        );
    }

    #[test]
    fn the_hour_that_spring_skips_begins_after_it() {
        let early = Hours {
            from: "02:30".into(),
            until: "04:00".into(),
            days: vec![7],
            zone: "Europe/Berlin".into(),
        };
        assert_eq!(
            early.opens(moment("2026-03-29T00:00:00Z")),
            Some(moment("2026-03-29T01:30:00Z"))
        );
    }

    #[test]
    fn each_wrong_part_is_named() {
        let table = [
            (
                Hours {
                    from: "25:00".into(),
                    ..office()
                },
                "25:00",
            ),
            (
                Hours {
                    days: vec![],
                    ..office()
                },
                "days",
            ),
            (
                Hours {
                    days: vec![8],
                    ..office()
                },
                "days",
            ),
            (
                Hours {
                    zone: "Mars/Base".into(),
                    ..office()
                },
                "Mars/Base",
            ),
        ];
        for (hours, expected) in table {
            assert!(hours.check().unwrap_err().contains(expected));
        }
        assert_eq!(office().check(), Ok(()));
    }
}
