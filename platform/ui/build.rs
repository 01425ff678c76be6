//! Gathers what the browser gets: own styles and scripts, and the few files kept from npm
//! (`assets/package-lock.json`). Everything lands in `OUT_DIR`, named by its content and packed once,
//! so that the binary serves it for ever without another thought.
//!
//! npm runs only when `assets/node_modules` is missing; later builds need no network.

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use sha2::{Digest, Sha256};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

const STYLES: &[&str] = &[
    "layers", "fonts", "tokens", "base", "frame", "controls", "choices", "lists", "parts", "desk", "pick",
    "document", "print",
];
/// What somebody outside is sent: no fonts, and only the parts that stand on their pages.
const GUEST_STYLES: &[&str] =
    &["layers", "tokens", "base", "frame", "controls", "parts", "guest", "document", "print"];
const SCRIPTS: &[&str] = &[
    "words", "clock", "store", "live", "presence", "line", "forms", "drafts", "keys", "select", "palette",
    "remember", "complete", "start",
];
/// Their line is thin too: what follows the order, and nothing of the desk.
const GUEST_SCRIPTS: &[&str] = &["words", "clock", "live", "forms", "start"];
/// Fonts by the name the style sheet knows them under.
const FONTS: &[(&str, &str)] = &[
    ("golos-latin.woff2", "golos-text-latin-wght-normal.woff2"),
    ("golos-latin-ext.woff2", "golos-text-latin-ext-wght-normal.woff2"),
    ("golos-cyrillic.woff2", "golos-text-cyrillic-wght-normal.woff2"),
];

fn main() -> ExitCode {
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo::error={}", error.to_string().replace('\n', " "));
            ExitCode::FAILURE
        }
    }
}

fn build() -> Outcome {
    let assets = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("assets");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    for watched in ["styles", "scripts", "icons.txt", "package-lock.json", "mark.svg"] {
        println!("cargo::rerun-if-changed={}", assets.join(watched).display());
    }
    let kept = kept_files(&assets)?;
    let mut shelf = Shelf { out: &out, entries: Vec::new() };
    for (name, source) in FONTS {
        let font = fs::read(kept.join("@fontsource-variable/golos-text/files").join(source))?;
        shelf.put(name, "font/woff2", &font, false)?;
    }
    shelf.put("mark.svg", "image/svg+xml", &fs::read(assets.join("mark.svg"))?, true)?;
    let styles = shelf.with_urls(joined(&assets.join("styles"), STYLES, "css")?);
    shelf.put("app.css", "text/css; charset=utf-8", styles.as_bytes(), true)?;
    let guest = joined(&assets.join("styles"), GUEST_STYLES, "css")?;
    shelf.put("guest.css", "text/css; charset=utf-8", guest.as_bytes(), true)?;
    for (name, parts) in [("app.js", SCRIPTS), ("guest.js", GUEST_SCRIPTS)] {
        let script = script(&assets, &kept, parts)?;
        shelf.put(name, "text/javascript; charset=utf-8", script.as_bytes(), true)?;
    }
    let worker = fs::read(assets.join("scripts/live-worker.js"))?;
    shelf.put("live-worker.js", "text/javascript; charset=utf-8", &worker, true)?;
    shelf.put("licences.txt", "text/plain; charset=utf-8", licences(&kept)?.as_bytes(), true)?;
    shelf.write_index()?;
    fs::write(out.join("icons.rs"), icons(&assets, &kept)?)?;
    Ok(())
}

/// The folder of npm packages, fetched when it is not there.
fn kept_files(assets: &Path) -> Outcome<PathBuf> {
    let modules = assets.join("node_modules");
    if modules.join(".package-lock.json").is_file() {
        return Ok(modules);
    }
    println!(
        "cargo::warning=takt-ui: fetching fonts, icons and one script from npm, once (npm ci in {})",
        assets.display()
    );
    let ended = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(assets)
        .output()
        .map_err(|error| {
            format!(
                "npm could not be started ({error}). The browser side of Takt is built from npm packages: \
                 install Node.js 18 or newer with npm (on Debian: apt-get install nodejs npm) and build again"
            )
        })?;
    if ended.status.success() {
        return Ok(modules);
    }
    Err(format!("`npm ci` failed in {}: {}", assets.display(), String::from_utf8_lossy(&ended.stderr).trim())
        .into())
}

fn joined(folder: &Path, names: &[&str], extension: &str) -> Outcome<String> {
    let mut text = String::new();
    for name in names {
        let path = folder.join(name).with_extension(extension);
        text += &fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        text.push('\n');
    }
    Ok(text)
}

/// One classic script: its parts share one scope and nothing of it is global.
fn script(assets: &Path, kept: &Path, parts: &[&str]) -> Outcome<String> {
    let morph = fs::read_to_string(kept.join("idiomorph/dist/idiomorph.min.js"))?;
    let own = joined(&assets.join("scripts"), parts, "js")?;
    Ok(format!("/* idiomorph: 0BSD */\n(() => {{\n\"use strict\";\n{morph}\n{own}}})();\n"))
}

/// What the authors of the kept files ask to be passed on with them.
fn licences(kept: &Path) -> Outcome<String> {
    let mut text = String::new();
    for package in ["@fontsource-variable/golos-text", "lucide-static", "idiomorph"] {
        let licence = fs::read_to_string(kept.join(package).join("LICENSE"))?;
        write!(text, "{package}\n\n{}\n\n\n", licence.trim())?;
    }
    Ok(text)
}

/// `pub enum Icon` with the drawing of each icon that `icons.txt` names. Lucide, ISC licence.
fn icons(assets: &Path, kept: &Path) -> Outcome<String> {
    let list = fs::read_to_string(assets.join("icons.txt"))?;
    let (mut names, mut bodies) = (String::new(), String::new());
    for name in list.lines().filter(|line| !line.is_empty()) {
        let drawing = fs::read_to_string(kept.join(format!("lucide-static/icons/{name}.svg")))
            .map_err(|error| format!("icon {name}: {error}"))?;
        let body = drawing
            .split_once("stroke-linejoin=\"round\"\n>")
            .and_then(|(_, rest)| rest.split_once("</svg>"))
            .map(|(body, _)| body.split_whitespace().collect::<Vec<_>>().join(" "))
            .ok_or_else(|| format!("icon {name} is not drawn as the others are"))?;
        let variant = camel(name);
        writeln!(names, "    {variant},")?;
        writeln!(bodies, "            Self::{variant} => r##\"{body}\"##,")?;
    }
    Ok(format!(
        "#[derive(Clone, Copy, Debug, PartialEq, Eq)]\npub enum Icon {{\n{names}}}\n\nimpl Icon {{\n    \
         const fn drawing(self) -> &'static str {{\n        match self {{\n{bodies}        }}\n    }}\n}}\n"
    ))
}

fn camel(name: &str) -> String {
    name.split('-')
        .map(|word| {
            let (first, rest) = word.split_at(1);
            first.to_uppercase() + rest
        })
        .collect()
}

struct Shelf<'a> {
    out: &'a Path,
    entries: Vec<Entry>,
}

struct Entry {
    name: String,
    url: String,
    content_type: String,
    packed: bool,
}

impl Shelf<'_> {
    fn put(&mut self, name: &str, content_type: &str, bytes: &[u8], pack: bool) -> Outcome {
        let hash: String = Sha256::digest(bytes).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        let (stem, extension) = name.rsplit_once('.').ok_or("an asset has an extension")?;
        fs::write(self.out.join(name), bytes)?;
        if pack {
            let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            packer.write_all(bytes)?;
            fs::write(self.out.join(format!("{name}.gz")), packer.finish()?)?;
        }
        self.entries.push(Entry {
            name: name.to_owned(),
            url: format!("/assets/{stem}.{hash}.{extension}"),
            content_type: content_type.to_owned(),
            packed: pack,
        });
        Ok(())
    }

    /// `url(asset:NAME)` of the style sheet becomes the asset's URL.
    fn with_urls(&self, mut text: String) -> String {
        for entry in &self.entries {
            text = text.replace(&format!("asset:{}", entry.name), &entry.url);
        }
        text
    }

    fn write_index(&self) -> Outcome {
        let mut index = String::from("const ASSETS: &[Asset] = &[\n");
        for Entry { name, url, content_type, packed } in &self.entries {
            let bytes = format!("include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}\"))");
            let gzip = if *packed {
                format!("Some(include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}.gz\")))")
            } else {
                "None".to_owned()
            };
            writeln!(
                index,
                "    Asset {{ name: {name:?}, path: {url:?}, content_type: {content_type:?}, bytes: {bytes}, \
                 gzip: {gzip} }},"
            )?;
        }
        index.push_str("];\n");
        fs::write(self.out.join("assets.rs"), index)?;
        Ok(())
    }
}
