use takt_kernel::{Clock, SystemClock};
use takt_web::tls::Certificate;

use super::report::Line;
use crate::arguments::TlsOptions;

/// Programs that renew do so 30 days before the end: when less is left, they failed more than once.
const SOON: i64 = 21;
/// One line is no place for all of hundreds.
const NAMES_SHOWN: usize = 10;

/// The files that `takt serve` is given, as it would take them now.
pub fn look_at_certificate(options: &TlsOptions) -> Line {
    let files = match options.files() {
        Ok(Some(files)) => files,
        Ok(None) => return Line::ok("certificates", "certificates-none"),
        Err(fault) => return Line::of_fault("certificates", &fault),
    };
    let now = SystemClock.now();
    let certificate = match Certificate::look_at(&files, now) {
        Ok(certificate) => certificate,
        Err(fault) => return Line::of_fault("certificates", &fault),
    };
    let days = certificate.whole_days_left(now);
    let line = if certificate.names.is_empty() {
        Line::warning("certificates", "certificates-nameless")
    } else if days < SOON {
        Line::warning("certificates", "certificates-soon")
    } else {
        Line::ok("certificates", "certificates-ok")
    };
    line.arg("file", files.certificate.display())
        .arg("names", names(&certificate))
        .arg("days", days)
        .arg("at", certificate.not_after)
}

fn names(certificate: &Certificate) -> String {
    let shown = certificate.names.iter().take(NAMES_SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    if certificate.names.len() > NAMES_SHOWN { shown + ", …" } else { shown }
}
