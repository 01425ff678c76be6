//! A mail server that remembers every mail before it answers for it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// How often each Message-ID came.
type Taken = Arc<Mutex<BTreeMap<String, usize>>>;

pub struct Mailbox {
    pub address: String,
    taken: Taken,
}

impl Mailbox {
    /// `pause`: how long the answer for a mail takes, so that a sender can die while it waits.
    pub async fn open(pause: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("smtp://{}", listener.local_addr().expect("its address"));
        let taken = Taken::default();
        let shared = taken.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, shared.clone(), pause));
            }
        });
        Self { address, taken }
    }

    pub fn taken(&self) -> BTreeMap<String, usize> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A sender may die at any point: then the talk is over.
async fn talk(mut stream: TcpStream, taken: Taken, pause: Duration) -> Option<()> {
    let (reading, mut writing) = stream.split();
    let mut lines = BufReader::new(reading).lines();
    writing.write_all(b"220 mail.takt.test\r\n").await.ok()?;
    while let Some(line) = lines.next_line().await.ok()? {
        let word = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let answer: &[u8] = match word.as_str() {
            "EHLO" => b"250-mail.takt.test\r\n250 8BITMIME\r\n",
            "DATA" => {
                writing.write_all(b"354 go on\r\n").await.ok()?;
                let mut id = None;
                loop {
                    let line = lines.next_line().await.ok()??;
                    if line == "." {
                        break;
                    }
                    if id.is_none() {
                        id = line.strip_prefix("Message-ID: ").map(str::to_owned);
                    }
                }
                let id = id.unwrap_or_default();
                *taken.lock().unwrap_or_else(PoisonError::into_inner).entry(id).or_default() += 1;
                tokio::time::sleep(pause).await;
                b"250 taken\r\n"
            }
            "QUIT" => {
                writing.write_all(b"221 bye\r\n").await.ok()?;
                return None;
            }
            _ => b"250 ok\r\n",
        };
        writing.write_all(answer).await.ok()?;
    }
    None
}
