//! What a bank that speaks DirectBank would write: for the simulated bank and for tests. What is written
//! here comes back from the readers of this crate.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use takt_kernel::money::Money;

const NAMESPACE: &str = "http://directbank.1c.ru/XMLSchema";
pub const VERSION: &str = "2.3.1";

/// One operation of a statement.
#[derive(Clone, Debug)]
pub struct Operation {
    pub id: String,
    pub number: String,
    /// ISO dates of the document and of its booking.
    pub date: String,
    pub booked_on: String,
    pub amount: Money,
    pub incoming: bool,
    pub payer_name: String,
    pub payer_inn: String,
    pub payer_account: String,
    pub payee_name: String,
    pub payee_inn: String,
    pub payee_account: String,
    pub bic: String,
    pub purpose: String,
}

#[derive(Clone, Debug)]
pub struct Head {
    pub id: String,
    pub account: String,
    pub bic: String,
    pub from: String,
    pub until: String,
    pub opening: Money,
    pub closing: Money,
    /// Of which request it is the answer.
    pub answers: Option<String>,
}

pub fn statement(head: &Head, operations: &[Operation]) -> String {
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Statement xmlns=\"{NAMESPACE}\" id=\"{}\" formatVersion=\"{VERSION}\" \
         creationDate=\"{}T12:00:00\" userAgent=\"takt simulate bank\">\n<Sender bic=\"{}\" name=\"Банк\"/><Recipient id=\"1\" \
         name=\"Клиент\"/>\n<Data><StatementType>0</StatementType><DateFrom>{}T00:00:00</DateFrom><DateTo>{}T23:59:59</DateTo>\
         <Account>{}</Account><Bank><BIC>{}</BIC></Bank><OpeningBalance>{}</OpeningBalance><ClosingBalance>{}</ClosingBalance>\n",
        escaped(&head.id),
        head.until,
        escaped(&head.bic),
        head.from,
        head.until,
        escaped(&head.account),
        escaped(&head.bic),
        head.opening.to_decimal_string(),
        head.closing.to_decimal_string(),
    );
    for one in operations {
        let side = |name: &str, inn: &str, account: &str| {
            format!(
                "<Name>{}</Name><INN>{}</INN><Account>{}</Account><Bank><BIC>{}</BIC></Bank>",
                escaped(name),
                escaped(inn),
                escaped(account),
                escaped(&one.bic)
            )
        };
        let _ = writeln!(
            xml,
            "<OperationInfo><PayDoc id=\"{}\" docKind=\"10\"><PayDocRu><DocNo>{}</DocNo><DocDate>{}</DocDate><Sum>{}</Sum>\
             <Payer>{}</Payer><Payee>{}</Payee><TransitionKind>01</TransitionKind><Priority>5</Priority><Purpose>{}</Purpose>\
             </PayDocRu></PayDoc><DC>{}</DC><Date>{}</Date></OperationInfo>",
            escaped(&one.id),
            escaped(&one.number),
            one.date,
            one.amount.to_decimal_string(),
            side(&one.payer_name, &one.payer_inn, &one.payer_account),
            side(&one.payee_name, &one.payee_inn, &one.payee_account),
            escaped(&one.purpose),
            if one.incoming { 2 } else { 1 },
            one.booked_on,
        );
    }
    xml.push_str("</Data>");
    if let Some(request) = &head.answers {
        let _ = write!(xml, "<ExtIDStatementRequest>{}</ExtIDStatementRequest>", escaped(request));
    }
    xml.push_str("</Statement>\n");
    xml
}

/// The answer to `Logon`.
pub fn logged_on(session: &str, wants_code: bool) -> String {
    let more = if wants_code { "<ExtraAuth><OTP phoneMask=\"+7***11\" code=\"7\"/></ExtraAuth>" } else { "" };
    success(&format!("<LogonResponse><SID>{}</SID>{more}</LogonResponse>", escaped(session)))
}

/// The answer to `SendPack`.
pub fn sent(id: &str) -> String {
    success(&format!("<SendPacketResponse><ID>{}</ID></SendPacketResponse>", escaped(id)))
}

/// The answer to `GetPackList`.
pub fn packets(ids: &[String], as_of: &str) -> String {
    let list: String = ids.iter().map(|id| format!("<PacketID>{}</PacketID>", escaped(id))).collect();
    success(&format!(
        "<GetPacketListResponse TimeStampLastPacket=\"{}\">{list}</GetPacketListResponse>",
        escaped(as_of)
    ))
}

/// The answer to `GetPack`: one document with its signatures.
pub fn packet(id: &str, kind: &str, document: &[u8], signatures: &[Vec<u8>]) -> String {
    let signed: String = signatures
        .iter()
        .map(|cms| {
            format!(
                "<Signature x509IssuerName=\"CA\" x509SerialNumber=\"01\"><SignedData>{}</SignedData></Signature>",
                STANDARD.encode(cms)
            )
        })
        .collect();
    success(&format!(
        "<GetPacketResponse id=\"{0}\" formatVersion=\"{VERSION}\" creationDate=\"2026-01-01T00:00:00\"><Sender><Bank bic=\"000000000\"/>\
         </Sender><Recipient><Customer id=\"1\"/></Recipient><Document id=\"{0}-1\" dockind=\"{1}\" formatVersion=\"{VERSION}\">\
         <Data>{2}</Data>{signed}</Document></GetPacketResponse>",
        escaped(id),
        escaped(kind),
        STANDARD.encode(document)
    ))
}

pub fn error(code: &str, description: &str) -> String {
    enveloped(&format!(
        "<Error><Code>{}</Code><Description>{}</Description></Error>",
        escaped(code),
        escaped(description)
    ))
}

fn success(inner: &str) -> String {
    enveloped(&format!("<Success>{inner}</Success>"))
}

fn enveloped(inner: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ResultBank xmlns=\"{NAMESPACE}\" formatVersion=\"{VERSION}\">{inner}</ResultBank>"
    )
}

pub(crate) fn escaped(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}
