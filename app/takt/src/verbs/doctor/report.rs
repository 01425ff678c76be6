use serde_json::json;
use takt_kernel::{Fault, Timestamp};
use takt_ui::Arg;

use crate::verbs::{Words, backup::PROGRAM};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Ok,
    Warning,
    Broken,
}

impl State {
    const fn code(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Broken => "broken",
        }
    }
    const fn mark(self) -> &'static str {
        match self {
            Self::Ok => "✓",
            Self::Warning => "!",
            Self::Broken => "✗",
        }
    }
}

/// One thing that was looked at. The text stands under `doctor-` and its code; what to do under the
/// same with `-do`, for all but good news.
#[derive(Debug)]
pub struct Line {
    name: &'static str,
    state: State,
    finding: Finding,
}

#[derive(Debug)]
enum Finding {
    Text {
        code: &'static str,
        args: Vec<(&'static str, String)>,
    },
    Fault(String, Vec<(String, String)>),
    /// A check of a feature, and the rows that break it.
    Check {
        key: String,
        rows: Vec<String>,
    },
}

impl Line {
    pub fn ok(name: &'static str, code: &'static str) -> Self {
        Self { name, state: State::Ok, finding: Finding::Text { code, args: Vec::new() } }
    }
    pub fn warning(name: &'static str, code: &'static str) -> Self {
        Self { state: State::Warning, ..Self::ok(name, code) }
    }
    pub fn broken(name: &'static str, code: &'static str) -> Self {
        Self { state: State::Broken, ..Self::ok(name, code) }
    }

    pub fn arg(mut self, name: &'static str, value: impl std::fmt::Display) -> Self {
        if let Finding::Text { args, .. } = &mut self.finding {
            args.push((name, value.to_string()));
        }
        self
    }

    /// Texts of faults say themselves what to do.
    pub fn of_fault(name: &'static str, fault: &Fault) -> Self {
        let mut args: Vec<(String, String)> =
            fault.args().iter().map(|(name, value)| (name.to_string(), value.clone())).collect();
        let mut source = std::error::Error::source(fault);
        let mut causes = Vec::new();
        while let Some(cause) = source {
            causes.push(cause.to_string());
            source = cause.source();
        }
        if !causes.is_empty() {
            args.push(("cause".to_owned(), causes.join(": ")));
        }
        Self { name, state: State::Broken, finding: Finding::Fault(fault.code().to_owned(), args) }
    }

    pub fn of_check(key: String, rows: Vec<String>) -> Self {
        Self { name: "data", state: State::Broken, finding: Finding::Check { key, rows } }
    }

    fn code(&self) -> String {
        match &self.finding {
            Finding::Text { code, .. } => (*code).to_owned(),
            Finding::Fault(code, _) => code.clone(),
            Finding::Check { key, .. } => key.clone(),
        }
    }

    fn text(&self, words: &Words) -> String {
        match &self.finding {
            Finding::Text { code, args } => words.say(&format!("doctor-{code}"), &given(args)),
            Finding::Fault(code, args) => {
                let args: Vec<(&str, Arg<'_>)> =
                    args.iter().map(|(name, value)| (name.as_str(), number_or_text(value))).collect();
                let said = words.say(&code.replace('.', "-"), &args);
                let cause = args.iter().find(|(name, _)| *name == "cause");
                match cause {
                    Some((_, Arg::Text(cause))) => format!("{said} ({cause})"),
                    Some(_) | None => said,
                }
            }
            Finding::Check { key, rows } => {
                let title = words.say(key, &[]);
                let broken = words.say("doctor-check-broken", &[("rule", Arg::from(title))]);
                rows.iter().fold(broken, |said, row| said + "\n      " + row)
            }
        }
    }

    fn todo(&self, words: &Words) -> Option<String> {
        let key = match &self.finding {
            _ if self.state == State::Ok => return None,
            Finding::Text { code, .. } => format!("doctor-{code}-do"),
            Finding::Check { key, .. } => format!("{key}-do"),
            Finding::Fault(..) => return None,
        };
        Some(match &self.finding {
            Finding::Text { args, .. } => words.say(&key, &given(args)),
            Finding::Check { .. } | Finding::Fault(..) => words.say(&key, &[]),
        })
    }
}

fn given<'a>(args: &'a [(&'static str, String)]) -> Vec<(&'a str, Arg<'a>)> {
    args.iter().map(|(name, value)| (*name, number_or_text(value))).collect()
}

/// Numbers choose plural forms.
fn number_or_text(value: &str) -> Arg<'_> {
    value.parse().map_or_else(|_| Arg::from(value), Arg::Number)
}

#[derive(Debug, Default)]
pub struct Report {
    lines: Vec<Line>,
}

impl Report {
    pub fn add(&mut self, line: Line) {
        self.lines.push(line);
    }

    pub fn extend(&mut self, other: Self) {
        self.lines.extend(other.lines);
    }

    fn state(&self) -> State {
        self.lines.iter().map(|line| line.state).max().unwrap_or(State::Ok)
    }

    pub fn exit_code(&self) -> u8 {
        match self.state() {
            State::Ok => 0,
            State::Warning => 1,
            State::Broken => 2,
        }
    }

    pub fn text(&self, words: &Words) -> String {
        let mut said = String::new();
        for line in &self.lines {
            let title = words.say(&format!("doctor-{}", line.name), &[]);
            said.push_str(&format!("{} {title}: {}\n", line.state.mark(), line.text(words)));
            if let Some(todo) = line.todo(words) {
                said.push_str(&format!("  → {todo}\n"));
            }
        }
        said.push_str(&words.say(&format!("doctor-all-{}", self.state().code()), &[]));
        said.push('\n');
        said
    }

    pub fn json(&self, words: &Words, now: Timestamp) -> String {
        let lines: Vec<serde_json::Value> = self
            .lines
            .iter()
            .map(|line| {
                json!({
                    "name": line.name,
                    "state": line.state.code(),
                    "code": line.code(),
                    "text": line.text(words),
                    "do": line.todo(words),
                })
            })
            .collect();
        let all = json!({ "program": PROGRAM, "at": now, "state": self.state().code(), "lines": lines });
        format!("{all:#}\n")
    }
}
