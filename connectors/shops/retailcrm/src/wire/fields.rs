//! The fields of a request, from its query and its body, in whichever of the forms it came.

use futures::{FutureExt, stream};
use http::Uri;
use serde::de::DeserializeOwned;
use takt_kernel::{Fault, Result};

use super::refusal::Refusal;

const MOST_FIELDS: usize = 2_000;
const DEEPEST: usize = 6;

#[derive(Clone, Debug, Default)]
pub(crate) struct Fields {
    all: Vec<(String, String)>,
    /// Why not all of the body could be read; what could is there, whoever sent it among it.
    broken: Option<String>,
}

impl Fields {
    /// Reads both, as far as they can be; a field of the body goes before one of the query.
    pub fn read(query: &str, media: &str, body: &[u8]) -> Self {
        let mut fields = Self::default();
        let kind = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let read = match kind.as_str() {
            "multipart/form-data" => fields.multipart(media, body),
            // A raw file: what is asked for stands in the query.
            "" | "application/octet-stream" | "text/plain" => Ok(()),
            _ => fields.pairs(body),
        };
        fields.broken = fields.broken.or(read.err());
        let mut of_query = Self::default();
        let read = of_query.pairs(query.as_bytes());
        fields.all.extend(of_query.all);
        fields.broken = fields.broken.or(of_query.broken).or(read.err());
        fields
    }

    /// # Errors
    /// `retailcrm.body_unreadable` when not all of it could be read.
    pub fn whole(self) -> Result<Self> {
        match self.broken {
            None => Ok(self),
            Some(reason) => {
                Err(Fault::invalid("retailcrm.body_unreadable").because(std::io::Error::other(reason)))
            }
        }
    }

    /// A value in another encoding than the protocol's would be taken in with holes.
    fn push(&mut self, name: &[u8], value: &[u8]) -> std::result::Result<(), String> {
        if self.all.len() >= MOST_FIELDS {
            return Err("too many fields".to_owned());
        }
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if [name, value].iter().any(|bytes| std::str::from_utf8(bytes).is_err()) {
            self.broken = Some(format!("{} is not UTF-8", text(name)));
        }
        self.all.push((text(name), text(value)));
        Ok(())
    }

    fn pairs(&mut self, bytes: &[u8]) -> std::result::Result<(), String> {
        let plain = |part: &[u8]| {
            let spaced: Vec<u8> = part.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
            percent_encoding::percent_decode(&spaced).collect::<Vec<u8>>()
        };
        for pair in bytes.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            let cut = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            let (name, value) = pair.split_at(cut);
            self.push(&plain(name), &plain(value.get(1..).unwrap_or_default()))?;
        }
        Ok(())
    }

    /// The whole body is there already, so nothing is waited for.
    fn multipart(&mut self, media: &str, body: &[u8]) -> std::result::Result<(), String> {
        let said = |problem: multer::Error| problem.to_string();
        let boundary = multer::parse_boundary(media).map_err(said)?;
        let once = stream::iter([Ok::<Vec<u8>, std::convert::Infallible>(body.to_vec())]);
        let mut parts = multer::Multipart::new(once, boundary);
        let read = async {
            while let Some(field) = parts.next_field().await.map_err(said)? {
                let name = field.name().unwrap_or_default().to_owned();
                let value = field.bytes().await.map_err(said)?;
                self.push(name.as_bytes(), &value)?;
            }
            Ok(())
        };
        read.now_or_never().unwrap_or_else(|| Err("cut off".to_owned()))
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.all.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A field that holds JSON.
    ///
    /// # Errors
    /// That it is missing, or is no such JSON.
    pub fn json<T: DeserializeOwned>(&self, name: &str) -> std::result::Result<T, Refusal> {
        let text = self.get(name).ok_or_else(|| Refusal::parameter_missing(name))?;
        read(text)
            // What PHP makes of a map without anything in it.
            .or_else(|error| if text.trim() == "[]" { read("{}") } else { Err(error) })
            .map_err(|error| Refusal::unreadable(name, &error.to_string()))
    }

    /// That nobody is answered with all there is who asked for a part that is not told apart here.
    ///
    /// # Errors
    /// The first filter that says something and is not among these.
    pub fn expect_filters(&self, known: &[&str]) -> std::result::Result<(), Refusal> {
        let named = |name: &str| {
            let name = name.strip_prefix("filter[")?;
            name.split_once(']').map(|(name, _)| name.to_owned()).filter(|name| !name.is_empty())
        };
        let said = self.all.iter().filter(|(_, value)| !value.trim().is_empty());
        match said.filter_map(|(name, _)| named(name)).find(|name| !known.contains(&name.as_str())) {
            Some(other) => {
                Err(Refusal::parameter(&format!("filter.{other}"), "This filter is not supported."))
            }
            None => Ok(()),
        }
    }

    /// All fields that say something as one value, nested by PHP's brackets.
    ///
    /// # Errors
    /// That they do not fit.
    pub fn parameters<T: DeserializeOwned>(&self) -> std::result::Result<T, Refusal> {
        let mut written = String::new();
        // Who asks for nothing in particular, as modules do that know no e-mail, asks for no empty one.
        for (name, value) in self.all.iter().filter(|(_, value)| !value.trim().is_empty()) {
            if !written.is_empty() {
                written.push('&');
            }
            written.extend(encoded(name));
            written.push('=');
            written.extend(encoded(value));
        }
        serde_qs::Config::new()
            .max_depth(DEEPEST)
            .use_form_encoding(true)
            .deserialize_str(&written)
            .map_err(|error| Refusal::parameter("request", &error.to_string()))
    }
}

fn read<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    let mut reader = serde_json::Deserializer::from_str(text);
    T::deserialize(&mut reader).and_then(|value| reader.end().map(|()| value))
}

fn encoded(text: &str) -> percent_encoding::PercentEncode<'_> {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC)
}

/// The segments of a path below the version, decoded.
pub(crate) fn segments(uri: &Uri) -> Vec<String> {
    let path = uri.path().trim_start_matches("/api/v5").trim_start_matches("/api");
    path.split('/')
        .filter(|part| !part.is_empty())
        .map(|part| percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::wire::lenient::{List, Text};

    #[derive(Deserialize, Default, Debug)]
    #[serde(default)]
    struct Asked {
        filter: Filter,
        limit: Option<Text>,
    }
    #[derive(Deserialize, Default, Debug)]
    #[serde(default)]
    struct Filter {
        ids: List<Text>,
        email: Option<Text>,
    }

    #[test]
    fn php_brackets_are_read_with_and_without_numbers() {
        for (query, ids) in [
            ("filter%5Bids%5D%5B0%5D=105&filter%5Bids%5D%5B1%5D=119&limit=100", vec!["105", "119"]),
            ("filter[ids][]=105&filter[ids][]=119&limit=100", vec!["105", "119"]),
            ("filter%5Bemail%5D=a%40b.org&limit=100&cms_source=OpenCart", vec![]),
            ("limit=100", vec![]),
        ] {
            let asked: Asked = Fields::read(query, "", b"").parameters().expect(query);
            assert_eq!(asked.filter.ids.0.iter().map(Text::as_str).collect::<Vec<_>>(), ids, "{query}");
            assert_eq!(asked.limit.as_ref().map(Text::as_str), Some("100"));
            if query.contains("email") {
                assert_eq!(asked.filter.email.as_ref().map(Text::as_str), Some("a@b.org"));
            }
        }
    }

    #[test]
    fn three_forms_of_a_body_say_the_same() {
        let boundary = "------x";
        let form = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"apiKey\"\r\n\r\nkkk\r\n--{boundary}\r\nContent-Disposition: form-data; name=\"order\"\r\n\r\n{{\"a\":\"б&=+\"}}\r\n--{boundary}--\r\n"
        );
        let urlencoded = "apiKey=kkk&order=%7B%22a%22%3A%22%D0%B1%26%3D%2B%22%7D";
        for (media, body) in [
            (format!("multipart/form-data; boundary={boundary}"), form.as_str()),
            ("application/x-www-form-urlencoded".to_owned(), urlencoded),
        ] {
            let fields = Fields::read("by=id", &media, body.as_bytes()).whole().expect(&media);
            assert_eq!(fields.get("apiKey"), Some("kkk"));
            assert_eq!(fields.get("by"), Some("id"));
            let order: serde_json::Value = fields.json("order").expect("JSON");
            assert_eq!(order["a"], "б&=+");
        }
        assert!(Fields::read("", "multipart/form-data; boundary=x", b"--x\r\nhalf").whole().is_err());
    }
    #[test]
    fn what_cannot_be_read_hides_nobody_who_sent_it() {
        let half =
            b"--x\r\nContent-Disposition: form-data; name=\"apiKey\"\r\n\r\nkkk\r\n--x\r\nContent-Disp"
                .as_slice();
        for (media, body) in [
            ("multipart/form-data; boundary=x", half),
            // As a shop in windows-1251 writes a name.
            ("application/x-www-form-urlencoded", b"apiKey=kkk&order={\"firstName\":\"\xc0\xed\xed\xe0\"}"),
            ("application/x-www-form-urlencoded", b"apiKey=kkk&order=%7B%22firstName%22%3A%22%C0%ED%22%7D"),
        ] {
            let fields = Fields::read("", media, body);
            assert_eq!(fields.get("apiKey"), Some("kkk"));
            assert!(fields.whole().is_err_and(|fault| fault.is("retailcrm.body_unreadable")), "{media}");
        }
    }
}
