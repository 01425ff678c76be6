//! What the browser gets beside pages: one style sheet, one script, one worker, fonts, the mark. Guests get a smaller
//! style sheet and a smaller script.
//!
//! Every URL holds a hash of its content, so a browser may keep it for ever; packed once at build.

use axum::{
    Router,
    body::{Body, Bytes},
    extract::Path,
    http::{
        HeaderMap, Response, StatusCode,
        header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY},
    },
    routing::get,
};

#[derive(Clone, Copy, Debug)]
pub struct Asset {
    /// `app.css`: how the code calls it.
    pub name: &'static str,
    /// `/assets/app.0a1b2c3d4e5f.css`: where the browser finds it.
    pub path: &'static str,
    pub content_type: &'static str,
    pub bytes: &'static [u8],
    /// The same, packed; `None` for what is packed already.
    pub gzip: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

pub fn assets() -> &'static [Asset] {
    ASSETS
}

/// The URL of an asset by name. A name nobody ships leads nowhere; a test renders every page.
pub fn asset_url(name: &str) -> &'static str {
    ASSETS.iter().find(|asset| asset.name == name).map_or("/assets/unknown", |asset| asset.path)
}

/// Serves [`assets`] under `/assets/…`.
pub fn asset_routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{file}", get(serve))
}

async fn serve(Path(file): Path<String>, headers: HeaderMap) -> Response<Body> {
    let wanted = ASSETS.iter().find(|asset| asset.path.strip_prefix("/assets/") == Some(&*file));
    let Some(asset) = wanted else { return answer(StatusCode::NOT_FOUND, Body::empty()) };
    let packed = asset.gzip.filter(|_| accepts_gzip(&headers));
    let mut response = answer(StatusCode::OK, Bytes::from_static(packed.unwrap_or(asset.bytes)).into());
    let names = [
        (CONTENT_TYPE, asset.content_type),
        (CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (VARY, "accept-encoding"),
    ];
    for (name, value) in names {
        response.headers_mut().insert(name, axum::http::HeaderValue::from_static(value));
    }
    if packed.is_some() {
        response.headers_mut().insert(CONTENT_ENCODING, axum::http::HeaderValue::from_static("gzip"));
    }
    response
}

fn answer(status: StatusCode, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response
}

fn accepts_gzip(headers: &HeaderMap) -> bool {
    headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
            name.trim() == "gzip" && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
        })
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use tower::ServiceExt;

    use super::*;

    async fn get(path: &str, encoding: &str) -> Response<Body> {
        let request = Request::get(path).header(ACCEPT_ENCODING, encoding).body(Body::empty());
        asset_routes::<()>().oneshot(request.expect("a request")).await.expect("an answer")
    }

    #[tokio::test]
    async fn assets_may_be_kept_for_ever_and_come_packed_to_those_who_can_unpack() {
        let packed = get(asset_url("app.css"), "br, gzip").await;
        assert_eq!(packed.headers()[CONTENT_ENCODING], "gzip");
        assert!(packed.headers()[CACHE_CONTROL].to_str().is_ok_and(|value| value.contains("immutable")));
        let plain = get(asset_url("app.css"), "gzip;q=0").await;
        assert!(plain.headers().get(CONTENT_ENCODING).is_none());
        assert_eq!(get("/assets/app.000000000000.css", "gzip").await.status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn the_first_load_of_a_weak_net_stays_under_a_hundred_and_twenty_kilobytes() {
        let sent: usize = assets()
            .iter()
            .filter(|asset| !asset.name.starts_with("guest."))
            .map(|asset| asset.gzip.unwrap_or(asset.bytes).len())
            .sum();
        assert!(sent < 120 * 1024, "{sent}");
    }

    #[test]
    fn the_style_sheet_names_only_assets_that_exist() {
        let styles = assets().iter().find(|asset| asset.name == "app.css").expect("a style sheet");
        assert!(!String::from_utf8_lossy(styles.bytes).contains("asset:"));
    }
}
