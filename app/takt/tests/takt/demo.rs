//! `takt demo` as a stranger meets it: the real binary, over HTTP, with nothing but what it prints.

use std::{
    io::{BufRead, BufReader},
    process::{Child, ChildStdout, Command, Stdio},
};

use takt_outbound::{Call, Outbound};

struct Demo {
    child: Child,
    out: BufReader<ChildStdout>,
}

impl Demo {
    /// With a temporary folder of its own, to see what it leaves there.
    fn start(temporary: &std::path::Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_takt"))
            .args(["demo", "--listen", "127.0.0.1:0", "--speed", "60"])
            .env("TMPDIR", temporary)
            .env("LANG", "ru_RU.UTF-8")
            .env_remove("LC_ALL")
            .env_remove("LC_MESSAGES")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary");
        let out = BufReader::new(child.stdout.take().expect("its words"));
        Self { child, out }
    }

    /// Reads on until a line says this, and gives what stands behind it.
    fn hear(&mut self, words: &str) -> String {
        loop {
            let mut line = String::new();
            assert!(self.out.read_line(&mut line).expect("its words") > 0, "it ended before it said {words}");
            if let Some((_, rest)) = line.split_once(words) {
                return rest.trim().to_owned();
            }
        }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn the_demo_shows_an_order_on_its_way_and_leaves_nothing_behind() {
    let temporary = tempfile::tempdir().expect("a folder");
    let mut demo = Demo::start(temporary.path());
    let address = format!("http://{}", demo.hear("http://"));
    let email = demo.hear("почта");
    let password = demo.hear("пароль");

    let outbound = Outbound::new().expect("a client");
    let form = format!("email={}&password={password}", email.replace('@', "%40"));
    let sign_in = Call::post(format!("{address}/sign-in"))
        .header("origin", &address)
        .body("application/x-www-form-urlencoded", form);
    let reply = outbound.send(sign_in).await.expect("an answer");
    assert_eq!(reply.status, 303, "{}", reply.text());
    let cookie = reply.headers.get("set-cookie").and_then(|cookie| cookie.to_str().ok()).expect("a cookie");
    let cookie = cookie.split(';').next().expect("its value");
    let orders = Call::get(format!("{address}/orders")).header("cookie", cookie);
    let page = outbound.send(orders).await.expect("an answer");
    assert_eq!(page.status, 200);

    for turn in ["новый заказ на", "оплачен выпиской банка", "собран", "в пути", "доставлен"]
    {
        demo.hear(turn);
    }

    let told = Command::new("kill").args(["-TERM", &demo.child.id().to_string()]).status();
    assert!(told.expect("kill").success());
    assert!(demo.child.wait().expect("it ends").success());
    assert_eq!(std::fs::read_dir(temporary.path()).expect("the folder").count(), 0);
}
