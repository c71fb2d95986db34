//! The settings of all roles, `reconcile.yaml`, and a file that they are for.

use portal_reconciler::desired::{self, Files, ProjectFile};

use super::yaml::{today, told};

/// Any settings are either understood or something is said about them, and any environment of them
/// can be resolved.
pub(crate) fn settings(data: &[u8]) {
    let folder = scratch();
    let file = "default: true\ndefault_return_url: \"${site}/x\"\nfeatures: {}\n";
    std::fs::write(folder.path().join("viewer.yaml"), file).expect("it can be written");
    std::fs::write(folder.path().join("reconcile.yaml"), data).expect("it can be written");
    let files = Files::load(folder.path());
    let (project, bag) = ProjectFile::read(&files);
    told(&bag, &files.sources);
    for name in project.environments.keys() {
        let Ok(environment) = project.environment(name) else { continue };
        let (_, bag) = desired::resolve(&files, &project, &environment, today());
        told(&bag, &files.sources);
        let traced = desired::trace(&files, &project, &environment, today());
        assert_eq!(traced.is_err(), bag.has_errors());
    }
}

/// A folder in memory where there is one.
pub(crate) fn scratch() -> tempfile::TempDir {
    let memory = std::path::Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    folder.expect("there is room")
}
