/// Looks up an environment variable. Given, so that tests need not change the process's own.
pub(crate) type Environment<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// The process's environment; a variable that is set to nothing counts as unset.
pub(crate) fn process_environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
