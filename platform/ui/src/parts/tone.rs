//! Colours by meaning. Colour never stands alone: a word always says the same.

/// How good or bad something is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Neutral,
    /// What the eye should find first: ours, chosen, next.
    Accent,
    Good,
    Info,
    Warn,
    Bad,
}

impl Tone {
    pub const ALL: [Self; 6] = [Self::Neutral, Self::Accent, Self::Good, Self::Info, Self::Warn, Self::Bad];

    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Neutral => "tone-neutral",
            Self::Accent => "tone-accent",
            Self::Good => "tone-good",
            Self::Info => "tone-info",
            Self::Warn => "tone-warn",
            Self::Bad => "tone-bad",
        }
    }
}

/// Ten colours that can be told apart, for kinds of things: who holds a clock, whose card it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shade {
    Sky,
    Violet,
    Rose,
    Teal,
    Slate,
    Amber,
    Green,
    Brown,
    Indigo,
    Grey,
}

impl Shade {
    pub const ALL: [Self; 10] = [
        Self::Sky,
        Self::Violet,
        Self::Rose,
        Self::Teal,
        Self::Slate,
        Self::Amber,
        Self::Green,
        Self::Brown,
        Self::Indigo,
        Self::Grey,
    ];

    pub const fn class(self) -> &'static str {
        match self {
            Self::Sky => "shade-sky",
            Self::Violet => "shade-violet",
            Self::Rose => "shade-rose",
            Self::Teal => "shade-teal",
            Self::Slate => "shade-slate",
            Self::Amber => "shade-amber",
            Self::Green => "shade-green",
            Self::Brown => "shade-brown",
            Self::Indigo => "shade-indigo",
            Self::Grey => "shade-grey",
        }
    }

    /// Always the same shade for the same text: avatars, shops.
    pub fn of(text: &str) -> Self {
        let sum = text.chars().fold(7_u32, |sum, letter| sum.wrapping_mul(31).wrapping_add(letter.into()));
        Self::ALL.get(sum as usize % Self::ALL.len()).copied().unwrap_or(Self::Slate)
    }
}
