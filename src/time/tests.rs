//! Calendar arithmetic at its edges.

use super::*;
use jiff::civil::date;

fn at(now: &str, zone_name: &str) -> At {
    At::new(now.parse().expect("an instant"), zone(zone_name).expect("a zone"))
}

fn instant(text: &str) -> Datum<'static> {
    Datum::Instant(text.parse().expect("an instant"))
}

#[test]
fn days_are_those_of_the_zone() {
    let at = at("2026-03-01T00:30:00+08:00", "Asia/Shanghai");
    let created = instant("2026-02-28T16:29:00Z");
    assert_eq!(at.today(), date(2026, 3, 1));
    assert_eq!(at.days_since(Datum::Date(date(2026, 2, 28))), Some(1));
    assert_eq!(at.days_since(created), Some(0));
    assert_eq!(at.hours_since(created), Some(0));
    assert_eq!(at.hours_since(instant("2026-02-28T16:31:00Z")), Some(-1));
    assert_eq!(at.hours_since(Datum::Date(date(2026, 3, 1))), Some(0));
    assert_eq!(at.date(created), Some(date(2026, 3, 1)));
    assert_eq!(at.days_since(Datum::Missing), None);
    let close = date(2026, 3, 14);
    assert!(at.next(Stretch::Days(14)).contains(close) && !at.next(Stretch::Days(13)).contains(close));
    let contact = date(2026, 2, 28);
    assert!(at.last(Stretch::Days(2)).contains(contact) && !at.last(Stretch::Days(1)).contains(contact));
}

#[test]
fn months_are_clamped_at_their_end() {
    let today = date(2026, 2, 28);
    assert_eq!(months_between(date(2026, 1, 31), today), 1);
    assert_eq!(months_between(date(2026, 3, 31), today), -1);
    assert_eq!(months_between(date(2026, 1, 29), date(2026, 3, 28)), 1);
    assert_eq!(days_between(date(2026, 1, 31), date(2026, 3, 31)), 59);
    let now = at("2026-02-28T00:00:00+08:00", "Asia/Shanghai");
    assert!(now.last(Stretch::Months(1)).contains(date(2026, 1, 31)));
    assert!(!now.last(Stretch::Months(1)).contains(date(2026, 1, 28)));
    assert!(!now.next(Stretch::Months(1)).contains(date(2026, 3, 31)));
    assert!(now.next(Stretch::Months(2)).contains(date(2026, 3, 31)));
    let may = at("2026-05-31T00:00:00+08:00", "Asia/Shanghai");
    assert!(!may.last(Stretch::Months(3)).contains(date(2026, 2, 28)));
    assert!(may.last(Stretch::Months(3)).contains(date(2026, 3, 1)));
    assert_eq!(weekday(today), 6);
}

#[test]
fn day_numbers_agree_with_the_calendar() {
    let mut date = Date::MIN;
    while let Ok(next) = date.checked_add(jiff::Span::new().days(97)) {
        assert_eq!(days_between(date, next), 97, "{date}");
        assert_eq!(add_days(date, 97), next);
        assert_eq!(add_days(next, -97), date);
        date = next;
    }
    assert!(days_between(date, Date::MAX) < 97);
}

#[test]
fn nothing_leaves_the_calendar() {
    for now in [Timestamp::MIN, Timestamp::MAX, Timestamp::UNIX_EPOCH] {
        for name in ["Asia/Shanghai", "America/Sao_Paulo", "UTC"] {
            let at = At::new(now, zone(name).expect("a zone"));
            for count in [i64::MIN, -1, 0, 1, 36_500, 1 << 40, i64::MAX] {
                for stretch in [Stretch::Days(count), Stretch::Months(count)] {
                    let (last, next) = (at.last(stretch), at.next(stretch));
                    assert_eq!(last.contains(at.today()), count > 0);
                    assert_eq!(next.contains(at.today()), count > 0);
                }
                let _moved = (add_days(at.today(), count), checked_add_months(at.today(), count));
            }
            for date in [Date::MIN, Date::MAX] {
                let _hours = (at.hours_since(Datum::Date(date)), at.months_since(Datum::Date(date)));
            }
        }
    }
}

#[test]
fn midnight_may_not_exist() {
    // the clocks of São Paulo went from 2018-11-03T24:00 to 2018-11-04T01:00
    let at = at("2018-11-04T12:00:00Z", "America/Sao_Paulo");
    assert_eq!(at.today(), date(2018, 11, 4));
    assert_eq!(at.instant(Datum::Date(date(2018, 11, 4))), "2018-11-04T03:00:00Z".parse().ok());
    assert_eq!(at.hours_since(Datum::Date(date(2018, 11, 4))), Some(9));
}

#[test]
fn zones_are_known_by_name() {
    assert!(zone("Asia/Kolkata").is_some() && zone("UTC").is_some());
    for unknown in ["", "Beijing", "Asia/Peking", "../etc/passwd", "UTC+8", "北京"] {
        assert!(zone(unknown).is_none(), "{unknown}");
    }
}
