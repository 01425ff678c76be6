//! Writes every sample as a page of its own, with its assets, into a folder: for looking at them in a
//! browser without the rest of the house. `cargo run -p takt-ui --example samples -- FOLDER`

use std::{error::Error, fs, path::PathBuf, sync::Arc};

use takt_ui::{Lang, TEXTS, Texts, Theme, Words, assets, sample_page, samples, samples_page};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("name a folder")?);
    for asset in assets() {
        let file = folder.join(asset.path.trim_start_matches('/'));
        fs::create_dir_all(file.parent().ok_or("an asset lies in a folder")?)?;
        fs::write(file, asset.bytes)?;
    }
    let texts = Arc::new(Texts::new(TEXTS));
    for lang in Lang::ALL {
        let words = Words::new(texts.clone(), lang, jiff::tz::TimeZone::get("Europe/Moscow")?);
        for theme in [Theme::Light, Theme::Dark] {
            let kind = format!("{lang}-{}", theme.code());
            let all = samples_page(&words, theme, &samples()).into_string();
            fs::write(folder.join(format!("all-{kind}.html")), all)?;
            for sample in samples() {
                let page = sample_page(&words, theme, &sample).into_string();
                fs::write(folder.join(format!("{}-{kind}.html", sample.name.replace('/', "-"))), page)?;
            }
        }
    }
    Ok(())
}
