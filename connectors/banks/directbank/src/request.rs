//! What is sent to the bank: a request for a statement, in its packet. No payment is ever sent.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use takt_kernel::Timestamp;

use crate::compose::{VERSION, escaped};
use crate::packet::STATEMENT_REQUEST;

const NAMESPACE: &str = "http://directbank.1c.ru/XMLSchema";

pub(crate) struct Request<'a> {
    /// Never used twice: the bank refuses a second (2002, 2202).
    pub id: &'a str,
    pub customer: &'a str,
    pub account: &'a str,
    pub bic: &'a str,
    pub from: &'a str,
    pub until: &'a str,
    pub now: Timestamp,
}

pub(crate) fn statement_request(request: &Request<'_>) -> String {
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<StatementRequest xmlns=\"{NAMESPACE}\" id=\"{0}\" formatVersion=\"{VERSION}\" \
         creationDate=\"{1}\" userAgent=\"Takt\"><Sender id=\"{2}\"/><Recipient bic=\"{3}\"/><Data><StatementType>0</StatementType>\
         <DateFrom>{4}T00:00:00</DateFrom><DateTo>{5}T23:59:59</DateTo><Account>{6}</Account><Bank><BIC>{3}</BIC></Bank></Data>\
         </StatementRequest>",
        escaped(request.id),
        moment(request.now),
        escaped(request.customer),
        escaped(request.bic),
        escaped(request.from),
        escaped(request.until),
        escaped(request.account),
    );
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Packet xmlns=\"{NAMESPACE}\" id=\"p-{0}\" formatVersion=\"{VERSION}\" \
         creationDate=\"{1}\" userAgent=\"Takt\"><Sender><Customer id=\"{2}\"/></Sender><Recipient><Bank bic=\"{3}\"/></Recipient>\
         <Document id=\"{0}\" dockind=\"{STATEMENT_REQUEST}\" formatVersion=\"{VERSION}\"><Data>{4}</Data></Document></Packet>",
        escaped(request.id),
        moment(request.now),
        escaped(request.customer),
        escaped(request.bic),
        STANDARD.encode(document),
    )
}

/// As `xsd:dateTime` without a zone, the way the standard writes it.
pub(crate) fn moment(at: Timestamp) -> String {
    let text = at.to_jiff().to_string();
    text.split(['.', 'Z']).next().unwrap_or_default().to_owned()
}
