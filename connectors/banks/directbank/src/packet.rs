//! What the bank's service answers (`ResultBank`) and the packets in which documents travel.

use std::{borrow::Cow, io::Read as _};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use flate2::read::{GzDecoder, ZlibDecoder};
use takt_kernel::{Fault, Result};

use crate::xml::{self, Element};

/// Kinds of documents that mean something here; all others are told by their code.
pub const STATEMENT: &str = "15";
pub const STATEMENT_REQUEST: &str = "14";
pub const STATUS_OF_PACKET: &str = "01";
pub const STATUS_OF_DOCUMENT: &str = "02";
pub const SETTINGS: &str = "16";

/// A statement of a month is below 20 MB; a bomb is larger.
const MOST_UNPACKED: u64 = 64 << 20;
const MOST_PACKETS: usize = 10_000;

/// What the bank answered, one of the ways there are.
#[derive(Debug)]
pub enum Answer {
    /// `wants_code`: another word that the bank sends to a person is needed before the session is open.
    LoggedOn {
        session: String,
        wants_code: bool,
    },
    Sent {
        id: String,
    },
    Packets {
        ids: Vec<String>,
        as_of: Option<String>,
    },
    Packet(Packet),
    Settings {
        kind: String,
        bytes: Vec<u8>,
    },
}

#[derive(Debug)]
pub struct Packet {
    pub id: String,
    pub version: String,
    pub documents: Vec<Document>,
}

#[derive(Debug)]
pub struct Document {
    pub id: String,
    pub kind: String,
    pub version: String,
    pub test_only: bool,
    /// Of which of our documents it is the answer.
    pub answers: Option<String>,
    /// The bytes that were signed: exactly as they travelled.
    pub bytes: Vec<u8>,
    pub signatures: Vec<Signature>,
}

#[derive(Debug)]
pub struct Signature {
    pub issuer: String,
    pub serial: String,
    pub cms: Vec<u8>,
}

/// Reads an answer of any method.
///
/// # Errors
/// `directbank.refused` with the code and words of the bank, `directbank.unexpected`, and those of the
/// reading of XML.
pub fn answer(bytes: &[u8]) -> Result<Answer> {
    let root = xml::read(bytes)?;
    if root.name != "ResultBank" {
        return Err(unexpected(&root));
    }
    if let Some(error) = root.child("Error") {
        return Err(refused(error));
    }
    let success = root.needed("Success")?;
    let Some(found) = success.children.first() else { return Err(unexpected(success)) };
    match found.name.as_str() {
        "LogonResponse" => Ok(Answer::LoggedOn {
            session: found.needed_text("SID")?,
            wants_code: found.at("ExtraAuth/OTP").is_some(),
        }),
        "SendPacketResponse" => Ok(Answer::Sent { id: found.needed_text("ID")? }),
        "GetPacketListResponse" => {
            let ids: Vec<String> = found.all("PacketID").filter_map(Element::text).collect();
            if ids.len() > MOST_PACKETS {
                return Err(Fault::invalid("directbank.too_many").arg("limit", MOST_PACKETS));
            }
            Ok(Answer::Packets { ids, as_of: found.attribute("TimeStampLastPacket").map(str::to_owned) })
        }
        "GetPacketResponse" => packet_of(found).map(Answer::Packet),
        "GetSettingsResponse" => {
            let data = found.needed("Data")?;
            Ok(Answer::Settings {
                kind: data.attribute("dockind").unwrap_or(SETTINGS).to_owned(),
                bytes: decoded(data)?,
            })
        }
        // `LogonCertResponse` among them: a session that only a private key opens is not ours to open.
        _ => Err(unexpected(found)),
    }
}

fn refused(error: &Element) -> Fault {
    let code = error.text_at("Code").unwrap_or_default();
    let said: Vec<String> =
        ["Description", "MoreInfo"].iter().filter_map(|path| error.text_at(path)).collect();
    let said: String = said.join(". ").chars().take(500).collect();
    Fault::unavailable("directbank.refused").arg("code", code).arg("said", said)
}

fn unexpected(element: &Element) -> Fault {
    let name: String = element.name.chars().take(80).collect();
    Fault::invalid("directbank.unexpected").arg("line", element.line).arg("given", name)
}

/// Reads a packet by itself.
///
/// # Errors
/// `directbank.unexpected`, `.element_missing`, `.not_base64`, and those of the reading of XML.
pub fn packet(bytes: &[u8]) -> Result<Packet> {
    let root = xml::read(bytes)?;
    if root.name == "Packet" { packet_of(&root) } else { Err(unexpected(&root)) }
}

fn packet_of(element: &Element) -> Result<Packet> {
    let documents = element.all("Document").map(document).collect::<Result<Vec<_>>>()?;
    Ok(Packet {
        id: element.needed_attribute("id")?.to_owned(),
        version: element.attribute("formatVersion").unwrap_or_default().to_owned(),
        documents,
    })
}

fn document(element: &Element) -> Result<Document> {
    let yes = |name| element.attribute(name).is_some_and(|value| matches!(value, "true" | "1"));
    if yes("encrypted") {
        return Err(Fault::invalid("directbank.encrypted").arg("line", element.line));
    }
    let signatures = element
        .all("Signature")
        .map(|signature| {
            Ok(Signature {
                issuer: signature.attribute("x509IssuerName").unwrap_or_default().to_owned(),
                serial: signature.attribute("x509SerialNumber").unwrap_or_default().to_owned(),
                cms: decoded(signature.needed("SignedData")?)?,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(Document {
        id: element.needed_attribute("id")?.to_owned(),
        // The standard writes it `dockind` here and `docKind` elsewhere; banks mix both.
        kind: element
            .attribute("dockind")
            .or(element.attribute("docKind"))
            .ok_or_else(|| {
                Fault::invalid("directbank.element_missing").arg("line", element.line).arg("field", "dockind")
            })?
            .to_owned(),
        version: element.attribute("formatVersion").unwrap_or_default().to_owned(),
        test_only: yes("testOnly"),
        answers: element.attribute("extID").map(str::to_owned),
        bytes: decoded(element.needed("Data")?)?,
        signatures,
    })
}

fn decoded(element: &Element) -> Result<Vec<u8>> {
    let plain: String = element.raw.split_whitespace().collect();
    STANDARD.decode(plain).map_err(|_| {
        Fault::invalid("directbank.not_base64").arg("line", element.line).arg("field", &element.name)
    })
}

/// A document itself: what was signed, unpacked where the bank packs (zlib or gzip). XML begins with neither.
///
/// # Errors
/// `directbank.not_unpacked`, `directbank.too_large`.
pub fn unpacked(bytes: &[u8]) -> Result<Cow<'_, [u8]>> {
    let gzip = bytes.starts_with(&[0x1f, 0x8b]);
    let zlib = bytes.first() == Some(&0x78);
    if !gzip && !zlib {
        return Ok(Cow::Borrowed(bytes));
    }
    let mut content = Vec::new();
    let result = if gzip {
        GzDecoder::new(bytes).take(MOST_UNPACKED + 1).read_to_end(&mut content)
    } else {
        ZlibDecoder::new(bytes).take(MOST_UNPACKED + 1).read_to_end(&mut content)
    };
    result.map_err(|error| Fault::invalid("directbank.not_unpacked").because(error))?;
    if content.len() as u64 > MOST_UNPACKED {
        return Err(Fault::invalid("directbank.too_large").arg("limit", MOST_UNPACKED >> 20));
    }
    Ok(Cow::Owned(content))
}
