//! Pages of lists: numbered from 1, of 20, 50, 100 or 250.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{lenient::Text, refusal::Refusal};

const SIZES: [i64; 4] = [20, 50, 100, 250];

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Paging {
    pub limit: Option<Text>,
    pub page: Option<Text>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Page {
    pub limit: i64,
    pub number: i64,
}

impl Paging {
    pub fn page(&self, usual: i64) -> Result<Page, Refusal> {
        let whole = |name: &str, text: &Option<Text>, usual: i64| match text.as_ref().and_then(Text::filled) {
            None => Ok(usual),
            Some(text) => {
                text.parse::<i64>().map_err(|_| Refusal::parameter(name, "This value is not valid."))
            }
        };
        let limit = whole("limit", &self.limit, usual)?;
        let number = whole("page", &self.page, 1)?;
        if !SIZES.contains(&limit) {
            return Err(Refusal::parameter("limit", "The value you selected is not a valid choice."));
        }
        if number < 1 {
            return Err(Refusal::parameter("page", "This value should be 1 or more."));
        }
        Ok(Page { limit, number })
    }
}

impl Page {
    pub fn skipped(self) -> i64 {
        self.limit.saturating_mul(self.number - 1)
    }

    pub fn answer(self, total: i64) -> Value {
        let pages = (total + self.limit - 1) / self.limit;
        json!({ "limit": self.limit, "totalCount": total, "currentPage": self.number, "totalPageCount": pages })
    }
}
