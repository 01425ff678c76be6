//! The token that opens a bank's interface: kept while it lasts, renewed with the refresh token. Banks
//! change the refresh token with every use, so the new one has to be kept before anything else happens.

use serde::Deserialize;
use serde_json::{Value as Json, json};
use takt_kernel::{Fault, Result};
use takt_outbound::Call;
use takt_payments_port::Asked;

pub const CLIENT_ID: &str = "client_id";
pub const CLIENT_SECRET: &str = "client_secret";
pub const REFRESH: &str = "refresh_token";
pub const ACCESS: &str = "access_token";
/// Until when the access token lasts, in seconds since 1970.
pub const ACCESS_UNTIL: &str = "access_token_until";
const EARLY_SECONDS: i64 = 60;
const LASTS_SECONDS: i64 = 3600;

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    #[serde(default)]
    refresh_token: Option<String>,
    #[serde(default)]
    expires_in: Option<Json>,
}

pub(crate) struct Token {
    pub access: String,
    /// What has to be kept in place of the keys of the same names.
    pub renewed: Vec<(&'static str, String)>,
}

/// # Errors
/// `payments.bank_key_missing`, `bank_rest.token_refused`, and those of the client.
pub(crate) async fn of(asked: &Asked<'_>, path: &str) -> Result<Token> {
    let now = asked.now.to_jiff().as_second();
    let until = asked.keys.find(ACCESS_UNTIL).and_then(|until| until.parse::<i64>().ok());
    if let (Some(access), Some(until)) = (asked.keys.find(ACCESS), until)
        && until > now + EARLY_SECONDS
    {
        return Ok(Token { access: access.to_owned(), renewed: Vec::new() });
    }
    renew(asked, path, now).await
}

async fn renew(asked: &Asked<'_>, path: &str, now: i64) -> Result<Token> {
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", asked.keys.get(REFRESH)?),
        ("client_id", asked.keys.get(CLIENT_ID)?),
        ("client_secret", asked.keys.get(CLIENT_SECRET)?),
    ];
    let body: Vec<String> = form.iter().map(|(name, value)| format!("{name}={}", in_form(value))).collect();
    let address = if path.starts_with("https://") || path.starts_with("http://") {
        path.to_owned()
    } else {
        format!("{}{path}", asked.address.trim_end_matches('/'))
    };
    let call = Call::post(address).body("application/x-www-form-urlencoded", body.join("&"));
    let reply = asked.outbound.send(call).await?;
    let granted: Granted = match reply.json() {
        Ok(granted) if reply.is_success() => granted,
        // The body of a refusal may repeat the token, so only the status is told.
        Ok(_) | Err(_) => {
            return Err(Fault::unavailable("bank_rest.token_refused").arg("status", reply.status));
        }
    };
    let lasts = granted.expires_in.unwrap_or(json!(LASTS_SECONDS));
    let lasts = lasts.as_i64().or_else(|| lasts.as_str()?.parse().ok()).unwrap_or(LASTS_SECONDS);
    let mut renewed = vec![(ACCESS, granted.access_token.clone()), (ACCESS_UNTIL, (now + lasts).to_string())];
    renewed.extend(granted.refresh_token.map(|token| (REFRESH, token)));
    Ok(Token { access: granted.access_token, renewed })
}

fn in_form(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
