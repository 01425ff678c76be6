use std::time::{Duration, Instant};

use takt_notifications::{Settings, reach};
use tokio::time::timeout;

use super::report::Line;
use crate::wiring::NOBODY;

/// A buyer's mail does not hurry, but a server that takes longer to greet will hold the queue up.
const PATIENCE: Duration = Duration::from_secs(5);

/// Greets the mail server as the program would, up to and with signing in.
pub async fn look_at_mail(smtp: Option<&str>) -> Line {
    let settings = match Settings::parse(smtp, NOBODY) {
        Ok(settings) => settings,
        Err(fault) => return Line::of_fault("mail", &fault),
    };
    let began = Instant::now();
    match timeout(PATIENCE, reach(&settings)).await {
        Ok(Ok(None)) => Line::ok("mail", "mail-none"),
        Ok(Ok(Some(server))) => {
            Line::ok("mail", "mail-ok").arg("server", server).arg("milliseconds", began.elapsed().as_millis())
        }
        Ok(Err(fault)) => Line::of_fault("mail", &fault),
        Err(_) => Line::broken("mail", "mail-silent").arg("seconds", PATIENCE.as_secs()),
    }
}
