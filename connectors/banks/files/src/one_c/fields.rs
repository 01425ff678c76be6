//! The fields of one section, each taken once; what nobody takes is kept as it stands.

use super::{
    keys::Key,
    sections::{Field, Section},
};
use crate::{line::one_line, warnings::Warnings};

pub(super) struct Fields<'s, 'a> {
    fields: &'s [Field<'a>],
    taken: Vec<bool>,
}

impl<'s, 'a> Fields<'s, 'a> {
    pub(super) fn of(section: &'s Section<'a>) -> Self {
        Self { fields: &section.fields, taken: vec![false; section.fields.len()] }
    }

    /// The first value of this key that is not empty, in one line. A second, different one stays
    /// among the rest, with a warning.
    pub(super) fn take(&mut self, key: Key, warnings: &mut Warnings) -> Option<String> {
        let mut found: Option<String> = None;
        for (index, field) in self.fields.iter().enumerate() {
            if field.key != Some(key) {
                continue;
            }
            let value = one_line(&field.value);
            if value.is_empty() || found.as_ref() == Some(&value) {
                self.taken[index] = true;
            } else if found.is_some() {
                warnings.add("key_repeated", field.line, field.written);
            } else {
                self.taken[index] = true;
                found = Some(value);
            }
        }
        found
    }

    /// The values of this key with their lines, left among the rest.
    pub(super) fn look(&self, key: Key) -> impl Iterator<Item = &'s Field<'a>> + use<'s, 'a> {
        self.fields.iter().filter(move |field| field.key == Some(key) && !field.value.trim().is_empty())
    }

    pub(super) fn take_all(&mut self, key: Key) {
        for (field, taken) in self.fields.iter().zip(&mut self.taken) {
            *taken |= field.key == Some(key);
        }
    }

    /// As [`Self::take`], of what can be read; the rest stays, with a warning of this code.
    pub(super) fn take_read<T>(
        &mut self,
        key: Key,
        unread: &str,
        warnings: &mut Warnings,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let (line, written) = self.look(key).next().map(|field| (field.line, one_line(&field.value)))?;
        let value = read(&written);
        match value {
            Some(_) => drop(self.take(key, warnings)),
            None => warnings.add(unread, line, written),
        }
        value
    }

    /// What was taken of this key and not used after all stays among the rest.
    pub(super) fn give_back(&mut self, key: Key) {
        for (field, taken) in self.fields.iter().zip(&mut self.taken) {
            *taken &= field.key != Some(key);
        }
    }

    /// Everything that was not taken and is not empty, in the file's order.
    pub(super) fn rest(&self) -> Vec<(String, String)> {
        self.fields
            .iter()
            .zip(&self.taken)
            .filter(|(_, taken)| !**taken)
            .map(|(field, _)| (one_line(field.written), one_line(&field.value)))
            .filter(|(_, value)| !value.is_empty())
            .collect()
    }
}
