//! How `takt serve` is reached and what it works with.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, ValueEnum, builder::ArgPredicate};
use takt_kernel::{Fault, Result};
use takt_web::tls::PemFiles;

use super::{BackupPlan, DataOptions};

#[derive(Args, Clone, Debug)]
pub struct ServeOptions {
    #[command(flatten)]
    pub data: DataOptions,
    /// Address to listen on with plain http; several with commas or repeated. Without it and without
    /// --tls-listen it is 127.0.0.1:8080.
    #[arg(
        long,
        env = "TAKT_LISTEN",
        value_delimiter = ',',
        default_value = "127.0.0.1:8080",
        default_value_if("tls_listen", ArgPredicate::IsPresent, None),
        hide_default_value = true
    )]
    pub listen: Vec<SocketAddr>,
    /// Address to listen on with TLS; several with commas or repeated.
    #[arg(long, env = "TAKT_TLS_LISTEN", value_delimiter = ',')]
    pub tls_listen: Vec<SocketAddr>,
    #[command(flatten)]
    pub tls: TlsOptions,
    #[command(flatten)]
    pub bank: BankDoor,
    /// Second address with /metrics and the probes, for monitoring; not for the public.
    #[arg(long, env = "TAKT_METRICS_LISTEN")]
    pub metrics_listen: Option<SocketAddr>,
    /// People reach this node over https only: a proxy in front of --listen speaks TLS, or --tls-listen does.
    #[arg(long, env = "TAKT_HTTPS")]
    pub https: bool,
    /// How many proxies stand in front of --listen and add themselves to X-Forwarded-For.
    #[arg(long, env = "TAKT_PROXIES", default_value_t = 0)]
    pub proxies: usize,
    /// Mail server for messages to buyers: smtp://user:password@host:port or smtps://…
    #[arg(long, env = "TAKT_SMTP", hide_env_values = true)]
    pub smtp: Option<String>,
    /// Sender of messages to buyers, for companies that have set none of their own.
    #[arg(long, env = "TAKT_MAIL_FROM", default_value = crate::wiring::NOBODY)]
    pub mail_from: String,
    /// Webhooks may also go to programs on this machine, without TLS: for trying out.
    #[arg(long, env = "TAKT_WEBHOOKS_LOOPBACK")]
    pub webhooks_loopback: bool,
    #[command(flatten)]
    pub backups: BackupPlan,
    #[arg(long, env = "TAKT_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
}

/// The certificate of one's own host name.
#[derive(Args, Clone, Debug, Default)]
pub struct TlsOptions {
    /// The certificate for --tls-listen and its chain: a PEM file, read again when it changes.
    #[arg(long, env = "TAKT_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
    /// The private key that belongs to it: a PEM file.
    #[arg(long, env = "TAKT_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
}

impl TlsOptions {
    /// # Errors
    /// `takt.tls_half` when only one of them is given.
    pub fn files(&self) -> Result<Option<PemFiles>> {
        match (self.tls_cert.clone(), self.tls_key.clone()) {
            (Some(certificate), Some(key)) => Ok(Some(PemFiles { certificate, key })),
            (None, None) => Ok(None),
            (Some(_), None) => Err(Fault::invalid("takt.tls_half").arg("missing", "--tls-key")),
            (None, Some(_)) => Err(Fault::invalid("takt.tls_half").arg("missing", "--tls-cert")),
        }
    }
}

/// The listener of banks that show a certificate of their own.
#[derive(Args, Clone, Debug, Default)]
pub struct BankDoor {
    /// Address for banks that push over mutual TLS; nothing else is answered there.
    #[arg(long, env = "TAKT_BANK_LISTEN", requires_all = ["bank_cert", "bank_key", "bank_client_ca"])]
    pub bank_listen: Option<SocketAddr>,
    /// The certificate for --bank-listen and its chain: a PEM file, read again when it changes.
    #[arg(long, env = "TAKT_BANK_CERT", value_name = "FILE", requires = "bank_listen")]
    pub bank_cert: Option<PathBuf>,
    /// The private key that belongs to it: a PEM file.
    #[arg(long, env = "TAKT_BANK_KEY", value_name = "FILE", requires = "bank_listen")]
    pub bank_key: Option<PathBuf>,
    /// Who issues the banks' certificates: a PEM file. Which certificate is whose, the channels say.
    #[arg(long, env = "TAKT_BANK_CLIENT_CA", value_name = "FILE", requires = "bank_listen")]
    pub bank_client_ca: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use crate::arguments::{Arguments, Command};

    #[test]
    fn the_readmes_name_every_option() {
        let command = Arguments::command();
        let serve = command.find_subcommand("serve").expect("the verb");
        let readmes = [include_str!("../../../../README.md"), include_str!("../../../../README.ru.md")];
        let mut options = 0;
        for option in serve.get_arguments().filter(|option| !option.is_hide_set()) {
            let Some(long) = option.get_long().filter(|long| *long != "help") else { continue };
            let variable = option.get_env().map(|name| format!("`{}", name.to_string_lossy()));
            for readme in readmes {
                for word in [format!("--{long}")].into_iter().chain(variable.clone()) {
                    assert!(readme.contains(&word), "{word} is not in {readme:.60}");
                }
            }
            options += 1;
        }
        assert!(options > 15, "{options} options");
    }

    #[test]
    fn the_usual_address_is_for_those_who_name_none() {
        let listening = |given: &str| {
            let arguments = ["takt", "serve"].into_iter().chain(given.split_whitespace());
            let parsed = Arguments::try_parse_from(arguments).expect("arguments");
            let Command::Serve(options) = parsed.command else { panic!("another command") };
            (options.listen.len(), options.tls_listen.len())
        };
        for (given, expected) in [
            ("", (1, 0)),
            ("--listen 127.0.0.1:1 --listen [::1]:1", (2, 0)),
            ("--listen 127.0.0.1:1,127.0.0.1:2", (2, 0)),
            ("--tls-listen 0.0.0.0:443", (0, 1)),
            ("--tls-listen 0.0.0.0:443 --tls-listen [::]:443 --listen 127.0.0.1:1", (1, 2)),
        ] {
            assert_eq!(listening(given), expected, "{given}");
        }
    }
}
