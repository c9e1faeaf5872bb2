/// Where a repository is hosted, by the address of its remote `origin`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Host {
    Github,
    Gitlab,
    Other,
}

/// The remote `origin`, as far as its address tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) host: Host,
    /// The server's name, and whose repository it is there.
    server: String,
    owner: String,
}

impl Origin {
    /// Of an address that git takes: `https://github.com/o/r.git`, `git@gitlab.com:group/sub/r.git` or
    /// `ssh://git@host:22/o/r`; none of a path, or of what could not stand in a workflow as it is.
    pub(crate) fn of(address: &str) -> Option<Self> {
        let address = address.trim();
        let (server, path) = match address.split_once("://") {
            Some((scheme, rest)) if ["https", "http", "ssh", "git"].contains(&scheme) => {
                rest.split_once('/')?
            }
            Some(_) => return None,
            None => address.split_once(':').filter(|(server, _)| !server.contains('/'))?,
        };
        let server = server.rsplit('@').next()?;
        let server = server.split(':').next()?.to_ascii_lowercase();
        let path = path.trim_matches('/');
        let (owner, _) = path.strip_suffix(".git").unwrap_or(path).rsplit_once('/')?;
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        let is_plain = |part: &str| !part.is_empty() && part.chars().all(plain);
        if !is_plain(&server) || !owner.split('/').all(is_plain) {
            return None;
        }
        let host = match server.as_str() {
            "github.com" | "ssh.github.com" => Host::Github,
            name if name.split('.').any(|part| part == "gitlab") => Host::Gitlab,
            _ => Host::Other,
        };
        Some(Self { host, server, owner: owner.to_owned() })
    }

    /// Where driftline is if the same people have it: nobody else is known who could.
    pub(crate) fn driftline(&self) -> String {
        let server = if self.host == Host::Github { "github.com" } else { &self.server };
        format!("https://{server}/{}/driftline", self.owner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_tells_the_host_and_the_owner() {
        for (address, host, driftline) in [
            (
                "https://github.com/octo/app.git\n",
                Host::Github,
                "https://github.com/octo/driftline",
            ),
            ("git@github.com:octo/app", Host::Github, "https://github.com/octo/driftline"),
            (
                "https://user:secret@gitlab.com/g/sub/app.git",
                Host::Gitlab,
                "https://gitlab.com/g/sub/driftline",
            ),
            (
                "ssh://git@gitlab.example.org:22/g/app",
                Host::Gitlab,
                "https://gitlab.example.org/g/driftline",
            ),
            ("https://git.example.org/o/r/", Host::Other, "https://git.example.org/o/driftline"),
        ] {
            let origin = Origin::of(address).unwrap();
            assert_eq!((origin.host, origin.driftline().as_str()), (host, driftline), "{address}");
        }
        for no in [
            "",
            "/srv/app.git",
            "../app",
            "C:\\app",
            "file:///srv/app.git",
            "https://github.com/app",
            "https://github.com/o'/app",
            "https://github.com/$(x)/app",
            "git@host:app",
        ] {
            assert_eq!(Origin::of(no), None, "{no}");
        }
    }
}
