//! Large answers, written down chunk by chunk as they come.

use std::{
    fs::File,
    io::{Seek, Write},
    time::Duration,
};

use reqwest::{
    Response, StatusCode, Url,
    header::{AUTHORIZATION, HeaderMap, LOCATION},
};
use takt_kernel::{Fault, Result};

use crate::{Call, Outbound, fault};

/// Beyond these a download is given up.
#[derive(Clone, Copy, Debug)]
pub struct DownloadLimits {
    pub bytes: u64,
    /// From the first request to the last byte, redirects included.
    pub whole: Duration,
    /// Without a single byte.
    pub silence: Duration,
    pub redirects: usize,
}

/// What came, the body from the beginning of the file.
#[derive(Debug)]
pub struct Download {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: File,
    pub bytes: u64,
}

impl Download {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

impl Outbound {
    /// Gets an answer into a file without holding it in memory. Redirects are followed, each judged as the
    /// first address was; credentials go to the first host alone. The body of a refusal is not read.
    ///
    /// # Errors
    /// As [`Outbound::send`], with the limits given; `outbound.out_of_reach`, `outbound.too_many_redirects`,
    /// `outbound.no_room` when the file takes no more.
    pub async fn download(&self, call: Call, body: File, limits: DownloadLimits) -> Result<Download> {
        let host = call.host();
        let late = || Fault::unavailable("outbound.timed_out").arg("host", &host);
        tokio::time::timeout(limits.whole, self.download_in_time(call, body, limits))
            .await
            .map_err(|_| late())?
    }

    async fn download_in_time(
        &self,
        mut call: Call,
        mut body: File,
        limits: DownloadLimits,
    ) -> Result<Download> {
        let mut followed = 0;
        let (mut response, host) = loop {
            let host = call.host();
            let request = call.clone().into_request(&self.client)?;
            self.reach.judge_url(request.url())?;
            let at = request.url().clone();
            let response = within(limits.silence, &host, self.client.execute(request)).await?;
            let Some(next) = redirected(&response, &at)? else { break (response, host) };
            followed += 1;
            if followed > limits.redirects {
                return Err(Fault::unavailable("outbound.too_many_redirects").arg("host", host));
            }
            call = call.moved(&at, &next);
        };
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let mut bytes = 0;
        if response.status().is_success() {
            if response.content_length().is_some_and(|length| length > limits.bytes) {
                return Err(too_large(&host));
            }
            while let Some(chunk) = within(limits.silence, &host, response.chunk()).await? {
                bytes += chunk.len() as u64;
                if bytes > limits.bytes {
                    return Err(too_large(&host));
                }
                body.write_all(&chunk).map_err(no_room)?;
            }
        }
        body.rewind().map_err(no_room)?;
        Ok(Download { status, headers, body, bytes })
    }
}

async fn within<T>(
    silence: Duration,
    host: &str,
    asked: impl Future<Output = std::result::Result<T, reqwest::Error>>,
) -> Result<T> {
    match tokio::time::timeout(silence, asked).await {
        Ok(answer) => answer.map_err(|error| fault(error, host)),
        Err(_) => Err(Fault::unavailable("outbound.timed_out").arg("host", host)),
    }
}

fn redirected(response: &Response, at: &Url) -> Result<Option<Url>> {
    use StatusCode as Code;
    let moves = [
        Code::MOVED_PERMANENTLY,
        Code::FOUND,
        Code::SEE_OTHER,
        Code::TEMPORARY_REDIRECT,
        Code::PERMANENT_REDIRECT,
    ];
    if !moves.contains(&response.status()) {
        return Ok(None);
    }
    let bad = || Fault::unavailable("outbound.bad_redirect").arg("host", at.host_str().unwrap_or_default());
    let next = response.headers().get(LOCATION).and_then(|value| value.to_str().ok()).ok_or_else(bad)?;
    at.join(next).map(Some).map_err(|_| bad())
}

impl Call {
    /// The same call of another address; a password is no business of another host.
    fn moved(self, from: &Url, to: &Url) -> Self {
        let same = from.origin() == to.origin();
        let headers = self.headers.into_iter();
        let kept = headers.filter(|(name, _)| same || !name.eq_ignore_ascii_case(AUTHORIZATION.as_str()));
        let basic = self.basic.filter(|_| same);
        Self { address: to.to_string(), headers: kept.collect(), basic, ..self }
    }
}

fn too_large(host: &str) -> Fault {
    Fault::unavailable("outbound.too_large").arg("host", host)
}

fn no_room(error: std::io::Error) -> Fault {
    Fault::unavailable("outbound.no_room").because(error)
}
