/// For XML 1.0, between tags and within quotes: what would be markup becomes an entity, line breaks
/// and tabs references that a reader keeps within an attribute. Characters that XML 1.0 forbids, even
/// as references (section 2.2, production 2), become `�`.
///
/// ```
/// # use driftline_core::text::xml;
/// assert_eq!(xml("a<b> & \"c\"\u{1b}\n"), "a&lt;b&gt; &amp; &quot;c&quot;�&#10;");
/// ```
pub fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' => out.push_str("&#9;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            // A surrogate is no `char`. From 7f to 9f they are allowed, but terminals act on them.
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => out.push('�'),
            c => out.push(c),
        }
    }
    out
}
