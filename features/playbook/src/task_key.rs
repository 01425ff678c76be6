//! What makes a task the same one: opened once for a fact, for what lasts, for a round of the order, or for a shortage
//! in it. Written here for who opens it and for who asks what would have been opened.

/// Upon what a task is opened.
pub(crate) struct Reason<'r> {
    pub kind: &'r str,
    /// What it is about, as it is named in keys.
    pub about: &'r str,
    /// The fact.
    pub fact: i64,
    /// The rule and the beginning of what lasts.
    pub since: Option<(&'r str, i64)>,
    /// What tells this round of the order from others, since its promise began.
    pub round: &'r str,
    /// How many shortages of this round are over.
    pub shortages: usize,
}

impl Reason<'_> {
    /// By what the rule says of `once`.
    pub fn key(&self, once: Option<&str>) -> String {
        let Self { kind, about, round, .. } = self;
        if let Some((rule, since)) = self.since {
            return format!("playbook/{kind}/{about}/{rule}/{since}");
        }
        match once {
            Some("round") => format!("playbook/{kind}/{about}/{round}"),
            Some("shortage") => format!("playbook/{kind}/{about}/{round}/{}", self.shortages),
            _ => format!("playbook/{kind}/{about}/after/{}", self.fact),
        }
    }
}

/// A task of this outcome was about a shortage that is over: the next one is another.
pub(crate) fn ended_a_shortage(outcome: &str) -> bool {
    outcome == "goods_came"
}
