//! Just enough of HTML to do what a browser does with our pages: follow links and send forms. It reads
//! tags as a browser would see them, so markup that broke out of a text is seen as markup.

#[derive(Clone, Debug, PartialEq)]
pub struct Tag {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    /// What stands between this tag and the next.
    pub text: String,
}

impl Tag {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// One form as it would be sent when nobody touches it.
#[derive(Clone, Debug, PartialEq)]
pub struct PageForm {
    pub post: bool,
    pub action: String,
    pub upload: Option<String>,
    /// Name, value, and the type of an input that is still empty.
    pub fields: Vec<(String, String, String)>,
}

pub fn tags(html: &str) -> Vec<Tag> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        let Some(end) = end_of_tag(rest) else { break };
        let (inside, after) = (&rest[..end], &rest[end + 1..]);
        let text = after.split('<').next().unwrap_or_default();
        if inside.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '/') {
            found.push(tag(inside, text));
        }
        rest = after;
    }
    found
}

/// The `>` that ends the tag: not one inside a quoted value.
fn end_of_tag(text: &str) -> Option<usize> {
    let (mut quote, mut before) = (None, ' ');
    for (place, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '>') => return Some(place),
            (None, '"' | '\'') if before == '=' => quote = Some(letter),
            (Some(open), closing) if open == closing => quote = None,
            _ => {}
        }
        before = letter;
    }
    None
}

fn tag(inside: &str, text: &str) -> Tag {
    let name_ends = inside.find(char::is_whitespace).unwrap_or(inside.len());
    let (name, mut rest) = inside.split_at(name_ends);
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() || rest == "/" {
            break;
        }
        let ends = rest.find(|letter: char| letter == '=' || letter.is_whitespace()).unwrap_or(rest.len());
        let (name, after) = rest.split_at(ends);
        let (value, after) = match after.strip_prefix("=\"") {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => ("", after.strip_prefix('=').unwrap_or(after)),
        };
        attributes.push((name.to_owned(), unescaped(value)));
        rest = after;
    }
    Tag { name: name.to_owned(), attributes, text: unescaped(text) }
}

pub fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// Paths of this site that the page links to.
pub fn links(tags: &[Tag]) -> Vec<String> {
    tags.iter()
        .filter(|tag| tag.name == "a")
        .filter_map(|tag| tag.attribute("href"))
        .filter(|href| href.starts_with('/'))
        .map(|href| href.split('#').next().unwrap_or_default().to_owned())
        .collect()
}

pub fn forms(tags: &[Tag], page: &str) -> Vec<PageForm> {
    let mut forms: Vec<(Option<String>, PageForm)> = Vec::new();
    let mut inside = false;
    for (place, tag) in tags.iter().enumerate() {
        match tag.name.as_str() {
            "form" => {
                inside = true;
                let action = tag.attribute("action").filter(|action| !action.is_empty()).unwrap_or(page);
                let form = PageForm {
                    post: tag.attribute("method").is_some_and(|method| method.eq_ignore_ascii_case("post")),
                    action: action.to_owned(),
                    upload: None,
                    fields: Vec::new(),
                };
                forms.push((tag.attribute("id").map(str::to_owned), form));
            }
            "/form" => inside = false,
            "input" | "select" | "textarea" | "button" => {
                let owner = match tag.attribute("form") {
                    Some(id) => forms.iter_mut().find(|(known, _)| known.as_deref() == Some(id)),
                    None if inside => forms.last_mut(),
                    None => None,
                };
                if let Some((_, form)) = owner {
                    control(form, &tags[place..]);
                }
            }
            _ => {}
        }
    }
    forms.into_iter().map(|(_, form)| form).collect()
}

/// What one control sends.
fn control(form: &mut PageForm, tags: &[Tag]) {
    let tag = &tags[0];
    let Some(name) = tag.attribute("name") else { return };
    let kind = tag.attribute("type").unwrap_or(&tag.name).to_owned();
    let value = tag.attribute("value").unwrap_or_default().to_owned();
    if tag.attribute("disabled").is_some() {
        return;
    }
    let sent = match (tag.name.as_str(), kind.as_str()) {
        (_, "file") => {
            form.upload = Some(name.to_owned());
            return;
        }
        // Everything that can be ticked is: more ids travel.
        (_, "radio") if tag.attribute("checked").is_none() => return,
        ("button", _) if form.fields.iter().any(|(known, _, _)| known == name) => return,
        ("textarea", _) => tag.text.clone(),
        ("select", _) => {
            let options: Vec<&Tag> = tags
                .iter()
                .take_while(|tag| tag.name != "/select")
                .filter(|tag| tag.name == "option")
                .collect();
            let chosen = options
                .iter()
                .find(|option| option.attribute("selected").is_some())
                .or_else(|| {
                    options
                        .iter()
                        .find(|option| option.attribute("value").is_some_and(|value| !value.is_empty()))
                })
                .or(options.first());
            chosen.and_then(|option| option.attribute("value")).unwrap_or_default().to_owned()
        }
        _ => value,
    };
    form.fields.push((name.to_owned(), sent, kind));
}

#[test]
fn what_broke_out_of_a_text_is_seen() {
    let seen =
        |html: &str| tags(html).into_iter().map(|tag| (tag.name, tag.attributes.len())).collect::<Vec<_>>();
    assert_eq!(seen("<p title=\"&quot;><b x>\">&lt;i></p>"), [("p".into(), 1), ("/p".into(), 0)]);
    assert_eq!(seen("<p title=\"\"><b x>"), [("p".into(), 1), ("b".into(), 1)]);
}
