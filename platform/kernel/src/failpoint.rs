//! Named places between the steps of an action, at which a test ends the process or holds it up.
//!
//! `TAKT_FAILPOINTS="payments.file.between_chunks=kill@3 work.job.ran=wait:50"`: die when the first is
//! reached the third time, wait 50 ms whenever the second is. Without debug assertions nothing of this
//! exists. A process that is ended here runs nothing more, as under SIGKILL: no destructor, no flush.

/// The process has come to this place.
#[inline(always)]
pub fn reach(name: &'static str) {
    #[cfg(debug_assertions)]
    armed::reach(name);
    #[cfg(not(debug_assertions))]
    let _ = name;
}

#[cfg(debug_assertions)]
mod armed {
    use std::{
        collections::BTreeMap,
        sync::{
            LazyLock,
            atomic::{AtomicU64, Ordering},
        },
        time::Duration,
    };

    const VARIABLE: &str = "TAKT_FAILPOINTS";

    #[derive(Debug, PartialEq, Eq)]
    enum Deed {
        KillAt(u64),
        Wait(Duration),
    }

    struct Point {
        deed: Deed,
        reached: AtomicU64,
    }

    static POINTS: LazyLock<BTreeMap<String, Point>> = LazyLock::new(|| {
        let Ok(told) = std::env::var(VARIABLE) else { return BTreeMap::new() };
        match parse(&told) {
            Some(points) => points,
            None => {
                eprintln!("{VARIABLE} is not a list of name=kill@N or name=wait:MILLISECONDS: {told}");
                std::process::abort()
            }
        }
    });

    pub fn reach(name: &'static str) {
        let Some(point) = POINTS.get(name) else { return };
        let times = point.reached.fetch_add(1, Ordering::Relaxed) + 1;
        match point.deed {
            Deed::KillAt(at) if times == at => {
                eprintln!("ended at the failpoint {name}");
                std::process::abort()
            }
            Deed::KillAt(_) => {}
            Deed::Wait(pause) => std::thread::sleep(pause),
        }
    }

    fn parse(told: &str) -> Option<BTreeMap<String, Point>> {
        told.split_whitespace()
            .map(|one| {
                let (name, deed) = one.split_once('=')?;
                let point = Point { deed: parse_deed(deed)?, reached: AtomicU64::new(0) };
                Some((name.to_owned(), point))
            })
            .collect()
    }

    fn parse_deed(told: &str) -> Option<Deed> {
        if let Some(at) = told.strip_prefix("kill@") {
            return at.parse().ok().filter(|at| *at > 0).map(Deed::KillAt);
        }
        let pause = told.strip_prefix("wait:")?.parse().ok()?;
        Some(Deed::Wait(Duration::from_millis(pause)))
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn what_cannot_be_read_is_not_passed_over() {
            let read = |told: &str| {
                parse(told).map(|points| {
                    points.into_iter().map(|(name, point)| (name, point.deed)).collect::<Vec<_>>()
                })
            };
            let wait = Deed::Wait(Duration::from_millis(50));
            assert_eq!(
                read("a.b=kill@3 c=wait:50"),
                Some(vec![("a.b".to_owned(), Deed::KillAt(3)), ("c".to_owned(), wait)])
            );
            assert_eq!(read(""), Some(Vec::new()));
            for wrong in ["a", "a=", "a=kill", "a=kill@0", "a=kill@x", "a=wait:", "a=stay"] {
                assert_eq!(read(wrong), None, "{wrong}");
            }
        }
    }
}
