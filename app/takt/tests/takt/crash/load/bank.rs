//! The bank: statements that somebody uploads, or that its program drops into a folder.

use std::collections::BTreeMap;

use serde_json::Value;
use takt_bank_files::one_c::{Header, Movement, compose};
use takt_kernel::money::{Currency, Money};
use takt_outbound::Call;
use takt_payments_port::Party;

use super::{Client, Gone};
use crate::{
    crash::told::{BankFile, Payment},
    desk::ACCOUNT,
};

impl Client {
    /// A file with payments of orders, and other lines around them.
    async fn compose_file(&mut self) -> Result<Option<BankFile>, Gone> {
        let mut payments = BTreeMap::new();
        let mut movements = Vec::new();
        for _ in 0..=self.dice.below(4) {
            let Some((external_id, id)) = self.free_order(true) else { break };
            let path = format!("/api/v1/orders/{id}");
            let Some(reply) = self.ask("GET", &path, None, &Value::Null).await? else { return Ok(None) };
            let order: Value = reply.json().unwrap_or(Value::Null);
            let invoice = order.pointer("/invoice/number").and_then(Value::as_str);
            let left = order.pointer("/invoice/left").and_then(Value::as_str);
            let (Some(invoice), Some(left)) = (invoice, left) else {
                self.surprise("invoice", &external_id, &reply);
                continue;
            };
            let number = self.next_name();
            movements.push(movement(&number, left, &format!("Оплата по счету {invoice}"), true));
            payments.insert(number, Payment { external_id });
        }
        let others = if self.large_files { 230 } else { self.dice.below(3) };
        for _ in 0..others {
            let number = self.next_name();
            movements.push(movement(&number, "77.10", "Оплата поставщику", false));
        }
        if movements.is_empty() {
            return Ok(None);
        }
        let header = Header {
            sender: "Банк".to_owned(),
            account: ACCOUNT.to_owned(),
            from: "2026-11-02".to_owned(),
            until: "2026-11-02".to_owned(),
            opening: rub("100000.00"),
        };
        let bytes = compose(&header, &movements).expect("bytes");
        Ok(Some(BankFile { name: format!("{}.txt", self.next_name()), bytes, payments }))
    }

    pub(super) async fn bank_reports(&mut self) -> Result<(), Gone> {
        match self.compose_file().await? {
            Some(file) => self.upload(file).await,
            None => Ok(()),
        }
    }

    /// The bank's program saves a file: that alone is its promise.
    pub(super) async fn bank_drops(&mut self) -> Result<(), Gone> {
        let Some(file) = self.compose_file().await? else { return Ok(()) };
        let hidden = self.world.watched.join(format!(".{}", file.name));
        std::fs::write(&hidden, &file.bytes).expect("a file");
        std::fs::rename(hidden, self.world.watched.join(&file.name)).expect("a file");
        self.told().file_is_there(&file);
        Ok(())
    }

    pub(super) async fn upload(&mut self, file: BankFile) -> Result<(), Gone> {
        const BOUNDARY: &str = "takt-crash-test";
        let mut body = format!(
            "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"company\"\r\n\r\n{}\r\n\
             --{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{}\"\r\n\
             content-type: text/plain\r\n\r\n",
            self.world.company, file.name
        )
        .into_bytes();
        body.extend_from_slice(&file.bytes);
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let call = Call::post(format!("{}/money/upload", self.address))
            .header("cookie", &self.world.cookie)
            .body(&format!("multipart/form-data; boundary={BOUNDARY}"), body);
        self.told().files_unanswered.push(file.clone());
        let Some(reply) = self.send(call).await? else { return Ok(()) };
        let mut told = self.told();
        told.files_unanswered.retain(|waiting| waiting.name != file.name);
        if reply.status == 303 {
            told.file_is_there(&file);
        } else {
            drop(told);
            self.surprise("uploading", &file.name, &reply);
        }
        Ok(())
    }
}

fn movement(number: &str, amount: &str, purpose: &str, incoming: bool) -> Movement {
    let buyer = Party {
        name: "Иванов Иван".to_owned(),
        accounts: vec!["40817810099910004312".to_owned()],
        ..Party::default()
    };
    let own = Party {
        name: "Светосила".to_owned(), accounts: vec![ACCOUNT.to_owned()], ..Party::default()
    };
    let (payer, payee) = if incoming { (buyer, own) } else { (own, buyer) };
    Movement {
        kind: "Платежное поручение".to_owned(),
        number: number.to_owned(),
        date: "2026-11-02".to_owned(),
        booked_on: "2026-11-02".to_owned(),
        amount: rub(amount),
        incoming,
        payer,
        payee,
        purpose: purpose.to_owned(),
    }
}

fn rub(text: &str) -> Money {
    Money::parse(text, Currency::RUB).expect("an amount")
}
