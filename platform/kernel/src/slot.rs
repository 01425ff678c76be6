use std::{
    any::{Any, TypeId},
    collections::BTreeMap,
    fmt,
    marker::PhantomData,
};

/// A named place that features fill at wiring: a step of a verb, a panel of a page, an action of
/// the playbook. Whoever declares the slot runs what is in it and never knows who filled it.
pub struct Slot<T> {
    name: &'static str,
    holds: PhantomData<fn() -> T>,
}

impl<T: Send + Sync + 'static> Slot<T> {
    pub const fn new(name: &'static str) -> Self {
        Self { name, holds: PhantomData }
    }

    pub const fn name(&self) -> &'static str {
        self.name
    }
}

/// Everything that was filled in, in the order of the list of features.
#[derive(Default)]
pub struct Slots {
    filled: BTreeMap<&'static str, Vec<Filling>>,
}

struct Filling {
    label: &'static str,
    held: TypeId,
    value: Box<dyn Any + Send + Sync>,
}

impl Slots {
    pub fn fill<T: Send + Sync + 'static>(&mut self, slot: &Slot<T>, label: &'static str, value: T) {
        self.filled.entry(slot.name).or_default().push(Filling {
            label,
            held: TypeId::of::<T>(),
            value: Box::new(value),
        });
    }

    pub fn of<'s, T: Send + Sync + 'static>(
        &'s self,
        slot: &Slot<T>,
    ) -> impl Iterator<Item = &'s T> + use<'s, T> {
        self.labelled(slot).map(|(_, value)| value)
    }

    pub fn labelled<'s, T: Send + Sync + 'static>(
        &'s self,
        slot: &Slot<T>,
    ) -> impl Iterator<Item = (&'static str, &'s T)> + use<'s, T> {
        self.filled
            .get(slot.name)
            .into_iter()
            .flatten()
            .filter_map(|filling| Some((filling.label, filling.value.downcast_ref::<T>()?)))
    }

    /// Slot names with the labels in them, for the generated flow document.
    pub fn labels(&self) -> impl Iterator<Item = (&'static str, Vec<&'static str>)> + '_ {
        self.filled
            .iter()
            .map(|(name, fillings)| (*name, fillings.iter().map(|filling| filling.label).collect()))
    }

    pub fn absorb(&mut self, other: Slots) {
        for (name, fillings) in other.filled {
            self.filled.entry(name).or_default().extend(fillings);
        }
    }
}

impl fmt::Debug for Slots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(self.filled.iter().map(|(name, fillings)| {
                (name, fillings.iter().map(|filling| (filling.label, filling.held)).collect::<Vec<_>>())
            }))
            .finish()
    }
}
