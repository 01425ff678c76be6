//! The words that a document may use. Whoever runs playbooks declares them.

use crate::value::Kind;

#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    pub facts: Vec<FactWord>,
    /// What may be asked of the world, whatever happened: `order.left`, `company.task_minutes`.
    pub fields: Vec<FieldWord>,
    pub actions: Vec<ActionWord>,
}

#[derive(Clone, Debug)]
pub struct FactWord {
    pub kind: &'static str,
    /// What of its body may be asked, as `fact.NAME`.
    pub fields: Vec<FieldWord>,
}

#[derive(Clone, Copy, Debug)]
pub struct FieldWord {
    pub name: &'static str,
    pub kind: Kind,
}

#[derive(Clone, Debug)]
pub struct ActionWord {
    pub name: &'static str,
    pub arguments: Vec<ArgumentWord>,
}

#[derive(Clone, Copy, Debug)]
pub struct ArgumentWord {
    pub name: &'static str,
    pub kind: Kind,
    pub required: bool,
}

/// Beginning of the names that are asked of the fact itself.
pub(crate) const OF_FACT: &str = "fact.";

impl Vocabulary {
    pub(crate) fn fact(&self, kind: &str) -> Option<&FactWord> {
        self.facts.iter().find(|fact| fact.kind == kind)
    }

    pub(crate) fn action(&self, name: &str) -> Option<&ActionWord> {
        self.actions.iter().find(|action| action.name == name)
    }

    /// The kind of a field as a rule that hears these facts may ask it: what is asked of the fact must be
    /// there in each of them.
    pub(crate) fn field(&self, name: &str, heard: &[String]) -> Option<Kind> {
        let Some(of_fact) = name.strip_prefix(OF_FACT) else {
            return self.fields.iter().find(|field| field.name == name).map(|field| field.kind);
        };
        let mut kinds = heard.iter().map(|kind| {
            let fact = self.fact(kind)?;
            fact.fields.iter().find(|field| field.name == of_fact).map(|field| field.kind)
        });
        let first = kinds.next()??;
        kinds.all(|kind| kind == Some(first)).then_some(first)
    }

    /// All names that [`Self::field`] would answer, for suggestions.
    pub(crate) fn fields_for(&self, heard: &[String]) -> Vec<String> {
        let of_facts = heard
            .first()
            .and_then(|kind| self.fact(kind))
            .into_iter()
            .flat_map(|fact| fact.fields.iter().map(|field| format!("{OF_FACT}{}", field.name)));
        let mut names: Vec<String> =
            self.fields.iter().map(|field| field.name.to_owned()).chain(of_facts).collect();
        names.retain(|name| self.field(name, heard).is_some());
        names
    }
}
