//! The words that a document may use. Whoever runs playbooks declares them.

use crate::value::Kind;

#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    pub facts: Vec<FactWord>,
    /// What may be asked of the world, whatever happened: `order.left`, `company.task_minutes`.
    pub fields: Vec<FieldWord>,
    pub actions: Vec<ActionWord>,
}

#[derive(Clone, Debug, Default)]
pub struct FactWord {
    pub kind: &'static str,
    /// What of its body may be asked, as `fact.NAME`.
    pub fields: Vec<FieldWord>,
    /// Beginning of the names that have no meaning where such a fact is heard; empty: all have one.
    pub lacks: &'static str,
}

#[derive(Clone, Copy, Debug)]
pub struct FieldWord {
    pub name: &'static str,
    pub kind: Kind,
    /// The kinds of facts after which it may be another. A state is looked at again on these only.
    pub changed_by: &'static [&'static str],
}

#[derive(Clone, Debug, Default)]
pub struct ActionWord {
    pub name: &'static str,
    pub arguments: Vec<ArgumentWord>,
    /// Beginning of the names without which it cannot be done; empty: it always can.
    pub needs: &'static str,
    /// As `needs`, of values of its arguments.
    pub values_need: &'static [Need],
    /// Beginning of the names without which it finds only what the same rule has done before; empty: it always
    /// finds all.
    pub finds_own_without: &'static str,
    /// The facts that follow from it. A field of such a fact that is called as an argument has its value.
    pub says: &'static [&'static str],
    pub undoes: &'static [Undoing],
    pub fits: &'static [Fit],
}

/// An action is the opposite of another when these arguments of both are alike.
#[derive(Clone, Copy, Debug)]
pub struct Undoing {
    pub action: &'static str,
    pub alike: &'static [&'static str],
}

/// This value of an argument has a meaning only where such names have one.
#[derive(Clone, Copy, Debug)]
pub struct Need {
    pub argument: &'static str,
    pub value: &'static str,
    pub needs: &'static str,
}

/// Where an argument has a value, another makes sense with these only: who may do such a task at all.
#[derive(Clone, Copy, Debug)]
pub struct Fit {
    pub argument: &'static str,
    pub value: &'static str,
    pub with: &'static str,
    pub only: &'static [&'static str],
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

    /// Whether names that begin so have no meaning where these facts are heard.
    pub(crate) fn lack(&self, heard: &[String], needed: &str) -> bool {
        let mut facts = heard.iter().filter_map(|kind| self.fact(kind));
        !needed.is_empty() && facts.any(|fact| fact.lacks == needed)
    }

    pub(crate) fn action(&self, name: &str) -> Option<&ActionWord> {
        self.actions.iter().find(|action| action.name == name)
    }

    /// The kind of a field as a rule that hears these facts may ask it: what is asked of the fact must be
    /// there in each of them.
    pub(crate) fn field(&self, name: &str, heard: &[String]) -> Option<Kind> {
        let Some(of_fact) = name.strip_prefix(OF_FACT) else {
            let lacking = |fact: &FactWord| !fact.lacks.is_empty() && name.starts_with(fact.lacks);
            if heard.iter().filter_map(|kind| self.fact(kind)).any(lacking) {
                return None;
            }
            return self.fields.iter().find(|field| field.name == name).map(|field| field.kind);
        };
        let mut kinds = heard.iter().map(|kind| {
            let fact = self.fact(kind)?;
            fact.fields.iter().find(|field| field.name == of_fact).map(|field| field.kind)
        });
        let first = kinds.next()??;
        kinds.all(|kind| kind == Some(first)).then_some(first)
    }

    pub(crate) fn changes_of(&self, name: &str) -> &'static [&'static str] {
        self.fields.iter().find(|field| field.name == name).map_or(&[], |field| field.changed_by)
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
