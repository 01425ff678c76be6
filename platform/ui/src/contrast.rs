//! Proves the contrast of the colours in `tokens.css`: every ink on every ground it stands on.

const TOKENS: &str = include_str!("../assets/styles/tokens.css");
const READABLE: f64 = 4.5;
const GROUNDS: &[&str] = &["ground", "surface", "raised", "hover", "sunken"];
const INKS: &[&str] = &["ink", "ink-soft", "ink-faint", "accent", "good", "info", "warn", "bad"];
const SHADES: &[&str] =
    &["sky", "violet", "rose", "teal", "slate", "amber", "green", "brown", "indigo", "grey"];

type Colour = [f64; 3];

/// Light and dark value of a token.
fn token(name: &str) -> [Colour; 2] {
    let value = TOKENS
        .lines()
        .find_map(|line| line.trim().strip_prefix(&format!("--{name}: light-dark("))?.strip_suffix(");"))
        .unwrap_or_else(|| panic!("no token {name}"));
    let mut colours = value.split(", ").map(|hex| {
        let part = |at: usize| f64::from(u8::from_str_radix(&hex[at..at + 2], 16).expect("a colour")) / 255.0;
        [part(1), part(3), part(5)]
    });
    [colours.next().expect("light"), colours.next().expect("dark")]
}

/// WCAG 2.2, relative luminance.
fn luminance(colour: Colour) -> f64 {
    let [red, green, blue] =
        colour.map(|part| if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(one: Colour, other: Colour) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn tinted(ink: Colour, ground: Colour, share: f64) -> Colour {
    [0, 1, 2].map(|part| ink[part] * share + ground[part] * (1.0 - share))
}

fn pairs() -> Vec<(String, [Colour; 2], [Colour; 2])> {
    let mut pairs = vec![("on-accent on accent".to_owned(), token("on-accent"), token("accent"))];
    for ink in INKS {
        for ground in GROUNDS {
            pairs.push((format!("{ink} on {ground}"), token(ink), token(ground)));
        }
    }
    for shade in SHADES {
        for ground in ["surface", "hover"] {
            pairs.push((format!("{shade} on {ground}"), token(shade), token(ground)));
        }
    }
    // Badges, counts and avatars; the faint ink has no tint.
    for ink in INKS.iter().filter(|ink| **ink != "ink-faint").chain(SHADES) {
        for ground in ["surface", "ground"] {
            let (colour, below) = (token(ink), token(ground));
            let tint = [0, 1].map(|theme| tinted(colour[theme], below[theme], 0.15));
            pairs.push((format!("{ink} on its own tint over {ground}"), colour, tint));
        }
    }
    pairs
}

#[test]
fn every_ink_can_be_read_on_its_ground_in_both_themes() {
    let mut faint = Vec::new();
    for (name, ink, ground) in pairs() {
        for (theme, at) in [("light", 0), ("dark", 1)] {
            let found = contrast(ink[at], ground[at]);
            if found < READABLE {
                faint.push(format!("{name}, {theme}: {found:.2}"));
            }
        }
    }
    assert!(faint.is_empty(), "{}", faint.join("\n"));
}

/// Sizes of the dense set that text is written in, in rem.
fn dense_sizes() -> Vec<(String, f64)> {
    let dense = TOKENS.split(":root[data-density=\"dense\"] {").nth(1).expect("the dense set");
    let dense = dense.split('}').next().expect("its end");
    assert!(!dense.contains('#') && !dense.contains("light-dark"), "density changes no colour: {dense}");
    dense
        .lines()
        .filter_map(|line| line.trim().strip_suffix("rem;")?.split_once(": "))
        .map(|(name, size)| (name.to_owned(), size.parse().expect("a size")))
        .collect()
}

#[test]
fn both_densities_share_the_colours_and_nothing_becomes_too_small_to_read() {
    let sizes = dense_sizes();
    assert!(sizes.len() >= 8, "{sizes:?}");
    for (name, size) in sizes {
        let least = match name.as_str() {
            // What is pressed: WCAG 2.2 wants 24 px.
            "--control" => 1.5,
            name if name.starts_with("--size") => 0.75,
            _ => 0.0,
        };
        assert!(size >= least, "{name}: {size}");
    }
}
