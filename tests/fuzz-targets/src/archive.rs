use std::io::Write;

use flate2::{Compression, Crc, write::DeflateEncoder};
use sha2::{Digest, Sha256};
use takt_store::archive::Archive;

/// A copy of a database, as it is and with its checksums put right, so that what they guard is read too.
///
/// The second form is lines of `H`, `R`, `F` and the text of the frame; `R` takes its bytes as they stand,
/// `\n` and `\\` escaped.
pub fn archive(data: &[u8]) {
    read(data);
    read(&sealed(data));
}

fn read(bytes: &[u8]) {
    thread_local! {
        static FOLDER: tempfile::TempDir = in_memory();
    }
    let file = FOLDER.with(|folder| folder.path().join("copy.takt"));
    std::fs::write(&file, bytes).expect("a file");
    let Ok(archive) = Archive::open(&file) else { return };
    let mut rows = 0_u64;
    let mut heard = 0_u64;
    let mut listen = |progress: takt_store::archive::Progress<'_>| heard = progress.rows;
    let checked = archive.rows(&mut listen, &mut |table, row| {
        rows += 1;
        assert_eq!(row.len(), archive.manifest.tables[table].columns.len());
        Ok(())
    });
    if let Ok(checked) = checked {
        assert_eq!((checked.footer.rows(), heard), (rows, rows));
        assert_eq!(checked.bytes, bytes.len() as u64);
    }
}

/// A file that is written a thousand times a second stays off the disk.
fn in_memory() -> tempfile::TempDir {
    let memory = std::path::Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    folder.expect("a folder")
}

/// A file of these frames in which everything holds that a checksum can tell.
fn sealed(data: &[u8]) -> Vec<u8> {
    let mut file = b"TAKTARC1".to_vec();
    for line in data.split(|byte| *byte == b'\n') {
        if let Some((kind, plain)) = line.split_first() {
            frame(&mut file, *kind, &unescaped(plain));
        }
    }
    let sum = Sha256::digest(&file);
    frame(&mut file, b'S', &sum);
    file
}

fn frame(file: &mut Vec<u8>, kind: u8, plain: &[u8]) {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(plain).expect("memory");
    let packed = encoder.finish().expect("memory");
    let mut head = vec![kind];
    for length in [packed.len(), plain.len()] {
        head.extend(u32::try_from(length).expect("short").to_le_bytes());
    }
    head.extend(crc(&packed).to_le_bytes());
    head.extend(crc(&head).to_le_bytes());
    file.extend(head);
    file.extend(packed);
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

fn unescaped(plain: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(plain.len());
    let mut rest = plain.iter();
    while let Some(byte) = rest.next() {
        bytes.push(match (byte, *byte == b'\\') {
            (_, true) => match rest.next() {
                Some(b'n') => b'\n',
                Some(other) => *other,
                None => b'\\',
            },
            (byte, false) => *byte,
        });
    }
    bytes
}
