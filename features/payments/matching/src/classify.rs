//! Money that is for no invoice: acquiring, our own transfers, loans, returns, insurance, interest.
//!
//! What the bank's codes and lists say is certain. What words say is certain only while no open
//! invoice of ours is named by a valid reference: then a person looks. Either way nothing settles.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::{
    ledger::IncomingLine,
    lexemes::{Dictionary, Lexeme},
    payer::payer,
    policy::Policy,
    reason::{self, Reason},
    text::Text,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Card takings paid out by the acquirer.
    Acquiring,
    /// Our own money: top-up, takings handed in, transfer between accounts.
    OwnTransfer,
    Loan,
    /// Somebody returns money to us: a supplier, a wrong payment.
    Refund,
    Insurance,
    Interest,
    /// Budget money: tax return, subsidy.
    Budget,
    /// Takings of a carrier or marketplace, paid out on a report.
    AgentSettlement,
    Reversal,
}

impl Class {
    pub const ALL: [Self; 9] = [
        Self::Acquiring,
        Self::OwnTransfer,
        Self::Loan,
        Self::Refund,
        Self::Insurance,
        Self::Interest,
        Self::Budget,
        Self::AgentSettlement,
        Self::Reversal,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Acquiring => "acquiring",
            Self::OwnTransfer => "own_transfer",
            Self::Loan => "loan",
            Self::Refund => "refund",
            Self::Insurance => "insurance",
            Self::Interest => "interest",
            Self::Budget => "budget",
            Self::AgentSettlement => "agent_settlement",
            Self::Reversal => "reversal",
        }
    }
}

/// Where a phrase must stand to mean it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    First,
    Anywhere,
    /// Says nothing for certain, but nothing settles by itself beside it.
    Doubt,
}

use Place::{Anywhere, Doubt, First};

/// Words in a row, marks between them ignored; `*` stands for any ending.
const PHRASES: &[(Class, Place, &str)] = &[
    (Class::Acquiring, Anywhere, "ЭКВАЙРИНГ*"),
    (Class::Acquiring, Anywhere, "ACQUIRING"),
    (Class::Acquiring, Anywhere, "ОПЕРАЦИ* С ИСПОЛЬЗОВАНИЕМ БАНКОВСКИХ КАРТ*"),
    (Class::Acquiring, Anywhere, "ОПЕРАЦИ* ПО КАРТАМ"),
    (Class::Acquiring, Anywhere, "ВОЗМЕЩЕНИ* ПО ТЕРМИНАЛ*"),
    (Class::Acquiring, Anywhere, "МЕРЧАНТ*"),
    (Class::OwnTransfer, Anywhere, "ПОПОЛНЕНИ* СЧЕТ*"),
    (Class::OwnTransfer, Anywhere, "ПОПОЛНЕНИ* РАСЧЕТНОГО СЧЕТ*"),
    (Class::OwnTransfer, Anywhere, "СОБСТВЕНН* СРЕДСТВ*"),
    (Class::OwnTransfer, Anywhere, "СОБСТВЕНН* ДЕНЕЖН* СРЕДСТВ*"),
    (Class::OwnTransfer, Anywhere, "МЕЖДУ СВОИМИ СЧЕТ*"),
    (Class::OwnTransfer, Anywhere, "МЕЖДУ СОБСТВЕНН* СЧЕТ*"),
    (Class::OwnTransfer, Anywhere, "ВЗНОС НАЛИЧН*"),
    (Class::OwnTransfer, Anywhere, "ВНЕСЕНИ* НАЛИЧН*"),
    (Class::OwnTransfer, Anywhere, "ТОРГОВ* ВЫРУЧК*"),
    (Class::OwnTransfer, Anywhere, "ИНКАССАЦИ*"),
    (Class::OwnTransfer, Anywhere, "САМОИНКАССАЦИ*"),
    (Class::Loan, Anywhere, "ЗАЙМ*"),
    (Class::Loan, Anywhere, "ЗАЕМ*"),
    (Class::Loan, Anywhere, "ВЫДАЧ* КРЕДИТ*"),
    (Class::Loan, Anywhere, "ПРЕДОСТАВЛЕН* КРЕДИТ*"),
    (Class::Loan, Anywhere, "КРЕДИТН* СРЕДСТВ*"),
    (Class::Loan, Anywhere, "КРЕДИТН* ДОГОВОР*"),
    (Class::Loan, Anywhere, "ОВЕРДРАФТ*"),
    (Class::Loan, Anywhere, "LOAN"),
    (Class::Loan, Doubt, "КРЕДИТ*"),
    (Class::Refund, First, "ВОЗВРАТ*"),
    (Class::Refund, First, "REFUND*"),
    (Class::Refund, Anywhere, "ВОЗВРАТ* ДЕНЕЖН* СРЕДСТВ*"),
    (Class::Refund, Anywhere, "ВОЗВРАТ* СРЕДСТВ*"),
    (Class::Refund, Anywhere, "ВОЗВРАТ* ОШИБОЧН*"),
    (Class::Refund, Anywhere, "ВОЗВРАТ* ПЕРЕПЛАТ*"),
    (Class::Refund, Anywhere, "ВОЗВРАТ* ОПЛАТ*"),
    (Class::Refund, Anywhere, "ВОЗВРАТ* АВАНС*"),
    (Class::Refund, Anywhere, "ВОЗВРАТ* ПОСТАВЩИК*"),
    (Class::Refund, Anywhere, "ОТ ПОСТАВЩИКА ВОЗВРАТ*"),
    (Class::Refund, Doubt, "ВОЗВРАТ*"),
    (Class::Refund, Doubt, "REFUND*"),
    (Class::Insurance, Anywhere, "СТРАХОВ* ВОЗМЕЩЕН*"),
    (Class::Insurance, Anywhere, "СТРАХОВ* ВЫПЛАТ*"),
    (Class::Insurance, Doubt, "СТРАХОВ*"),
    (Class::Interest, Anywhere, "ПРОЦЕНТ* НА ОСТАТОК"),
    (Class::Interest, Anywhere, "НА ОСТАТОК СРЕДСТВ"),
    (Class::Interest, Anywhere, "НАЧИСЛЕНН* ПРОЦЕНТ*"),
    (Class::Interest, Anywhere, "УПЛАТ* ПРОЦЕНТ*"),
    (Class::Interest, Anywhere, "ВЫПЛАТ* ПРОЦЕНТ*"),
    (Class::Interest, Doubt, "ДЕПОЗИТ*"),
    (Class::Interest, Anywhere, "КЭШБЭК*"),
    (Class::Budget, Anywhere, "СУБСИДИ*"),
    (Class::Budget, Anywhere, "НАЛОГОВ* ВЫЧЕТ*"),
    (Class::Budget, Anywhere, "ВОЗМЕЩЕНИ* НДС"),
    (Class::AgentSettlement, Anywhere, "НАЛОЖЕНН* ПЛАТЕЖ*"),
    (Class::AgentSettlement, Anywhere, "ОТЧЕТ* КОМИССИОНЕР*"),
    (Class::AgentSettlement, Anywhere, "ОТЧЕТ* АГЕНТ*"),
    (Class::AgentSettlement, Doubt, "АГЕНТСК* ДОГОВОР*"),
    (Class::AgentSettlement, Doubt, "РЕЕСТР*"),
];

/// A phrase behind its first word, by which it is found.
struct Phrase {
    /// The surer the lower.
    rank: usize,
    class: Class,
    place: Place,
    rest: Vec<Lexeme>,
}

static BY_FIRST_WORD: LazyLock<Dictionary<Phrase>> = LazyLock::new(|| {
    Dictionary::new(PHRASES.iter().enumerate().map(|(rank, (class, place, phrase))| {
        let (first, rest) = phrase.split_once(' ').unwrap_or((*phrase, ""));
        let rest = rest.split_whitespace().map(Lexeme::new).collect();
        (first, Phrase { rank, class: *class, place: *place, rest })
    }))
});

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Receivable,
    /// Only words say so.
    Spoken(Class, Reason),
    /// Words that might say so.
    Doubtful(Class, Reason),
    Certain(Class, Reason),
}

pub(crate) fn classify(line: &IncomingLine<'_>, text: &Text, policy: &Policy) -> Verdict {
    if line.reversal {
        return Verdict::Certain(Class::Reversal, Reason::new(reason::REVERSAL));
    }
    by_payer(line, policy)
        .or_else(|| by_kind(line.kinds))
        .or_else(|| by_phrase(text))
        .unwrap_or(Verdict::Receivable)
}

fn by_payer(line: &IncomingLine<'_>, policy: &Policy) -> Option<Verdict> {
    let inn = line.payer_inn.map(str::trim).unwrap_or_default();
    let ours = policy.own_inns.iter().any(|own| own == inn)
        || line.payer_accounts.iter().any(|account| policy.own_accounts.contains(account));
    if ours {
        return Some(Verdict::Certain(Class::OwnTransfer, Reason::new(reason::OWN_MONEY)));
    }
    let listed = policy.counterparties.iter().find(|(listed, _)| !inn.is_empty() && listed == inn)?;
    // A bank is a counterparty of many trades; under its number also individuals pay.
    if payer(line, policy).transit {
        return None;
    }
    Some(Verdict::Certain(listed.1, Reason::new(reason::COUNTERPARTY).with("inn", inn)))
}

/// ISO 20022 bank transaction codes, `domain/family/sub-family`.
fn by_kind(kinds: &[String]) -> Option<Verdict> {
    kinds.iter().find_map(|kind| {
        let mut parts = kind.split('/').map(str::trim);
        let (domain, family, sub_family) = (parts.next()?, parts.next()?, parts.next().unwrap_or(""));
        let class = match (domain, family, sub_family) {
            ("LDAS", _, _) => Class::Loan,
            ("PMNT", "MCRD", _) => Class::Acquiring,
            (_, _, "INTR") => Class::Interest,
            (_, _, "RPCR" | "RRTN") => Class::Reversal,
            _ => return None,
        };
        Some(Verdict::Certain(class, Reason::new(reason::KIND).with("kind", kind)))
    })
}

/// Words said in the text: the surest phrase, and doubt only where none is sure.
fn by_phrase(text: &Text) -> Option<Verdict> {
    let words = (0..text.len()).filter(|index| !text.word(*index).is_empty());
    let said = words.enumerate().flat_map(|(at, index)| {
        let begun = BY_FIRST_WORD.find(text.word(index)).map(|(_, phrase)| phrase);
        begun.filter(move |phrase| (phrase.place != First || at == 0) && phrase.goes_on(text, index + 1))
    });
    let Phrase { class, place, .. } = said.min_by_key(|phrase| (phrase.place == Doubt, phrase.rank))?;
    let why = Reason::new(reason::LEXICON).with_code("class", class.code());
    Some(if *place == Doubt { Verdict::Doubtful(*class, why) } else { Verdict::Spoken(*class, why) })
}

impl Phrase {
    /// Whether its other words stand here in a row.
    fn goes_on(&self, text: &Text, index: usize) -> bool {
        let mut words = text.words_from(index);
        self.rest.iter().all(|lexeme| words.next().is_some_and(|word| lexeme.is(word)))
    }
}
