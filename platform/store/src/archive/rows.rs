//! Rows as bytes: a tag per value, whole numbers in as few bytes as they need.

use takt_kernel::{Fault, Result};

use crate::value::Value;

const NULL: u8 = 0;
const INTEGER: u8 = 1;
const TEXT: u8 = 2;
const BLOB: u8 = 3;

pub(super) fn put(row: &[Value], out: &mut Vec<u8>) {
    for value in row {
        match value {
            Value::Null => out.push(NULL),
            Value::Int(number) => {
                out.push(INTEGER);
                put_number(zigzag(*number), out);
            }
            Value::Bool(flag) => {
                out.push(INTEGER);
                put_number(zigzag(i64::from(*flag)), out);
            }
            Value::Text(text) => put_bytes(TEXT, text.as_bytes(), out),
            Value::Blob(bytes) => put_bytes(BLOB, bytes, out),
        }
    }
}

fn put_bytes(tag: u8, bytes: &[u8], out: &mut Vec<u8>) {
    out.push(tag);
    put_number(bytes.len() as u64, out);
    out.extend_from_slice(bytes);
}

pub(super) fn put_number(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push((number as u8 & 0x7f) | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Takes one row of `columns` values off the front of `bytes`.
///
/// # Errors
/// `store.archive_senseless`: the bytes are whole, but no rows.
pub(super) fn take(columns: usize, bytes: &mut &[u8]) -> Result<Vec<Value>> {
    (0..columns).map(|_| take_value(bytes)).collect()
}

fn take_value(bytes: &mut &[u8]) -> Result<Value> {
    let (tag, rest) = bytes.split_first().ok_or_else(senseless)?;
    *bytes = rest;
    Ok(match *tag {
        NULL => Value::Null,
        INTEGER => Value::Int(unzigzag(take_number(bytes)?)),
        TEXT => {
            let text = std::str::from_utf8(take_bytes(bytes)?).map_err(|error| senseless().because(error))?;
            Value::Text(text.to_owned())
        }
        BLOB => Value::Blob(take_bytes(bytes)?.to_vec()),
        _ => return Err(senseless()),
    })
}

fn take_bytes<'b>(bytes: &mut &'b [u8]) -> Result<&'b [u8]> {
    let length = usize::try_from(take_number(bytes)?).map_err(|_| senseless())?;
    let (taken, rest) = bytes.split_at_checked(length).ok_or_else(senseless)?;
    *bytes = rest;
    Ok(taken)
}

pub(super) fn take_number(bytes: &mut &[u8]) -> Result<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first().ok_or_else(senseless)?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err(senseless())
}

/// Small numbers of either sign become small ones without a sign.
fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}

fn unzigzag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

fn senseless() -> Fault {
    Fault::invalid("store.archive_senseless")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_is_taken_out_again() {
        let rows = [
            vec![Value::Null, Value::Int(0), Value::Int(-1), Value::Int(i64::MIN), Value::Int(i64::MAX)],
            vec![
                Value::Text(String::new()),
                Value::Text("Чай, 5%".to_owned()),
                Value::Blob(vec![0, 255, 128]),
                Value::Blob(Vec::new()),
                Value::Int(9_007_199_254_740_991),
            ],
        ];
        let mut bytes = Vec::new();
        rows.iter().for_each(|row| put(row, &mut bytes));
        let mut rest = &bytes[..];
        for row in &rows {
            assert_eq!(take(5, &mut rest).unwrap(), *row);
        }
        assert!(rest.is_empty());
    }

    #[test]
    fn bytes_that_are_no_rows_are_refused() {
        for bytes in [&[][..], &[9], &[TEXT, 200], &[TEXT, 2, 0xff, 0xff], &[INTEGER, 0x80]] {
            let fault = take(1, &mut &bytes[..]).expect_err("no row");
            assert!(fault.is("store.archive_senseless"), "{bytes:?}: {fault:?}");
        }
        let endless = [0xff; 12];
        assert!(take_number(&mut &endless[..]).is_err());
    }
}
