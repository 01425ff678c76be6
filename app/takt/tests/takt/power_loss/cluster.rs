//! A PostgreSQL of our own that syncs, and whose every process can be ended at once.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

const LONGEST_START: Duration = Duration::from_secs(60);

pub struct Cluster {
    binaries: PathBuf,
    socket: PathBuf,
    log: PathBuf,
    /// The server refuses to be root, so root starts it as the account that Debian's package made.
    as_account: bool,
    server: Option<Child>,
    pub data: PathBuf,
}

impl Cluster {
    /// In a new folder `disk-0` of this one.
    pub fn create(folder: &Path) -> Self {
        let socket = folder.join("s");
        fs::create_dir(&socket).expect("a folder");
        for shared in [folder, &socket] {
            fs::set_permissions(shared, fs::Permissions::from_mode(0o777)).expect("a folder of ours");
        }
        let mut cluster = Self {
            binaries: binaries(),
            socket,
            log: folder.join("postgres.log"),
            as_account: is_root(),
            server: None,
            data: folder.join("disk-0"),
        };
        let mut initdb = cluster.command("initdb");
        initdb.arg("--pgdata").arg(&cluster.data).args([
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-instructions",
        ]);
        done(initdb);
        cluster.start(&[]);
        cluster
    }

    pub fn url(&self) -> String {
        let socket = self.socket.display().to_string().replace('/', "%2F");
        format!("postgres://postgres@/postgres?host={socket}")
    }

    pub fn start(&mut self, environment: &[(String, String)]) {
        let log = fs::File::create(&self.log).expect("a log");
        let mut server = self.command("postgres");
        server.arg("-D").arg(&self.data).arg("-k").arg(&self.socket);
        // Small, so that checkpoints come and segments are used again within a test.
        for setting in [
            "listen_addresses=",
            "max_connections=60",
            "shared_buffers=16MB",
            "max_wal_size=48MB",
            "min_wal_size=32MB",
        ] {
            server.args(["-c", setting]);
        }
        server.envs(environment.iter().cloned());
        let server =
            server.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().expect("PostgreSQL");
        self.server = Some(server);
        let until = Instant::now() + LONGEST_START;
        while !self.is_ready() {
            assert!(Instant::now() < until, "PostgreSQL does not start:\n{}", self.said());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The power is gone: nobody of it does anything any more.
    pub fn kill(&mut self) {
        let Some(mut server) = self.server.take() else { return };
        let mut all = children_of(server.id());
        all.push(server.id());
        // First nobody does anything more, then all are ended: a survivor would go on for a moment.
        for signal in ["-STOP", "-KILL"] {
            let mut kill = Command::new("kill");
            kill.arg(signal).args(all.iter().map(u32::to_string)).stderr(Stdio::null());
            // Some may have ended by themselves.
            let _ = kill.status();
        }
        server.wait().expect("its end");
        let until = Instant::now() + LONGEST_START;
        while all.iter().any(|process| is_running(*process)) {
            assert!(Instant::now() < until, "a process of PostgreSQL survived");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Goes on with another folder, as a machine that was switched on again.
    pub fn move_to(&mut self, data: PathBuf) {
        // Its number may belong to anybody now.
        let _ = fs::remove_file(data.join("postmaster.pid"));
        fs::set_permissions(&data, fs::Permissions::from_mode(0o700)).expect("a folder of ours");
        if self.as_account {
            let mut chown = Command::new("chown");
            chown.args(["-R", "postgres:postgres"]).arg(&data);
            done(chown);
        }
        self.data = data;
    }

    pub fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    fn is_ready(&self) -> bool {
        let mut asking = Command::new(self.binaries.join("pg_isready"));
        asking.arg("-q").arg("-h").arg(&self.socket).args(["-U", "postgres"]);
        asking.status().is_ok_and(|status| status.success())
    }

    fn command(&self, program: &str) -> Command {
        let program = self.binaries.join(program);
        let mut command = Command::new(if self.as_account { Path::new("setpriv") } else { &program });
        if self.as_account {
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(&program);
        }
        command.current_dir("/").env("HOME", "/").env("LC_ALL", "C.UTF-8");
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.kill();
    }
}

fn done(mut command: Command) {
    let output = command.output().expect("a program of the machine");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn binaries() -> PathBuf {
    let found = (15..20).map(|version| PathBuf::from(format!("/usr/lib/postgresql/{version}/bin")));
    found.into_iter().find(|folder| folder.join("initdb").exists()).unwrap_or_else(|| {
        panic!("no PostgreSQL server is installed (looked in /usr/lib/postgresql); run: scripts/setup tests")
    })
}

fn is_root() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().any(|line| line.starts_with("Uid:\t0\t"))
}

fn is_running(process: u32) -> bool {
    // Those whose parent does not look are gone all the same.
    state_and_parent(process).is_some_and(|(state, _)| state != "Z")
}

fn children_of(parent: u32) -> Vec<u32> {
    let processes = fs::read_dir("/proc").expect("/proc");
    processes
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|process| state_and_parent(*process).is_some_and(|(_, of)| of == parent))
        .collect()
}

fn state_and_parent(process: u32) -> Option<(String, u32)> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name before may hold anything, brackets too.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    Some((fields.next()?.to_owned(), fields.next()?.parse().ok()?))
}
