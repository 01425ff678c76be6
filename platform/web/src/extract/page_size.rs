use takt_kernel::{Fault, FieldFault, Result};

/// No list gives more rows at once.
pub const LARGEST_PAGE: i64 = 200;
const USUAL_PAGE: i64 = 50;

/// How many rows a program asked for with `limit`.
///
/// # Errors
/// At the field `limit`, `web.limit_out_of_range`.
pub fn page_size(limit: Option<i64>) -> Result<i64> {
    match limit {
        None => Ok(USUAL_PAGE),
        Some(limit @ 1..=LARGEST_PAGE) => Ok(limit),
        Some(_) => Err(Fault::from_fields(vec![FieldFault {
            path: "limit".to_owned(),
            code: "web.limit_out_of_range".into(),
            args: vec![("most".into(), LARGEST_PAGE.to_string())],
        }])),
    }
}
