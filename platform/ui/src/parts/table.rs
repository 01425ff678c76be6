//! The dense list. On a phone each row becomes a card whose lines carry their column's name, so no
//! column is ever out of sight. Rows are walked with J and K and opened with Enter.

use maud::{Markup, Render, html};

use super::{
    icon::{Icon, icon},
    tone::Tone,
};
use crate::Words;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sorted {
    Up,
    Down,
}

#[derive(Clone, Debug, Default)]
pub struct Column {
    label: String,
    class: &'static str,
    sort: Option<(String, Option<Sorted>)>,
    unlabelled: bool,
}

impl Column {
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), ..Self::default() }
    }
    /// Digits below digits, to the right.
    pub fn numeric(self) -> Self {
        Self { class: "numeric", ..self }
    }
    /// Takes the room that others leave; cut with an ellipsis.
    pub fn wide(self) -> Self {
        Self { class: "wide", ..self }
    }
    /// No wider than its content.
    pub fn narrow(self) -> Self {
        Self { class: "narrow", ..self }
    }
    /// The head of the card on a phone.
    pub fn leading(self) -> Self {
        Self { class: "leading", unlabelled: true, ..self }
    }
    /// Buttons: without a name on screen, at the row's end.
    pub fn actions(self) -> Self {
        Self { class: "actions", unlabelled: true, ..self }
    }
    /// The head becomes a link that sorts by this column.
    pub fn sort(self, href: impl Into<String>, sorted: Option<Sorted>) -> Self {
        Self { sort: Some((href.into(), sorted)), ..self }
    }
}

/// One row. `id` keeps it the same row while the list is live: give it one whenever there is one.
#[derive(Clone, Debug, Default)]
pub struct Row {
    pub id: Option<String>,
    pub href: Option<String>,
    pub tone: Tone,
    pub dim: bool,
    pub choice: Option<RowChoice>,
    pub cells: Vec<Markup>,
}

/// The box by which a row is chosen: what it sends, and the name that is spoken.
#[derive(Clone, Debug)]
pub struct RowChoice {
    pub value: String,
    pub label: String,
}

impl Row {
    pub fn new(cells: impl IntoIterator<Item = Markup>) -> Self {
        Self { cells: cells.into_iter().collect(), ..Self::default() }
    }
    /// Opens with Enter or a click anywhere; without scripts by the first cell, whose content is the
    /// link (so it must hold no link or button of its own).
    pub fn href(self, href: impl Into<String>) -> Self {
        Self { href: Some(href.into()), ..self }
    }
    pub fn id(self, id: impl Into<String>) -> Self {
        Self { id: Some(id.into()), ..self }
    }
    /// A thin stripe at the row's start.
    pub fn tone(self, tone: Tone) -> Self {
        Self { tone, ..self }
    }
    pub fn dim(self, dim: bool) -> Self {
        Self { dim, ..self }
    }
    pub fn choice(self, value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { choice: Some(RowChoice { value: value.into(), label: label.into() }), ..self }
    }
}

pub struct Table<'a> {
    words: &'a Words,
    caption: String,
    columns: Vec<Column>,
    rows: Vec<Row>,
    id: Option<String>,
    live: Option<String>,
    empty: Option<Markup>,
    foot: Option<Vec<Markup>>,
    choosing: Option<(String, String)>,
}

impl<'a> Table<'a> {
    /// `caption` is spoken, not shown.
    pub fn new(words: &'a Words, caption: impl Into<String>) -> Self {
        Self {
            words,
            caption: caption.into(),
            columns: Vec::new(),
            rows: Vec::new(),
            id: None,
            live: None,
            empty: None,
            foot: None,
            choosing: None,
        }
    }
    pub fn columns(self, columns: impl IntoIterator<Item = Column>) -> Self {
        Self { columns: columns.into_iter().collect(), ..self }
    }
    pub fn rows(self, rows: impl IntoIterator<Item = Row>) -> Self {
        Self { rows: rows.into_iter().collect(), ..self }
    }
    pub fn id(self, id: impl Into<String>) -> Self {
        Self { id: Some(id.into()), ..self }
    }
    /// Re-read when any of these topics changes: `orders tasks`.
    pub fn live(self, id: impl Into<String>, topics: impl Into<String>) -> Self {
        Self { id: Some(id.into()), live: Some(topics.into()), ..self }
    }
    /// Stands in place of the table when there are no rows.
    pub fn empty(self, empty: Markup) -> Self {
        Self { empty: Some(empty), ..self }
    }
    /// Rows can be chosen: their boxes belong to the form of this id, wherever it stands, under this name.
    pub fn choosing(self, form: impl Into<String>, name: impl Into<String>) -> Self {
        Self { choosing: Some((form.into(), name.into())), ..self }
    }
    /// A last row of totals, one cell per column.
    pub fn foot(self, cells: impl IntoIterator<Item = Markup>) -> Self {
        Self { foot: Some(cells.into_iter().collect()), ..self }
    }

    fn head(&self) -> Markup {
        html! {
            thead {
                tr {
                    @if self.choosing.is_some() {
                        th.choose scope="col" {
                            input type="checkbox" data-choose-all hidden aria-label=(self.words.t("ui-choose-all"))
                                title=(self.words.t("ui-choose-all"));
                            span.unseen { (self.words.t("ui-choose")) }
                        }
                    }
                    @for column in &self.columns {
                        th scope="col" class=(column.class) aria-sort=[sorting(column)] { (self.head_cell(column)) }
                    }
                }
            }
        }
    }

    fn actions_label(&self, column: &Column) -> String {
        if column.label.is_empty() { self.words.t("ui-actions") } else { column.label.clone() }
    }

    fn head_cell(&self, column: &Column) -> Markup {
        let title = || self.words.ta("ui-sort-by", &[("column", (&column.label).into())]);
        html! {
            @match &column.sort {
                Some((href, sorted)) => {
                    a.sort href=(href) title=(title()) {
                        (column.label)
                        @match sorted {
                            Some(Sorted::Up) => { (icon(Icon::ArrowUp)) }
                            Some(Sorted::Down) => { (icon(Icon::ArrowDown)) }
                            None => {}
                        }
                    }
                }
                None if column.class == "actions" => { span.unseen { (self.actions_label(column)) } }
                None => { (column.label) }
            }
        }
    }

    fn row(&self, row: &Row) -> Markup {
        let opens = row.href.is_some();
        html! {
            tr.(row.tone.class()).opens[opens].dim[row.dim] id=[&row.id] data-row {
                @if let Some((form, name)) = &self.choosing {
                    td.choose {
                        @if let Some(choice) = &row.choice {
                            input type="checkbox" form=(form) name=(name) value=(choice.value) data-choose
                                aria-label=(choice.label);
                        }
                    }
                }
                @for (index, cell) in row.cells.iter().enumerate() {
                    @let column = self.columns.get(index);
                    td class=[column.map(|column| column.class).filter(|class| !class.is_empty())]
                        data-label=[column.filter(|column| !column.unlabelled).map(|column| &column.label)] {
                        @match &row.href {
                            Some(href) if index == 0 => { a.row-link href=(href) data-open { (cell) } }
                            _ => { (cell) }
                        }
                    }
                }
            }
        }
    }
}

fn sorting(column: &Column) -> Option<&'static str> {
    match column.sort.as_ref()?.1? {
        Sorted::Up => Some("ascending"),
        Sorted::Down => Some("descending"),
    }
}

impl Render for Table<'_> {
    fn render(&self) -> Markup {
        html! {
            div.table-frame.broad[self.columns.len() > 6] id=[&self.id] data-live=[&self.live] {
                @match &self.empty {
                    Some(empty) if self.rows.is_empty() => { (empty) }
                    _ => {
                        table.table {
                            caption.unseen { (self.caption) }
                            (self.head())
                            tbody data-list { @for row in &self.rows { (self.row(row)) } }
                            @if let Some(foot) = &self.foot {
                                tfoot {
                                    tr {
                                        @if self.choosing.is_some() { td {} }
                                        @for (index, cell) in foot.iter().enumerate() {
                                            @let column = self.columns.get(index);
                                            td class=[column.map(|column| column.class)]
                                                data-label=[column.filter(|column| !column.unlabelled).map(|column| &column.label)] { (cell) }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
