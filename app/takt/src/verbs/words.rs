use std::sync::Arc;

use takt_kernel::Fault;
use takt_ui::{Arg, Lang, Texts};

use crate::wiring;

/// The texts in the language of whoever typed the command.
#[derive(Clone)]
pub struct Words {
    texts: Arc<Texts>,
    lang: Lang,
}

impl Words {
    pub fn new(texts: Arc<Texts>, lang: Lang) -> Self {
        Self { texts, lang }
    }

    /// As the environment's locale says; English when it says nothing that we speak.
    pub fn of_environment() -> Self {
        let lang = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .filter_map(|name| std::env::var(name).ok())
            .find(|value| !value.is_empty())
            .map_or(Lang::En, |value| if value.starts_with("ru") { Lang::Ru } else { Lang::En });
        let texts = wiring::without_mail().map(|mail| wiring::assemble(mail).texts);
        Self::new(texts.unwrap_or_else(|_| Arc::new(Texts::new([]))), lang)
    }

    pub fn lang(&self) -> Lang {
        self.lang
    }
    pub fn texts(&self) -> &Arc<Texts> {
        &self.texts
    }
    pub fn say(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        self.texts.say(self.lang, key, args)
    }
    pub fn fault(&self, fault: &Fault) -> String {
        let mut said = self.texts.fault(self.lang, fault);
        for field in fault.fields() {
            said.push_str(&format!("\n  {}: {}", field.path, self.texts.field_fault(self.lang, field)));
        }
        said
    }
}
