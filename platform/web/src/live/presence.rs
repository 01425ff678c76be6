//! Who looks at what, right now. Browsers say it while somebody has a card open, again every few seconds; who says
//! nothing for half a minute has left. It stands in memory alone: nodes tell it each other as they are told, and what
//! a node misses comes with the next time. Nothing is ever held up by it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use serde_json::json;
use takt_kernel::{CompanyId, PersonId};
use takt_store::Db;
use tokio::{
    sync::{broadcast, watch},
    time::{Instant, interval},
};

use super::LiveChange;

/// Browsers say every ten seconds what they look at.
const GONE_AFTER: Duration = Duration::from_secs(25);
const SWEEP: Duration = Duration::from_secs(2);
/// Things that one browser may look at.
pub const MOST_LOOKED: usize = 20;
/// More are not remembered: nobody is in the way of anybody by that.
const MOST_BROWSERS: usize = 5_000;
const BACKLOG: usize = 256;

/// What somebody looks at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Looked {
    pub company: CompanyId,
    pub kind: String,
    pub id: i64,
}

impl Looked {
    pub(super) fn topic(&self) -> String {
        format!("{}/{}", self.kind, self.id)
    }

    /// Who may hear of its changes may know who looks at it.
    pub(super) fn as_change(&self, position: i64) -> LiveChange {
        let (company, subject_kind) = (self.company, self.kind.clone());
        LiveChange { position, company, subject_kind, subject_id: self.id }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Onlooker {
    pub person: PersonId,
    pub name: String,
}

impl Onlooker {
    pub(super) fn told(&self) -> serde_json::Value {
        json!([takt_ui::initials(&self.name), self.name])
    }
}

/// What a node tells the others.
#[derive(Serialize, Deserialize)]
struct Word {
    node: u64,
    browser: i64,
    said: i64,
    who: Onlooker,
    looked: BTreeSet<Looked>,
}

struct Browser {
    said: i64,
    who: Onlooker,
    looked: BTreeSet<Looked>,
    until: Instant,
}

/// The onlookers that a node knows. Cheap to clone.
#[derive(Clone)]
pub struct Presence(Arc<Shared>);

struct Shared {
    db: Db,
    node: u64,
    browsers: Mutex<BTreeMap<i64, Browser>>,
    news: broadcast::Sender<Arc<Vec<Looked>>>,
}

impl Presence {
    pub(super) fn new(db: Db) -> Self {
        let mut node = [0_u8; 8];
        // Without chance nodes would take each other's words for their own, and miss them.
        if let Err(fault) = db.entropy().fill(&mut node) {
            tracing::warn!(?fault, "nodes will not see who looks at what on this one");
        }
        let (news, _) = broadcast::channel(BACKLOG);
        let node = u64::from_le_bytes(node);
        Self(Arc::new(Shared { db, node, browsers: Mutex::default(), news }))
    }

    /// A browser of this person looks at these things and no others. Its id is that of the session; `said` grows with
    /// whatever it says, so that what was overtaken on the way is not believed.
    pub async fn look(
        &self,
        browser: i64,
        said: i64,
        person: PersonId,
        name: &str,
        looked: BTreeSet<Looked>,
    ) {
        let who = Onlooker { person, name: name.to_owned() };
        let word = Word { node: self.0.node, browser, said, who, looked };
        let told = serde_json::to_string(&word);
        self.take(word);
        let told = match told {
            Ok(told) => self.0.db.tell_nodes(&told).await,
            Err(error) => Err(takt_kernel::Fault::broken("web.unwritable").because(error)),
        };
        if let Err(fault) = told {
            tracing::debug!(?fault, "other nodes were not told who looks at what");
        }
    }

    fn take(&self, word: Word) {
        let mut browsers = self.browsers();
        if browsers.get(&word.browser).is_some_and(|browser| browser.said > word.said) {
            return;
        }
        let before = browsers.remove(&word.browser).map(|browser| browser.looked).unwrap_or_default();
        if browsers.len() >= MOST_BROWSERS {
            return;
        }
        let changed: Vec<Looked> = before.symmetric_difference(&word.looked).cloned().collect();
        let Word { browser, said, who, looked, .. } = word;
        browsers.insert(browser, Browser { said, who, looked, until: Instant::now() + GONE_AFTER });
        drop(browsers);
        self.tell(changed);
    }

    fn tell(&self, changed: Vec<Looked>) {
        if !changed.is_empty() {
            // Nobody listening is no mistake.
            self.0.news.send(Arc::new(changed)).ok();
        }
    }

    /// Things whose onlookers are others from now on.
    pub(super) fn subscribe(&self) -> broadcast::Receiver<Arc<Vec<Looked>>> {
        self.0.news.subscribe()
    }

    /// Everything that somebody looks at.
    pub(super) fn everything(&self) -> Vec<Looked> {
        let browsers = self.browsers();
        let all: BTreeSet<&Looked> = browsers.values().flat_map(|browser| &browser.looked).collect();
        all.into_iter().cloned().collect()
    }

    /// Each once, however many browsers they have.
    pub(super) fn onlookers(&self, looked: &Looked) -> BTreeSet<Onlooker> {
        let browsers = self.browsers();
        let looking = browsers.values().filter(|browser| browser.looked.contains(looked));
        looking.map(|browser| browser.who.clone()).collect()
    }

    /// Hears other nodes, and forgets who left without a word.
    pub(super) async fn keep(self, mut closed: watch::Receiver<bool>) {
        let mut told = self.0.db.told();
        let mut sweep = interval(SWEEP);
        loop {
            tokio::select! {
                words = told.recv() => match words {
                    Ok(words) => self.hear(&words),
                    Err(broadcast::error::RecvError::Lagged(_)) => {}
                    Err(broadcast::error::RecvError::Closed) => return,
                },
                _ = sweep.tick() => self.sweep(Instant::now()),
                _ = closed.wait_for(|closed| *closed) => return,
            }
        }
    }

    fn hear(&self, words: &str) {
        // Another version of the program may speak otherwise; it is understood again when all are one.
        if let Ok(word) = serde_json::from_str::<Word>(words)
            && word.node != self.0.node
            && word.looked.len() <= MOST_LOOKED
        {
            self.take(word);
        }
    }

    fn sweep(&self, now: Instant) {
        let mut changed = BTreeSet::new();
        self.browsers().retain(|_, browser| {
            let stays = browser.until > now;
            if !stays {
                changed.append(&mut browser.looked);
            }
            stays
        });
        self.tell(changed.into_iter().collect());
    }

    fn browsers(&self) -> MutexGuard<'_, BTreeMap<i64, Browser>> {
        self.0.browsers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use takt_kernel::ManualClock;
    use takt_testing::{Place, TestApp};

    use super::*;

    const ORDER: i64 = 42;

    fn order() -> Looked {
        Looked { company: CompanyId::new(7), kind: "order".to_owned(), id: ORDER }
    }

    fn names(presence: &Presence) -> Vec<String> {
        presence.onlookers(&order()).into_iter().map(|onlooker| onlooker.name).collect()
    }

    #[tokio::test]
    async fn whoever_says_nothing_for_half_a_minute_has_left() {
        let app = TestApp::open(Place::sqlite(), Vec::new()).await;
        let presence = Presence::new(app.db.clone());
        let mut news = presence.subscribe();
        for (browser, person, name) in
            [(1, 10, "Анна Королёва"), (2, 10, "Анна Королёва"), (3, 11, "Иван Зимин")]
        {
            presence.look(browser, 1, PersonId::new(person), name, [order()].into()).await;
        }
        assert_eq!(names(&presence), ["Анна Королёва", "Иван Зимин"], "each once");
        presence.look(3, 0, PersonId::new(11), "Иван Зимин", BTreeSet::new()).await;
        assert_eq!(names(&presence).len(), 2, "what was overtaken on the way is not believed");
        presence.look(3, 2, PersonId::new(11), "Иван Зимин", BTreeSet::new()).await;
        assert_eq!(names(&presence), ["Анна Королёва"]);
        presence.sweep(Instant::now() + GONE_AFTER - SWEEP);
        assert_eq!(names(&presence).len(), 1);
        while news.try_recv().is_ok() {}
        presence.sweep(Instant::now() + GONE_AFTER);
        assert_eq!(names(&presence), Vec::<String>::new());
        assert_eq!(news.recv().await.map(|changed| changed.to_vec()).unwrap_or_default(), [order()]);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn nodes_tell_each_other() {
        let clock = Arc::new(ManualClock::at(takt_kernel::Timestamp::from_micros(0)));
        let app = TestApp::open_at(Place::postgres(), Vec::new(), clock, true).await;
        let (here, there) = (Presence::new(app.db.clone()), Presence::new(app.second_node().await));
        let mut news = here.subscribe();
        let (_open, closed) = watch::channel(false);
        tokio::spawn(here.clone().keep(closed));
        // A node that begins to listen a moment later hears what is said again.
        for said in 1..200 {
            there.look(5, said, PersonId::new(11), "Иван Зимин", [order()].into()).await;
            if tokio::time::timeout(Duration::from_millis(50), news.recv()).await.is_ok() {
                break;
            }
        }
        assert_eq!(names(&here), ["Иван Зимин"]);
        there.look(5, 1_000, PersonId::new(11), "Иван Зимин", BTreeSet::new()).await;
        let heard = tokio::time::timeout(Duration::from_secs(10), news.recv()).await;
        assert!(heard.is_ok_and(|heard| heard.is_ok()), "it is told when they leave");
        assert_eq!(names(&here), Vec::<String>::new());
    }
}
