//! Check digits of Russian bank accounts and taxpayer numbers.

/// The only letters that the sixth place of an account may hold: clearing currencies.
const LETTERS: [char; 10] = ['A', 'B', 'C', 'E', 'H', 'K', 'M', 'P', 'T', 'X'];

/// Whether the key digit of an account fits its bank: weights 7, 1, 3 over the last three digits of the
/// BIC and the twenty of the account. A settlement centre of the central bank (its BIC ends in 000, 001
/// or 002) counts with 0 and the fifth and sixth digit of the BIC, and so does every bank's own account there.
pub(crate) fn account_fits(account: &str, bic: &str) -> bool {
    if bic.len() != 9 || !bic.bytes().all(|byte| byte.is_ascii_digit()) || account.len() != 20 {
        return false;
    }
    let of_centre = account.starts_with("301") || matches!(&bic[6..], "000" | "001" | "002");
    let head = if of_centre { format!("0{}", &bic[4..6]) } else { bic[6..].to_owned() };
    let mut sum = 0;
    for ((place, letter), weight) in
        head.chars().chain(account.chars()).enumerate().zip([7, 1, 3].into_iter().cycle())
    {
        let Some(digit) = digit(letter, place == 8) else { return false };
        sum += digit * weight % 10;
    }
    sum % 10 == 0
}

fn digit(letter: char, may_be_letter: bool) -> Option<u32> {
    let of_letter =
        || LETTERS.iter().position(|known| *known == letter).and_then(|at| u32::try_from(at).ok());
    letter.to_digit(10).or_else(|| may_be_letter.then(of_letter).flatten())
}

/// Whether the check digits of a taxpayer number hold: ten digits of an organisation, twelve of a person.
pub(crate) fn inn_holds(inn: &str) -> bool {
    let Some(digits) = inn.chars().map(|letter| letter.to_digit(10)).collect::<Option<Vec<u32>>>() else {
        return false;
    };
    let checks = |weights: &[u32]| {
        let sum: u32 = digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum();
        digits.get(weights.len()) == Some(&(sum % 11 % 10))
    };
    match digits.len() {
        10 => checks(&[2, 4, 10, 3, 5, 9, 4, 6, 8]),
        12 => checks(&[7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) && checks(&[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_fits_its_bank_by_its_key_digit() {
        for (account, bic, fits) in [
            ("40702810200000000001", "044525225", true),
            ("40702810300000000001", "044525716", true),
            ("40702810900000000001", "044525225", false),
            ("40702810200000000010", "044525225", false),
            // The bank's account at its settlement centre, and a treasury's.
            ("30101810400000000225", "044525225", true),
            ("30101810200000000225", "044525225", false),
            ("4070281020000000000", "044525225", false),
            ("40702810200000000001", "04452522", false),
            ("4070281O200000000001", "044525225", false),
        ] {
            assert_eq!(account_fits(account, bic), fits, "{account} at {bic}");
        }
    }

    #[test]
    fn every_changed_digit_of_an_account_is_found() {
        let account = "40702810200000000001";
        for place in 0..account.len() {
            for digit in '0'..='9' {
                let mut changed: Vec<char> = account.chars().collect();
                if changed[place] == digit {
                    continue;
                }
                changed[place] = digit;
                let changed: String = changed.into_iter().collect();
                assert!(!account_fits(&changed, "044525225"), "{changed}");
            }
        }
    }

    #[test]
    fn a_taxpayer_number_holds_by_its_check_digits() {
        for (inn, holds) in [
            ("7707083893", true),
            ("7707083894", false),
            ("500100732259", true),
            ("500100732258", false),
            ("500100732269", false),
            ("770708389", false),
            ("770708389x", false),
            ("", false),
        ] {
            assert_eq!(inn_holds(inn), holds, "{inn}");
        }
    }
}
