use serde::{Deserialize, Serialize};
use takt_kernel::Result;
use takt_store::{Change, Row};

const LONGEST_ARTICLE: usize = 100;
const LONGEST_EXTERNAL_ID: usize = 200;
const LONGEST_PICTURE: usize = 1_000;

/// What a shop's own catalogue knows of an offer beside its SKU. Told by feeds; who says nothing of it
/// leaves it as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// The vendor's or warehouse's own name of it.
    pub article: Option<String>,
    /// Its id in the accounting program behind the shop.
    pub external_id: Option<String>,
    /// Address of a picture.
    pub picture: Option<String>,
}

impl Details {
    /// Keeps what makes sense and fits; the rest is left out, since nothing depends on it.
    pub fn lenient(article: Option<&str>, external_id: Option<&str>, picture: Option<&str>) -> Self {
        let picture = fitting(picture, LONGEST_PICTURE)
            .filter(|address| address.starts_with("https://") || address.starts_with("http://"))
            .filter(|address| !address.contains(char::is_whitespace));
        Self {
            article: fitting(article, LONGEST_ARTICLE),
            external_id: fitting(external_id, LONGEST_EXTERNAL_ID),
            picture,
        }
    }

    pub(crate) fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            article: row.get("article")?,
            external_id: row.get("external_id")?,
            picture: row.get("picture")?,
        })
    }

    pub(crate) fn changes_to(&self, after: &Self) -> impl Iterator<Item = Change> + use<> {
        let change = |path, before: &Option<String>, after: &Option<String>| {
            (before != after).then(|| Change::of(path, before.clone(), after.clone()))
        };
        [
            change("article", &self.article, &after.article),
            change("external_id", &self.external_id, &after.external_id),
            change("picture", &self.picture, &after.picture),
        ]
        .into_iter()
        .flatten()
    }
}

fn fitting(text: Option<&str>, longest: usize) -> Option<String> {
    let text = text?.trim();
    let fits = !text.is_empty() && text.chars().count() <= longest && !text.chars().any(char::is_control);
    fits.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_no_sense_is_left_out() {
        let long = "x".repeat(1_001);
        let kept = Details::lenient(Some(" A-1 "), Some(""), Some("https://shop.example/a.jpg"));
        assert_eq!((kept.article.as_deref(), kept.external_id.as_deref()), (Some("A-1"), None));
        assert_eq!(kept.picture.as_deref(), Some("https://shop.example/a.jpg"));
        for picture in ["javascript:alert(1)", "https://a b", long.as_str()] {
            assert_eq!(Details::lenient(None, None, Some(picture)), Details::default(), "{picture}");
        }
    }
}
