//! A mail server with its moods. It keeps what it took, whether or not it said so.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use takt_simulator::Chance;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

#[derive(Clone)]
pub struct PostOffice {
    pub address: SocketAddr,
    desk: Arc<Mutex<Desk>>,
}

struct Desk {
    chance: Chance,
    moody: bool,
    taken: Vec<Mail>,
}

/// A mail that the server took.
#[derive(Clone, Debug)]
pub struct Mail {
    pub message_id: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mood {
    Kind,
    HangsUp,
    Later,
    Never,
    /// Takes the text and hangs up before it says so.
    Silent,
    /// Reads the whole text and then does not want it.
    LaterAfterText,
}

impl PostOffice {
    pub async fn open(seed: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let desk = Desk { chance: Chance::of(seed, "post"), moody: true, taken: Vec::new() };
        let desk = Arc::new(Mutex::new(desk));
        let open = Self { address, desk };
        let office = open.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let mood = office.mood();
                // Whoever hangs up in the middle has said all that he wanted.
                office.talk(stream, mood).await.ok();
            }
        });
        open
    }

    /// From now on it takes everything.
    pub fn be_kind(&self) {
        self.desk().moody = false;
    }

    pub fn taken(&self) -> Vec<Mail> {
        self.desk().taken.clone()
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn mood(&self) -> Mood {
        let mut desk = self.desk();
        if !desk.moody {
            return Mood::Kind;
        }
        match desk.chance.between(1, 60) {
            1 => Mood::HangsUp,
            2 | 3 => Mood::Later,
            4 => Mood::Never,
            5 => Mood::Silent,
            6 => Mood::LaterAfterText,
            _ => Mood::Kind,
        }
    }

    async fn talk(&self, stream: TcpStream, mood: Mood) -> std::io::Result<()> {
        if mood == Mood::HangsUp {
            return Ok(());
        }
        stream.set_nodelay(true)?;
        let (reader, mut writer) = stream.into_split();
        let mut lines = BufReader::new(reader).lines();
        writer.write_all(b"220 post.test\r\n").await?;
        while let Some(line) = lines.next_line().await? {
            let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
            let answer: &[u8] = match verb.as_str() {
                "EHLO" => b"250-post.test\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n",
                "RCPT" if mood == Mood::Later => b"451 not now\r\n",
                "RCPT" if mood == Mood::Never => b"550 nobody here\r\n",
                "DATA" => {
                    writer.write_all(b"354 go on\r\n").await?;
                    let mut message_id = String::new();
                    loop {
                        let Some(line) = lines.next_line().await? else { return Ok(()) };
                        if line == "." {
                            break;
                        }
                        if let Some(id) = line.strip_prefix("Message-ID: ") {
                            id.trim().clone_into(&mut message_id);
                        }
                    }
                    if mood != Mood::LaterAfterText {
                        self.desk().taken.push(Mail { message_id });
                    }
                    match mood {
                        Mood::Silent => return Ok(()),
                        Mood::LaterAfterText => b"451 the disk is full\r\n",
                        _ => b"250 taken\r\n",
                    }
                }
                "QUIT" => {
                    writer.write_all(b"221 bye\r\n").await?;
                    return Ok(());
                }
                _ => b"250 ok\r\n",
            };
            writer.write_all(answer).await?;
        }
        Ok(())
    }
}
